/** Running sums modulo 2^32, and the sum of all behind the last. */
export function scanReference(values: Uint32Array): Uint32Array {
  const sums = new Uint32Array(values.length + 1);
  for (const [index, value] of values.entries()) sums[index + 1] = (sums[index] ?? 0) + value;
  return sums;
}
