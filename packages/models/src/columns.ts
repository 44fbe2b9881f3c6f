import { AssayError } from "@assay/schema";

/** A text column of n rows: row i's text is `levels[codes[i]]`. */
export interface TextColumn {
  readonly levels: readonly string[];
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
}

/** Numbers of n rows; NaN is missing. */
export type NumberColumn = Float32Array | Float64Array;

export type Column = NumberColumn | TextColumn;

export function isText(column: Column): column is TextColumn {
  return !ArrayBuffer.isView(column);
}

export function rowsOf(column: Column): number {
  return isText(column) ? column.codes.length : column.length;
}

/** Rows [start, end), without copies. */
export function sliceColumn(column: Column, start: number, end: number): Column {
  return isText(column)
    ? { levels: column.levels, codes: column.codes.subarray(start, end) }
    : column.subarray(start, end);
}

/** A column that can only hold numbers where it stands. */
export function numbersOf(column: Column | undefined): NumberColumn {
  if (column === undefined || isText(column)) throw new AssayError("internal", "a text column where numbers belong");
  return column;
}
