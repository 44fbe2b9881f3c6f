import { AssayError } from "@assay/schema";
import { checkSeed } from "../random/philox.ts";

/** Replicates whose cells (u32) fill about a megabyte: what is on the device at once. */
export function chunkReplicates(cells: number): number {
  return Math.max(1, Math.floor(262144 / cells));
}

export function checkReplicates(
  where: string,
  input: { readonly replicates: number; readonly seed: number; readonly stream: number; readonly first?: number },
): void {
  const { replicates, seed, stream, first = 0 } = input;
  checkSeed(where, seed, stream);
  for (const [name, value] of [
    ["replicates", replicates],
    ["first", first],
  ] as const) {
    // Below 2^21 each, so that a replicate's counter, number · 2^32, is a safe integer.
    if (!Number.isInteger(value) || value < 0 || value >= 2097152) {
      throw new AssayError("usage", `${where}: ${name} must be an integer from 0 to 2097151, got ${value}`);
    }
  }
  if (first + replicates > 2097152) {
    throw new AssayError("usage", `${where}: replicates end at ${first + replicates}, at most 2097152`);
  }
}

/** Refuses what is no table of counts: parts of people, and more of them than 32 bits hold. */
export function checkCounts(where: string, counts: Float64Array): void {
  let total = 0;
  for (const [cell, count] of counts.entries()) {
    if (!Number.isInteger(count) || count < 0) {
      throw new AssayError("data-invalid", `${where}: cell ${cell} has the count ${count}; counts are integers from 0`);
    }
    total += count;
  }
  if (total >= 4294967296) {
    throw new AssayError("data-too-large", `${where}: the counts add up to ${total}, at most 4294967295`);
  }
}
