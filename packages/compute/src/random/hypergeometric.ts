import { exp, L1, L2, L3, L4, L5, L6, L7, log } from "../numbers/elementary.ts";
import { logFactorialStep, stirlingError } from "../numbers/log-factorial.ts";
import type { PhiloxStream } from "./philox-stream.ts";

/** 2 √(2/e) */
const D1 = 1.7155277699214135;
/** 3 − 2 √(3/e) */
const D2 = 0.8989161620588988;

/**
 * How many good ones there are among `sample` drawn without replacement from good + bad. Integers, sample ≤ good + bad
 * < 2^53. Mirrored by hypergeometric.as.ts, bit for bit.
 *
 * Brought to good ≤ bad and sample ≤ total / 2 first. Mean below 10: inversion. Else ratio of uniforms, HRUA*.
 * @see Stadlober: The ratio of uniforms approach for generating discrete random variates. J. Comput. Appl. Math. 31
 *   (1990) 181–189. doi:10.1016/0377-0427(90)90349-5
 */
export function hypergeometric(random: PhiloxStream, good: number, bad: number, sample: number): number {
  const total = good + bad;
  if (good === 0 || sample === 0) return 0;
  if (bad === 0) return sample;
  if (sample === total) return good;
  const fewer = Math.min(good, bad);
  const take = Math.min(sample, total - sample);
  let k =
    take * (fewer / total) < 10
      ? invert(random, Math.min(fewer, take), Math.max(fewer, take), total)
      : reject(random, fewer, total, take);
  if (good > bad) k = take - k;
  return take < sample ? good - k : k;
}

/** `s` drawn from `total`, `l` of them good (or the other way round: it is symmetric), s ≤ l. */
function invert(random: PhiloxStream, s: number, l: number, total: number): number {
  const first = exp(logFactorialStep(total, -s) - logFactorialStep(total - l, -s));
  // Beyond 110 lies less than 1e-60 of the mass: getting there means that rounding ate the last bits of u.
  const limit = Math.min(s, 110);
  const rest = total - s - l;
  for (;;) {
    let u = random.uniform();
    let f = first;
    let k = 0;
    while (u >= f && k <= limit) {
      u -= f;
      k += 1;
      f *= ((s - k + 1) * (l - k + 1)) / (k * (rest + k));
    }
    if (k <= limit) return k;
  }
}

function reject(random: PhiloxStream, good: number, total: number, take: number): number {
  const { centre, width } = hypergeometricHat(good, total, take);
  const logRatio = hypergeometricLogRatio(good, total, take);
  const limit = Math.min(good, take) + 1;
  for (;;) {
    const u = random.uniform();
    const w = centre + (width * (random.uniform() - 0.5)) / u;
    if (!(w >= 0 && w < limit)) continue;
    const k = Math.floor(w);
    const height = logRatio(k);
    if (u * (4 - u) - 3 <= height) return k;
    if (u * (u - height) >= 1) continue;
    if (2 * log(u) <= height) return k;
  }
}

/** The ratio-of-uniforms region: |w − centre| ≤ width / (2 u). */
export function hypergeometricHat(good: number, total: number, take: number) {
  const mean = take * (good / total);
  const variance = ((mean * (total - good)) / total) * ((total - take) / (total - 1));
  return { centre: mean + 0.5, width: D1 * Math.sqrt(variance + 0.5) + D2 };
}

/**
 * k → log pmf(k) − log pmf(mode), for a mean of at least 10. The four factorials' large parts cancel before they are
 * computed, so that nothing is lost at totals of billions.
 */
export function hypergeometricLogRatio(good: number, total: number, take: number): (k: number) => number {
  const mode = Math.floor(((take + 1) / (total + 2)) * (good + 1));
  const a1 = mode;
  const a2 = good - mode;
  const a3 = take - mode;
  const a4 = total - good - take + mode;
  const slope = log((a1 / a2) * (a4 / a3));
  const anchorUp = stirlingError(a1) + stirlingError(a4);
  const anchorDown = stirlingError(a2) + stirlingError(a3);
  const smallest = Math.min(a1, a2, a3, a4);
  const near = Math.min(smallest - 16, 0.25 * smallest);
  return (k) => {
    const d = k - mode;
    if (Math.abs(d) > near) {
      return -logFactorialStep(a1, d) - logFactorialStep(a2, -d) - logFactorialStep(a3, -d) - logFactorialStep(a4, d);
    }
    const errorsUp = anchorUp - (stirlingError(a1 + d) + stirlingError(a4 + d));
    const errorsDown = anchorDown - (stirlingError(a2 - d) + stirlingError(a3 - d));
    const termsUp = logTerm(a1, d) + logTerm(a4, d);
    const termsDown = logTerm(a2, -d) + logTerm(a3, -d);
    return errorsUp - termsUp + (errorsDown - termsDown) - d * slope;
  };
}

/** (b + ½) log(b / a), b = a + d, |d| ≤ a / 4, by log's own series of d / (a + b). */
function logTerm(a: number, d: number): number {
  const b = a + d;
  const s = d / (a + b);
  const z = s * s;
  const w = z * z;
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  return (b + 0.5) * (s * (2 + r));
}
