import type { ColumnProfile } from "./table.ts";

/** Rows that a preview is of, about, where a file has more and its format lets some be read without the others. */
export const previewRows = 1 << 20;

/** What is shown of a file before a plan says what is needed of it. */
export interface Preview {
  /** Rows that the profiles are of: all, or some from all over the file. */
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** About what each column takes in memory once an audit reads it, in bytes. */
  readonly columnBytes: readonly number[];
}

/** @param rows in the whole file; `read` of them are in the profiles */
export function previewOf(columns: readonly ColumnProfile[], read: number, rows: number): Preview {
  return { rows: read, columns, columnBytes: columns.map((column) => bytesOf(column, read, rows)) };
}

/** Every column is held as the reader has it and as the audits have it. */
function bytesOf({ type, distinct }: ColumnProfile, read: number, rows: number): number {
  if (type === "integer" || type === "number") return 2 * 8 * rows;
  // Where most rows of a part have a text of their own, so have most of the whole.
  const levels = distinct === null || distinct * 2 > read ? rows : distinct;
  const width = levels <= 0xff ? 1 : levels <= 0xffff ? 2 : 4;
  return 2 * width * rows + textBytes * levels;
}

/** A text of a few characters with its place in a table of texts. */
const textBytes = 80;
