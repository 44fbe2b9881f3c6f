/** Probabilities of the outcomes from `start` on; what lies outside is below 1e-20 of the mode. */
export interface Mass {
  readonly start: number;
  readonly probabilities: readonly number[];
}

/**
 * A unimodal distribution by its own recurrence, p(k + 1) = p(k) · up(k), outward from the mode: no factorials, so it
 * stands apart from what it checks.
 */
export function massFrom(mode: number, lowest: number, highest: number, up: (k: number) => number): Mass {
  const right: number[] = [];
  for (let k = mode, p = 1; p > 1e-20 && k <= highest; k++) {
    right.push(p);
    p *= up(k);
  }
  const left: number[] = [];
  for (let k = mode - 1, p = 1; k >= lowest; k--) {
    p /= up(k);
    if (p < 1e-20) break;
    left.push(p);
  }
  const all = [...left.reverse(), ...right];
  const total = all.reduce((sum, p) => sum + p, 0);
  return { start: mode - left.length, probabilities: all.map((p) => p / total) };
}

/** Pearson's chi-square over bins of at least 1/300 of the mass each (the last takes the rest). */
export function discrepancy(draws: readonly number[], { start, probabilities }: Mass) {
  const counts = new Map<number, number>();
  for (const draw of draws) counts.set(draw, (counts.get(draw) ?? 0) + 1);
  let chi = 0;
  let degrees = -1;
  let expected = 0;
  let seen = 0;
  let counted = 0;
  let left = 1;
  for (const [index, probability] of probabilities.entries()) {
    expected += probability;
    left -= probability;
    const here = counts.get(start + index) ?? 0;
    seen += here;
    counted += here;
    const last = index === probabilities.length - 1;
    if (!last && (expected < 1 / 300 || left < 1 / 300)) continue;
    chi += (seen - draws.length * expected) ** 2 / (draws.length * expected);
    degrees++;
    expected = 0;
    seen = 0;
  }
  // A draw outside of all that is possible.
  if (counted !== draws.length) chi = Number.POSITIVE_INFINITY;
  return { chi, degrees };
}

/** The 1 − 3e-5 quantile of chi-square, by Wilson and Hilferty (1931). */
export function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees === 0 ? 1e-9 : degrees * (1 - spread + 4 * Math.sqrt(spread)) ** 3;
}
