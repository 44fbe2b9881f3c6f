import { exp, log } from "@assay/compute";
import { logGamma } from "./beta.ts";

/**
 * Regularised lower incomplete gamma function P(a, x), a > 0: the distribution function of a gamma variable of shape a and
 * scale 1. Series below a + 1, continued fraction by the modified Lentz method above
 * (DLMF 8.7.1 and 8.9.2, https://dlmf.nist.gov/8.9).
 */
export function gammaCdf(x: number, a: number): number {
  if (!(x > 0)) return x <= 0 ? 0 : Number.NaN;
  return x < a + 1 ? Math.min(1, series(x, a)) : Math.max(0, 1 - fraction(x, a));
}

/** Q(a, x) = 1 − P(a, x), to its own last digits however small: the p value of χ² with 2a degrees of freedom at 2x. */
export function gammaTail(x: number, a: number): number {
  if (!(x > 0)) return x <= 0 ? 1 : Number.NaN;
  return x < a + 1 ? Math.max(0, 1 - series(x, a)) : Math.min(1, fraction(x, a));
}

function front(x: number, a: number): number {
  return exp(a * log(x) - x - logGamma(a));
}

function series(x: number, a: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < 100_000; k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return front(x, a) * sum;
}

function fraction(x: number, a: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < 100_000; k++) {
    const step = -k * (k - a);
    b += 2;
    d = step * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + step / c;
    if (Math.abs(c) < tiny) c = tiny;
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return front(x, a) * h;
}
