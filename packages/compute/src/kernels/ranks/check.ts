import { AssayError } from "@assay/schema";
import type { RanksInput } from "./index.ts";

/** Checks what can be seen without looking at every row. */
export function checkRanks({ scores, weights, strata, parts, counts }: RanksInput): void {
  const rows = scores.length;
  if (rows > 4294967295) {
    throw new AssayError("data-too-large", `ranks: ${rows} rows at once, at most 4294967295; use more shards`);
  }
  for (const [name, values] of [
    ["weights", weights],
    ["strata", strata.codes],
    ["parts", parts?.codes],
    ["counts", counts],
  ] as const) {
    if (values && values.length !== rows) {
      throw new AssayError("internal", `ranks: ${values.length} ${name} for ${rows} scores`);
    }
  }
  for (const [name, column] of [
    ["strata", strata],
    ["parts", parts],
  ] as const) {
    if (column && (!Number.isInteger(column.size) || column.size < 1 || column.size > 4294967295)) {
      throw new AssayError(
        "internal",
        `ranks: ${name}.size must be an integer from 1 to 4294967295, got ${column.size}`,
      );
    }
  }
}

/** The error of the first row that has a code or count out of range. */
export function faultOf({ strata, parts, counts }: RanksInput): AssayError {
  for (const [name, column] of [
    ["strata", strata],
    ["parts", parts],
  ] as const) {
    const row = column?.codes.findIndex((code) => code >= column.size) ?? -1;
    if (column && row !== -1) {
      return new AssayError(
        "data-invalid",
        `ranks: row ${row} of ${name} has the code ${column.codes[row]}; its codes end at ${column.size - 1}`,
      );
    }
  }
  const row = counts?.findIndex((count) => !Number.isSafeInteger(count) || count < 0) ?? -1;
  return new AssayError("data-invalid", `ranks: row ${row} has the count ${counts?.[row]}; counts are integers from 0`);
}
