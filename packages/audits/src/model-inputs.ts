import { type CodedTable, coded, numbers } from "@assay/dataset";
import type { Column } from "@assay/models";
import { AssayError, nearestName } from "@assay/schema";
import type { ModelInput, ModelRole } from "./model-roles.ts";

/**
 * A model's inputs from a table's columns, in the model's order; `rows` are the rows to take, null for all.
 * @throws AssayError data-invalid for a text that its column's categories do not list
 */
export function inputColumns(role: ModelRole, table: CodedTable, rows: Uint32Array | null): readonly Column[] {
  return role.inputs.map((input) => {
    const column = columnOf(input, table);
    return rows === null ? column : gatherColumn(column, rows);
  });
}

/** Other rows of a column. */
export function gatherColumn(column: Column, rows: Uint32Array): Column {
  if (ArrayBuffer.isView(column)) {
    const values = column instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
    for (let row = 0; row < rows.length; row++) values[row] = column[rows[row] ?? 0] ?? Number.NaN;
    return values;
  }
  const codes = new Uint32Array(rows.length);
  for (let row = 0; row < rows.length; row++) codes[row] = column.codes[rows[row] ?? 0] ?? 0;
  return { levels: column.levels, codes };
}

function columnOf(input: ModelInput, table: CodedTable): Column {
  if (input.request.kind === "number") return numbers(table, input.request).values;
  const { codes, levels } = coded(table, input.request);
  // Code 0 is missing: an empty text, or no number.
  if (input.kind === "category") return { levels: ["", ...levels], codes };
  // Looked up where a row has the text: one that a filter left without rows needs no place.
  const places = new Map<number, number>([[0, Number.NaN]]);
  return Float64Array.from(codes, (code) => {
    const known = places.get(code);
    if (known !== undefined) return known;
    const place = placeOf(levels[code - 1] ?? "", input);
    places.set(code, place);
    return place;
  });
}

function placeOf(level: string, { column, categories }: ModelInput): number {
  const place = categories?.indexOf(level) ?? -1;
  if (place !== -1) return place;
  const near = nearestName(level, categories ?? []);
  throw new AssayError(
    "data-invalid",
    `column "${column}" holds "${level}", which model.categories.${column} does not list${near ? `; is it "${near}"?` : ""}`,
  );
}
