import { AssayError } from "@assay/schema";
import type { TallyInput } from "./index.ts";

/** The largest table: 8 million cells. */
export const maximumCells = 8388608;

/** Checks what can be seen without looking at every row; returns the number of cells. */
export function checkTally({ columns, rows, counts, weights }: TallyInput): number {
  if (!Number.isInteger(rows) || rows < 0) {
    throw new AssayError("internal", `tally: rows must be an integer from 0, got ${rows}`);
  }
  if (rows > 4294967295) {
    throw new AssayError("data-too-large", `tally: ${rows} rows at once, at most 4294967295; use more shards`);
  }
  for (const [index, { codes, size }] of columns.entries()) {
    if (codes.length !== rows) {
      throw new AssayError("internal", `tally: columns[${index}] has ${codes.length} codes for ${rows} rows`);
    }
    if (!Number.isInteger(size) || size < 1) {
      throw new AssayError("internal", `tally: columns[${index}].size must be an integer from 1, got ${size}`);
    }
  }
  for (const [name, values] of [
    ["counts", counts],
    ["weights", weights],
  ] as const) {
    if (values && values.length !== rows) {
      throw new AssayError("internal", `tally: ${values.length} ${name} for ${rows} rows`);
    }
  }
  const cells = columns.reduce((product, column) => product * column.size, 1);
  if (cells > maximumCells) {
    throw new AssayError(
      "data-too-large",
      `tally: ${columns.map((column) => column.size).join(" × ")} = ${cells} cells, at most ${maximumCells}; ` +
        "cross fewer columns, or put values into bands",
    );
  }
  return cells;
}
