import { exp, log } from "@assay/compute";
import { logGamma } from "./beta.ts";
import { gammaCdf } from "./gamma.ts";
import { normalCdf } from "./normal.ts";

/** Beyond it the normal law of a power stands for the sum: their difference is below 1e-4 there. */
const furthest = 2000;

/**
 * The distribution function of χ² with `df` degrees of freedom and noncentrality `lambda` ≥ 0: a Poisson mixture of central ones
 * (DLMF 8.17 and N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 2, 1995, chapter 29); for large
 * noncentrality the normal law of a power by M. Sankaran, Biometrika 50 (1963) 199–204, doi:10.1093/biomet/50.1-2.199.
 */
export function noncentralChiSquaredCdf(x: number, df: number, lambda: number): number {
  if (!(x > 0)) return x <= 0 ? 0 : Number.NaN;
  if (lambda > furthest) return sankaran(x, df, lambda);
  const half = lambda / 2;
  const start = Math.floor(half);
  const shape = df / 2;
  /** Poisson's chance of j, and x^a e^−x / Γ(a + 1) at half of x: the step from one shape to the next. */
  const chance = (j: number): number => (half === 0 ? Number(j === 0) : exp(j * log(half) - half - logGamma(j + 1)));
  const step = (a: number): number => exp(a * log(x / 2) - x / 2 - logGamma(a + 1));
  const middle = gammaCdf(x / 2, shape + start);
  let sum = 0;
  let value = middle;
  for (let j = start; ; j++) {
    const weight = chance(j);
    sum += weight * value;
    value = Math.max(0, value - step(shape + j));
    if (j > half + 20 && weight < 1e-17) break;
    if (value === 0) break;
  }
  value = middle;
  for (let j = start - 1; j >= 0; j--) {
    value = Math.min(1, value + step(shape + j));
    const weight = chance(j);
    sum += weight * value;
    if (weight < 1e-17) break;
  }
  return Math.min(1, sum);
}

function sankaran(x: number, df: number, lambda: number): number {
  const [a, b, c] = [df + lambda, df + 2 * lambda, df + 3 * lambda];
  const h = 1 - (2 * a * c) / (3 * b * b);
  const p = b / (a * a);
  const m = (h - 1) * (1 - 3 * h);
  const top = (x / a) ** h - (1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p));
  return normalCdf(top / (h * Math.sqrt(2 * p) * (1 + 0.5 * m * p)));
}
