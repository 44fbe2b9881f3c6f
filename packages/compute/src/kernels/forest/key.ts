/** The key of every NaN: above those of all numbers. */
export const missingKey = 0x7fffffff;

/**
 * An int32 in the order of float32, so that devices compare integers: they treat subnormal numbers, infinities and NaN
 * alike then. −0 has the key −1, which nothing else has, 0 has 0: a threshold's key takes them for one.
 */
export function keyOf(value: number): number {
  if (Number.isNaN(value)) return missingKey;
  floats[0] = value;
  const bits = integers[0] ?? 0;
  return bits ^ ((bits >> 31) >>> 1);
}

/** The key that those of all float32 ≤ threshold do not exceed. */
export function keyUpTo(threshold: number): number {
  return threshold === 0 ? 0 : keyOf(threshold);
}

/** The key that those of all float32 < threshold do not exceed, and that of the threshold does. */
export function keyBelow(threshold: number): number {
  return threshold === 0 ? -2 : keyOf(threshold) - 1;
}

const floats = new Float32Array(1);
const integers = new Int32Array(floats.buffer);
