import { AssayError } from "@assay/schema";
import { type Column, isText, type NumberColumn, numbersOf, rowsOf } from "../columns.ts";

/**
 * How texts become numbers. `codes`: one column, the place of the text among the column's texts in the order of their
 * UTF-16 units, as scikit-learn's OrdinalEncoder has them; a text not seen in training is missing. `one-hot`: a column for
 * each text, 1 where it is it; all 0 for a text not seen in training.
 */
export type TextEncoding = "codes" | "one-hot";

/** An input of a trained model and the features it becomes. */
export type InputEncoding =
  | { readonly name: string; readonly kind: "number" }
  | { readonly name: string; readonly kind: TextEncoding; readonly levels: readonly string[] };

/** Names of the features: an input's own name, or `town=Bern` for one text of it. */
export function featureNames(encodings: readonly InputEncoding[]): string[] {
  return encodings.flatMap((one) =>
    one.kind === "one-hot" ? one.levels.map((level) => `${one.name}=${level}`) : [one.name],
  );
}

/**
 * How a table's columns are encoded.
 * @throws AssayError data-invalid for a text column where no encoding of texts is given
 */
export function encodingsOf(
  names: readonly string[],
  columns: readonly Column[],
  texts: TextEncoding | undefined,
): InputEncoding[] {
  return columns.map((column, index) => {
    const name = names[index] ?? "";
    if (!isText(column)) return { name, kind: "number" };
    if (texts === undefined) {
      throw new AssayError(
        "data-invalid",
        `training: column ${name} holds texts; say whether texts become "codes" or "one-hot" columns`,
      );
    }
    const seen = new Uint8Array(column.levels.length);
    for (const code of column.codes) seen[code] = 1;
    const levels = column.levels.filter((_, code) => seen[code] === 1).sort();
    return { name, kind: texts, levels };
  });
}

/**
 * The features of columns.
 * @throws AssayError data-invalid where columns do not fit the encodings
 */
export function encodeColumns(encodings: readonly InputEncoding[], columns: readonly Column[]): NumberColumn[] {
  const fail = (message: string) => new AssayError("data-invalid", `the trained model: ${message}`);
  if (columns.length !== encodings.length) throw fail(`takes ${encodings.length} columns, ${columns.length} are given`);
  const rows = columns[0] ? rowsOf(columns[0]) : 0;
  return encodings.flatMap((encoding, index) => {
    const column = columns[index];
    if (!column || rowsOf(column) !== rows)
      throw fail(`input ${encoding.name} has other rows than ${encodings[0]?.name}`);
    if (isText(column) !== (encoding.kind !== "number")) {
      throw fail(`input ${encoding.name} takes ${isText(column) ? "numbers" : "texts"}, it is given the other`);
    }
    if (encoding.kind === "number") return [numbersOf(column)];
    if (!isText(column)) return [];
    const placeOf = new Map(encoding.levels.map((level, place) => [level, place]));
    const places = Float64Array.from(column.levels, (level) => placeOf.get(level) ?? Number.NaN);
    const coded = Float64Array.from(column.codes, (code) => places[code] ?? Number.NaN);
    if (encoding.kind === "codes") return [coded];
    return encoding.levels.map((_, place) => coded.map((code) => Number(code === place)));
  });
}
