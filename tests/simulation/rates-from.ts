/** Rates of k groups, evenly from the one to the other. */
export function ratesFrom(k: number, low: number, high: number): number[] {
  return Array.from({ length: k }, (_, group) => low + ((high - low) * group) / (k - 1));
}
