import { normalCdf } from "./normal.ts";

/** Steps of the integral at most; more groups take fewer. */
const mostSteps = 1024;
const fewSteps = 128;

/** Beyond as many standard errors a tail, below 1e-17, is lost beside 1 in what is summed: its exponential need not be taken. */
const farErrors = 8.5;

/** Expected max − min of independent normals with these means and standard errors, by one-dimensional integration. */
export function expectedRange(means: readonly number[], errors: readonly number[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, mean] of means.entries()) {
    const error = errors[index] ?? 0;
    low = Math.min(low, mean - 8 * error);
    high = Math.max(high, mean + 8 * error);
    if (error > 0) least = Math.min(least, error);
  }
  if (!(high > low)) return 0;
  // E max − E min = ∫ 1 − Π Φ − Π (1 − Φ) dx. The midpoint rule is exact to 1e-8 at steps as wide as the least error.
  const most = means.length > 1000 ? fewSteps : mostSteps;
  const steps = Math.max(64, Math.min(most, Math.ceil((high - low) / least)));
  const width = (high - low) / steps;
  let sum = 0;
  for (let index = 0; index < steps; index++) {
    const x = low + (index + 0.5) * width;
    let below = 1;
    let above = 1;
    for (const [group, mean] of means.entries()) {
      const error = errors[group] ?? 0;
      const off = x - mean;
      const p = Math.abs(off) < farErrors * error ? normalCdf(off / error) : off >= 0 ? 1 : 0;
      below *= p;
      above *= 1 - p;
    }
    sum += 1 - below - above;
  }
  return sum * width;
}

/** max − min of finite numbers. */
export function rangeOf(values: readonly number[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

/**
 * max − min with its upward bias taken off, never below 0. Groups that are all equal still show a gap by chance: the part
 * expected from chance is worked out at the groups' values shrunken toward their mean (empirical Bayes, with the spread of
 * R. DerSimonian and N. Laird, Controlled Clinical Trials 7 (1986) 177–188, doi:10.1016/0197-2456(86)90046-2), and
 * subtracted.
 */
export function correctedRange(values: readonly number[], errors: readonly number[]): number {
  const plain = rangeOf(values);
  let weight = 0;
  let weightSquares = 0;
  let weighted = 0;
  for (const [index, value] of values.entries()) {
    const w = 1 / (errors[index] ?? 1) ** 2;
    weight += w;
    weightSquares += w * w;
    weighted += w * value;
  }
  const mean = weighted / weight;
  let q = 0;
  for (const [index, value] of values.entries()) q += (value - mean) ** 2 / (errors[index] ?? 1) ** 2;
  const spread = Math.max(0, (q - (values.length - 1)) / (weight - weightSquares / weight));
  if (!Number.isFinite(spread)) return plain;
  const shrunken = values.map((value, index) => {
    const variance = (errors[index] ?? 1) ** 2;
    return mean + (spread / (spread + variance)) * (value - mean);
  });
  const chance = expectedRange(shrunken, errors) - rangeOf(shrunken);
  return Math.max(0, plain - Math.max(0, chance));
}
