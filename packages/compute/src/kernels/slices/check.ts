import { AssayError } from "@assay/schema";
import { mostColumns, outcomeCount, type SlicesInput } from "./index.ts";

/** The most counters that one call keeps: 134 MB of them, twice that where rows stand for many. */
export const mostCounters = 33_554_432;
/** The most levels of a column. */
export const mostLevels = 255;

/** Checks what can be seen without looking at every row; returns each set's number of counters. */
export function checkSlices({ columns, outcomes, rows, times, sets }: SlicesInput): number[] {
  const wrong = (what: string): never => {
    throw new AssayError("internal", `slices: ${what}`);
  };
  if (!Number.isInteger(rows) || rows < 0) wrong(`rows must be an integer from 0, got ${rows}`);
  if (rows > 4_294_967_295) {
    throw new AssayError("data-too-large", `slices: ${rows} rows at once, at most 4294967295; use more shards`);
  }
  if (outcomes.length !== rows) wrong(`${outcomes.length} outcomes for ${rows} rows`);
  if (times && times.length !== rows) wrong(`${times.length} times for ${rows} rows`);
  for (const [index, { codes, size }] of columns.entries()) {
    if (codes.length !== rows) wrong(`columns[${index}] has ${codes.length} codes for ${rows} rows`);
    if (!Number.isInteger(size) || size < 1 || size > mostLevels) {
      wrong(`columns[${index}].size must be an integer from 1 to ${mostLevels}, got ${size}`);
    }
  }
  const counters = sets.map((set, index) => {
    if (set.length < 1 || set.length > mostColumns) {
      wrong(`sets[${index}] crosses ${set.length} columns; from 1 to ${mostColumns} are crossed`);
    }
    return set.reduce((product, column) => {
      const found = columns[column];
      return found ? product * found.size : wrong(`sets[${index}] names column ${column} of ${columns.length}`);
    }, outcomeCount);
  });
  const all = counters.reduce((sum, count) => sum + count, 0);
  if (all > mostCounters) {
    throw new AssayError(
      "data-too-large",
      `slices: ${sets.length} sets of columns have ${all / outcomeCount} combinations, at most ${mostCounters / outcomeCount} are counted at once; ` +
        "cross fewer columns, or columns of fewer levels",
    );
  }
  return counters;
}
