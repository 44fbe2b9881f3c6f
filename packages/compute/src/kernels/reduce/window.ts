import type { ReduceInput } from "./index.ts";

/** The exponents (as in a double's bits, subnormal numbers with 1) from `low` on, `width` of them. */
export interface ExponentWindow {
  readonly low: number;
  readonly width: number;
}

export const allExponents: ExponentWindow = { low: 1, width: 2046 };

/** The exponents that occur: fewer bins where there are many cells. */
export function exponentsOf(values: ReduceInput["values"]): ExponentWindow {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  const double = values instanceof Float64Array;
  const step = double ? 2 : 1;
  const [shift, mask] = double ? [20, 0x7ff] : [23, 0xff];
  let low = mask;
  let high = 0;
  for (let at = step - 1; at < bits.length; at += step) {
    const exponent = ((bits[at] ?? 0) >>> shift) & mask;
    if (exponent === mask) continue;
    if (exponent < low) low = exponent;
    if (exponent > high) high = exponent;
  }
  if (low > high) return { low: 1, width: 1 };
  if (double) return { low: Math.max(low, 1), width: Math.max(high, 1) - Math.max(low, 1) + 1 };
  // A subnormal float32 is a double down to 2^-149; 0 has no bits at all, and the exponent 1.
  if (low === 0) return { low: 1, width: Math.max(high, 1) + 896 };
  return { low: low + 896, width: high - low + 1 };
}
