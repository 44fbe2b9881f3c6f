import { type NumberColumn, numbersOf, type TextColumn } from "../../columns.ts";
import { affineOf } from "../../program/links.ts";
import { type Batch, type Element, isFloating, mapColumns, NotCompiled, type Operator } from "../operand.ts";
import { elementType } from "../proto/model-proto.ts";

/** Between kinds of numbers, from a float to an integer towards 0; and from integers to texts. */
export const castOperator: Operator = {
  domain: "",
  name: "Cast",
  compile: (node, [input], build) => {
    const to = elementType(node.int("to") ?? 0);
    if (input?.kind !== "batch")
      throw new NotCompiled(`${node.place} takes something that is not computed from the inputs`);
    const { element: from, sideways } = input;
    if (from === to) return [input];
    if (to === "string" && (from === "int64" || from === "int32")) {
      const texts = build.batch("string", input.dims);
      build.push({
        kind: "host",
        inputs: input.columns,
        outputs: texts.columns,
        dependsOn: (output) => [output],
        run: (columns) => columns.map((column) => asTexts(numbersOf(column))),
      });
      return [{ ...texts, sideways }];
    }
    if (from === "string" || to === "string" || !isElement(to))
      throw new NotCompiled(`${node.place} makes ${to} of ${from}`);
    const whole = to === "int64" || to === "int32";
    const cast: Batch = mapColumns(
      build,
      input,
      to,
      (column, into) => {
        for (let row = 0; row < column.length; row++) {
          const value = column[row] ?? 0;
          into[row] = to === "bool" ? Number(value !== 0) : whole ? Math.trunc(value) : value;
        }
      },
      isFloating(from) && isFloating(to) ? { link: (index) => affineOf(index, 1, 0) } : {},
    );
    return [{ ...cast, sideways }];
  },
};

function asTexts(numbers: NumberColumn): TextColumn {
  const places = new Map<number, number>();
  const codes = Uint32Array.from(numbers, (value) => {
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  });
  return { levels: Array.from(places.keys(), String), codes };
}

function isElement(type: string | null): type is Element {
  return type === "bool" || type === "double" || type === "float" || type === "int32" || type === "int64";
}
