import { type Column, isText } from "../columns.ts";
import type { EndpointSettings } from "./settings.ts";

/** Rows [start, end) as JSON values: a missing number is null, as JSON has no NaN. */
export function rowsAsJson(
  settings: EndpointSettings,
  columns: readonly Column[],
  start: number,
  end: number,
): unknown {
  const rows: unknown[] = [];
  for (let row = start; row < end; row++) {
    const values = columns.map((column) => cellOf(column, row));
    rows.push(
      settings.request.as === "arrays"
        ? values
        : Object.fromEntries(values.map((value, index) => [settings.inputs[index]?.name ?? "", value])),
    );
  }
  return rows;
}

function cellOf(column: Column, row: number): number | string | null {
  if (isText(column)) return column.levels[column.codes[row] ?? 0] ?? "";
  const value = column[row] ?? Number.NaN;
  return Number.isFinite(value) ? value : null;
}
