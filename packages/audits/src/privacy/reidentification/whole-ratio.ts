/**
 * a / b of whole numbers, rounded once: the double nearest to the true ratio, so that 3 of 10 is 0.3 and no bound fails on
 * rounding. 0 ≤ a, 0 < b.
 */
export function wholeRatio(a: bigint, b: bigint): number {
  if (a === 0n) return 0;
  // 66 bits of quotient at least, the last one telling of a remainder, so that a tie is never rounded as one falsely.
  const shift = Math.max(0, 66 + bitsOf(b) - bitsOf(a));
  const scaled = a << BigInt(shift);
  const quotient = scaled / b;
  return Number(scaled % b === 0n ? quotient : quotient | 1n) / 2 ** shift;
}

function bitsOf(value: bigint): number {
  return value.toString(2).length;
}
