import { criticalValue, type Interval } from "../../statistics/index.ts";

/**
 * Koopman's asymptotic score interval of the ratio (x / n) / (y / m) of two independent rates: every ratio φ that the
 * score test of p₁ = φ·p₂ does not reject. `low` is 0 where x is 0, `high` is Infinity where y is 0.
 * P. A. R. Koopman, Biometrics 40 (1984) 513–517, doi:10.2307/2531405; recommended for small and middle samples by
 * M. W. Fagerland, S. Lydersen, P. Laake, Statistical Methods in Medical Research 24 (2015) 224–254,
 * doi:10.1177/0962280211415469.
 *
 * @param x successes of n ≥ 1 in the numerator; @param y successes of m ≥ 1 in the denominator
 */
export function koopman(x: number, n: number, y: number, m: number, confidence: number): Interval {
  const limit = criticalValue(confidence) ** 2;
  const estimate = x / n / (y / m);
  /** Squared score statistic at φ; rates constrained to p₁ = φ·p₂ by maximum likelihood. */
  const statistic = (ratio: number): number => {
    const b = ratio * (n + y) + x + m;
    const root = Math.sqrt(Math.max(0, b * b - 4 * ratio * (n + m) * (x + y)));
    const p1 = (2 * ratio * (x + y)) / (b + root);
    const p2 = p1 / ratio;
    const variance = (p1 * (1 - p1)) / n + (ratio * ratio * p2 * (1 - p2)) / m;
    const distance = x / n - (ratio * y) / m;
    if (distance === 0) return 0;
    return variance > 0 ? (distance * distance) / variance : Number.POSITIVE_INFINITY;
  };
  // The statistic grows away from the estimate on either side: bisection on log φ until the ends are one number.
  const end = (inside: number, outside: number): number => {
    let [kept, refused] = [Math.log(inside), Math.log(outside)];
    for (let step = 0; step < 200; step++) {
      const middle = (kept + refused) / 2;
      if (middle === kept || middle === refused) break;
      if (statistic(Math.exp(middle)) <= limit) kept = middle;
      else refused = middle;
    }
    return Math.exp(kept);
  };
  const [tiny, huge] = [1e-15, 1e15];
  return {
    low: x === 0 ? 0 : Math.min(estimate, end(y === 0 ? huge : estimate, tiny)),
    high: y === 0 ? Number.POSITIVE_INFINITY : Math.max(estimate, end(x === 0 ? tiny : estimate, huge)),
  };
}
