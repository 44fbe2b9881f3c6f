/** Exact coverage by enumeration: every outcome with its binomial probability. No simulation, no error but rounding. */

import { logGamma } from "../../packages/audits/src/statistics/index.ts";

/** Binomial probabilities of k in [first, last], cut 8 standard deviations out. */
export interface Outcomes {
  readonly first: number;
  readonly chances: Float64Array;
}

export function binomialOutcomes(n: number, p: number): Outcomes {
  const spread = Math.sqrt(n * p * (1 - p));
  const first = Math.max(0, Math.floor(n * p - 8 * spread - 8));
  const last = Math.min(n, Math.ceil(n * p + 8 * spread + 8));
  const chances = new Float64Array(last - first + 1);
  const ends = logGamma(n + 1);
  for (let k = first; k <= last; k++) {
    chances[k - first] = Math.exp(
      ends - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p),
    );
  }
  return { first, chances };
}

/** Chance that `holds(k)` for k of n at rate p. */
export function exactChance(n: number, p: number, holds: (k: number) => boolean): number {
  const { first, chances } = binomialOutcomes(n, p);
  let sum = 0;
  for (const [offset, chance] of chances.entries()) if (holds(first + offset)) sum += chance;
  return sum;
}

/** Chance that `holds(j, k)` for two independent counts. */
export function exactChanceOfTwo(a: Outcomes, b: Outcomes, holds: (j: number, k: number) => boolean): number {
  let sum = 0;
  for (const [i, left] of a.chances.entries()) {
    if (left < 1e-12) continue;
    let part = 0;
    for (const [j, right] of b.chances.entries()) if (holds(a.first + i, b.first + j)) part += right;
    sum += left * part;
  }
  return sum;
}
