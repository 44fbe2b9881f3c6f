const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);

/** Digits of 16 bits that a number has as an ordered key. */
export const keyDigits = 4;

/**
 * The first `digits` (1 to 3) 16-bit digits of a number's ordered key, as an integer: keys of all numbers but NaN rise as
 * the numbers do. The key is the IEEE 754 pattern with the sign turned (all bits turned where it is negative). −0 has the
 * key of 0. Little-endian hosts, as everywhere.
 */
export function keyPrefix(number: number, digits: number): number {
  value[0] = number + 0;
  const low = words[0] ?? 0;
  const high = words[1] ?? 0;
  const isNegative = high >>> 31 === 1;
  const upper = (isNegative ? ~high : high ^ 0x80000000) >>> 0;
  if (digits === 1) return upper >>> 16;
  if (digits === 2) return upper;
  const lower = (isNegative ? ~low : low) >>> 0;
  return upper * 65_536 + (lower >>> 16);
}
