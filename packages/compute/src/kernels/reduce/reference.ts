import { addExact, exactFromInteger, exactFromNumber, exactParts } from "../../exact-sum.ts";
import type { ReduceInput } from "./index.ts";
import { type Moments, noMoments } from "./moments.ts";

/** What the kernel means: one row after the other, sums as integers of unlimited size. */
export function reduceReference({ values, groups }: ReduceInput): Moments[] {
  const result: Moments[] = new Array(groups?.size ?? 1).fill(noMoments);
  for (const [row, value] of values.entries()) {
    const cell = groups?.codes[row] ?? 0;
    const before = result[cell] ?? noMoments;
    if (Number.isNaN(value)) {
      result[cell] = { ...before, missing: before.missing + 1 };
      continue;
    }
    const sum = exactFromNumber(value);
    const { integer, exponent } = exactParts(sum);
    result[cell] = {
      count: before.count + 1,
      missing: before.missing,
      sum: addExact(before.sum, sum),
      squares: addExact(before.squares, exactFromInteger(integer * integer, 2 * exponent)),
      min: Math.min(before.min ?? value, value) + 0,
      max: Math.max(before.max ?? value, value) + 0,
    };
  }
  return result;
}
