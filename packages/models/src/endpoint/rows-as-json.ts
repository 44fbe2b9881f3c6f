import type { Endpoint, EndpointInput } from "@assay/schema";
import { type Column, isText } from "../columns.ts";

/** Rows [start, end) as JSON values: a missing number or text is null, as JSON has no NaN. */
export function rowsAsJson(
  as: Endpoint["request"]["as"],
  inputs: readonly EndpointInput[],
  columns: readonly Column[],
  start: number,
  end: number,
): unknown {
  const rows: unknown[] = [];
  for (let row = start; row < end; row++) {
    const values = columns.map((column) => cellOf(column, row));
    rows.push(
      as === "arrays" ? values : Object.fromEntries(values.map((value, index) => [inputs[index]?.name ?? "", value])),
    );
  }
  return rows;
}

function cellOf(column: Column, row: number): number | string | null {
  if (isText(column)) return column.levels[column.codes[row] ?? 0] || null;
  const value = column[row] ?? Number.NaN;
  return Number.isFinite(value) ? value : null;
}
