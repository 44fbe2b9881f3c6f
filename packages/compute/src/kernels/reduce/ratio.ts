import { exactFromInteger, exactToNumber } from "../../exact-sum.ts";

/** The double nearest to numerator / denominator · 2^exponent, ties to even; the denominator is above 0. */
export function ratioToNumber(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator === 0n) return 0;
  const magnitude = numerator < 0n ? -numerator : numerator;
  // So many bits more in the quotient that rounding it, with one bit for all that follow, is rounding the ratio.
  const shift = Math.max(0, 66 + bitLength(denominator) - bitLength(magnitude));
  const scaled = magnitude << BigInt(shift);
  const quotient = scaled / denominator;
  const sticky = quotient * denominator === scaled ? 0n : 1n;
  const signed = (quotient << 1n) | sticky;
  return exactToNumber(exactFromInteger(numerator < 0n ? -signed : signed, exponent - shift - 1));
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}
