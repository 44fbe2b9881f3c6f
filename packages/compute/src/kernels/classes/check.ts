import { AssayError } from "@assay/schema";
import type { ClassesInput } from "./index.ts";

/** Where a column's code goes: into word `word` of a row's key, as the lowest digit so far; `begins` the word or not. */
export interface KeyPlace {
  readonly word: number;
  readonly begins: boolean;
}

/** Checks what can be seen without looking at every row; lays the columns out in as few 32-bit words as a greedy walk finds. */
export function layKeys({ columns, rows, counts }: ClassesInput): { places: readonly KeyPlace[]; words: number } {
  if (!Number.isInteger(rows) || rows < 0) {
    throw new AssayError("internal", `classes: rows must be an integer from 0, got ${rows}`);
  }
  if (rows > 4294967294) {
    throw new AssayError("data-too-large", `classes: ${rows} rows at once, at most 4294967294; use more shards`);
  }
  if (counts && counts.length !== rows) {
    throw new AssayError("internal", `classes: ${counts.length} counts for ${rows} rows`);
  }
  const places: KeyPlace[] = [];
  let word = -1;
  let product = Number.POSITIVE_INFINITY;
  for (const [index, { codes, size }] of columns.entries()) {
    if (codes.length !== rows) {
      throw new AssayError("internal", `classes: columns[${index}] has ${codes.length} codes for ${rows} rows`);
    }
    if (!Number.isInteger(size) || size < 1) {
      throw new AssayError("internal", `classes: columns[${index}].size must be an integer from 1, got ${size}`);
    }
    if (size > 4294967295) {
      throw new AssayError("data-too-large", `classes: columns[${index}] has ${size} codes, at most 4294967295`);
    }
    const begins = product * size > 4294967296;
    if (begins) word++;
    product = begins ? size : product * size;
    places.push({ word, begins });
  }
  return { places, words: Math.max(1, word + 1) };
}

/** The error of a status that is not 0. */
export function faultOf(status: number, { columns, counts }: ClassesInput): AssayError {
  if (status < firstFault) {
    const row = counts?.findIndex((count) => !Number.isSafeInteger(count) || count < 0) ?? -1;
    return new AssayError(
      "data-invalid",
      `classes: row ${row} has the count ${counts?.[row]}; counts are integers from 0`,
    );
  }
  const column = status - firstFault;
  const { codes, size } = columns[column] ?? { codes: new Uint32Array(0), size: 0 };
  const row = codes.findIndex((one) => one >= size);
  return new AssayError(
    "data-invalid",
    `classes: row ${row} of columns[${column}] has the code ${codes[row]}; its codes end at ${size - 1}`,
  );
}

/** What the status becomes where a code of columns[i] is out of range: this + i. */
export const firstFault = 16;
