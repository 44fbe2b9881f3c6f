import { exp, log, log1p } from "../numbers/elementary.ts";
import { logFactorialStep } from "../numbers/log-factorial.ts";
import type { PhiloxStream } from "./philox-stream.ts";

/**
 * One draw of Binomial(n, a / t), n, a and t integers, 0 ≤ a ≤ t, t > 0. The success probability comes as a fraction
 * so that its complement loses nothing. Mirrored by binomial.as.ts, bit for bit.
 *
 * Mean (of the rarer outcome) below 10: inversion. Else Hörmann's transformed rejection, BTRS, with the squeeze of
 * Kachitvichyanukul & Schmeiser's BTPE before the exact test.
 * @see Hörmann: The generation of binomial random variates. J. Stat. Comput. Simul. 46 (1993). doi:10.1080/00949659308811496
 * @see Kachitvichyanukul, Schmeiser: Binomial random variate generation. CACM 31 (1988). doi:10.1145/42372.42381
 */
export function binomial(random: PhiloxStream, n: number, a: number, t: number): number {
  if (n === 0 || a === 0) return 0;
  if (a === t) return n;
  const flip = a + a > t;
  const p = (flip ? t - a : a) / t;
  const k = n * p < 10 ? invert(random, n, p) : reject(random, n, p);
  return flip ? n - k : k;
}

function invert(random: PhiloxStream, n: number, p: number): number {
  const odds = p / (1 - p);
  const first = exp(n * log1p(-p));
  // Beyond 110 lies less than 1e-60 of the mass: getting there means that rounding ate the last bits of u.
  const limit = Math.min(n, 110);
  for (;;) {
    let u = random.uniform();
    let f = first;
    let k = 0;
    while (u >= f && k <= limit) {
      u -= f;
      k += 1;
      f *= ((n - k + 1) / k) * odds;
    }
    if (k <= limit) return k;
  }
}

function reject(random: PhiloxStream, n: number, p: number): number {
  const { variance, deviation, a, b, c, inner } = binomialHat(n, p);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + c);
    if (edge >= 0.07 && v <= inner) return k;
    if (!(k >= 0 && k <= n)) continue;
    const height = log((v * (2.83 + 5.1 / b) * deviation) / (a / (edge * edge) + b));
    const mode = Math.floor((n + 1) * p);
    const e = Math.abs(k - mode);
    if (e > 20 && e < variance * 0.5 - 1) {
      const { bell, slack } = binomialSqueeze(e, variance);
      if (height < bell - slack) return k;
      if (height > bell + slack) continue;
    }
    if (height <= binomialLogRatio(n, p, k)) return k;
  }
}

/** The transformed-rejection hat of Binomial(n, p), n p ≥ 10, p ≤ ½. */
export function binomialHat(n: number, p: number) {
  const variance = n * p * (1 - p);
  const deviation = Math.sqrt(variance);
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  return { variance, deviation, a, b, c: n * p + 0.5, inner: 0.92 - 4.2 / b };
}

/** log pmf(mode ± e) − log pmf(mode) lies within `slack` of `bell`. */
export function binomialSqueeze(e: number, variance: number): { readonly bell: number; readonly slack: number } {
  return {
    slack: (e / variance) * (((e * (1 / 3) + 0.625) * e + 1 / 6) / variance + 0.5),
    bell: (-e * e) / (2 * variance),
  };
}

/** log pmf(k) − log pmf(mode) of Binomial(n, p). */
export function binomialLogRatio(n: number, p: number, k: number): number {
  const mode = Math.floor((n + 1) * p);
  const d = k - mode;
  return d * log(p / (1 - p)) - logFactorialStep(mode, d) - logFactorialStep(n - mode, -d);
}
