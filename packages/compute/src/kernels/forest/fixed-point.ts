import { AssayError } from "@assay/schema";
import type { Forest } from "../../forest.ts";

/**
 * Leaf values as 64-bit integers: value · 2^exponent, rounded. Integers add up to the same sum in any order, so that
 * every device, chunk and thread gives the same bits.
 */
export interface FixedPoint {
  /** One for each output: no sum of leaves reaches 2^63. */
  readonly exponents: Int32Array;
}

/** Bits of the largest sum that the leaves allow. */
const sumBits = 62;

/**
 * For each output the exponent at which the largest sum that the leaves allow is between 2^61 and 2^62.
 * @throws AssayError model-invalid where that sum is beyond the doubles
 */
export function fixedPointOf(forest: Forest, leavesOfTrees: Iterable<Iterable<number>>): FixedPoint {
  const bounds = sumBounds(forest, leavesOfTrees);
  return {
    exponents: Int32Array.from(bounds, (bound, output) => {
      if (bound === Number.POSITIVE_INFINITY) {
        throw new AssayError("model-invalid", `forest: sums of output ${output} can pass the largest double`);
      }
      if (bound === 0) return 0;
      let above = Math.floor(Math.log2(bound)) - 1;
      while (above < 1024 && 2 ** above < bound) above++;
      return Math.min(sumBits - above, 1074);
    }),
  };
}

/** For each output the largest |base + sum of leaves| that the leaves allow. */
export function sumBounds(forest: Forest, leavesOfTrees: Iterable<Iterable<number>>): Float64Array {
  const { outputs, base, left, right, leafOutput, leafValue } = forest;
  const bounds = base.map(Math.abs);
  const largest = new Float64Array(outputs);
  const ofLeaf = new Float64Array(outputs);
  for (const leaves of leavesOfTrees) {
    const touched = new Set<number>();
    for (const leaf of leaves) {
      const [first, end] = [left[leaf] ?? 0, right[leaf] ?? 0];
      for (let entry = first; entry < end; entry++) {
        const output = leafOutput[entry] ?? 0;
        ofLeaf[output] = (ofLeaf[output] ?? 0) + Math.abs(leafValue[entry] ?? 0);
      }
      for (let entry = first; entry < end; entry++) {
        const output = leafOutput[entry] ?? 0;
        largest[output] = Math.max(largest[output] ?? 0, ofLeaf[output] ?? 0);
        ofLeaf[output] = 0;
        touched.add(output);
      }
    }
    for (const output of touched) {
      bounds[output] = (bounds[output] ?? 0) + (largest[output] ?? 0);
      largest[output] = 0;
    }
  }
  return bounds;
}

/** Adds value · 2^exponent, rounded, to the 64-bit integer in words[at] (low) and words[at + 1] (high). */
export function addFixed(words: Uint32Array, at: number, value: number, exponent: number): void {
  // In two steps, as 2^exponent alone can be beyond the doubles; no bit is lost.
  const half = exponent >> 1;
  const scaled = value * 2 ** half * 2 ** (exponent - half);
  const integer = Math.abs(scaled) < 2 ** 52 ? Math.round(scaled) : scaled;
  const high = Math.floor(integer / 2 ** 32);
  const low = (words[at] ?? 0) + (integer - high * 2 ** 32);
  const carry = low >= 2 ** 32 ? 1 : 0;
  words[at] = low - carry * 2 ** 32;
  words[at + 1] = (words[at + 1] ?? 0) + high + carry;
}

/** The double nearest to a 64-bit integer, times a power of two. @param low,high int32 */
export function fromFixed(low: number, high: number, unit: number): number {
  return (high * 2 ** 32 + (low >>> 0)) * unit;
}
