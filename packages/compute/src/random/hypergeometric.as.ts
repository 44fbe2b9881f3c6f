// Mirrored by hypergeometric.ts, where the method stands: a series settles most draws here, never otherwise than there.
import { exp, L1, L2, L3, L4, L5, L6, L7, log } from "../numbers/elementary.as";
import { logFactorialStep } from "../numbers/log-factorial.as";
import { uniform } from "./philox.as";

const D1: f64 = 1.7155277699214135;
const D2: f64 = 0.8989161620588988;

export function hypergeometric(good: f64, bad: f64, sample: f64): f64 {
  const total = good + bad;
  if (good == 0 || sample == 0) return 0;
  if (bad == 0) return sample;
  if (sample == total) return good;
  const fewer = min<f64>(good, bad);
  const take = min<f64>(sample, total - sample);
  let k = take * (fewer / total) < 10 ? invert(min<f64>(fewer, take), max<f64>(fewer, take), total) : reject(fewer, total, take);
  if (good > bad) k = take - k;
  return take < sample ? good - k : k;
}

function invert(s: f64, l: f64, total: f64): f64 {
  const first = exp(logFactorialStep(total, -s) - logFactorialStep(total - l, -s));
  const limit = min<f64>(s, 110);
  const rest = total - s - l;
  while (true) {
    let u = uniform();
    let f = first;
    let k: f64 = 0;
    while (u >= f && k <= limit) {
      u -= f;
      k += 1;
      f *= ((s - k + 1) * (l - k + 1)) / (k * (rest + k));
    }
    if (k <= limit) return k;
  }
}

@inline function stirlingErrors(x: v128): v128 {
  const i = f64x2.div(f64x2.splat(1.0), x);
  const z = f64x2.mul(i, i);
  const a = f64x2.sub(f64x2.splat(1.0 / 1260.0), f64x2.mul(z, f64x2.splat(1.0 / 1680.0)));
  const b = f64x2.sub(f64x2.splat(1.0 / 360.0), f64x2.mul(z, a));
  return f64x2.mul(i, f64x2.sub(f64x2.splat(1.0 / 12.0), f64x2.mul(z, b)));
}

/** (b + 1/2) log(b / a), b = a + d, |d| <= a / 4, by log's own series of d / (a + b). */
@inline function logTerms(a: v128, b: v128, d: v128): v128 {
  const s = f64x2.div(d, f64x2.add(a, b));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const odd = f64x2.add(f64x2.splat(L5), f64x2.mul(w, f64x2.splat(L7)));
  const odds = f64x2.add(f64x2.splat(L1), f64x2.mul(w, f64x2.add(f64x2.splat(L3), f64x2.mul(w, odd))));
  const even = f64x2.add(f64x2.splat(L4), f64x2.mul(w, f64x2.splat(L6)));
  const evens = f64x2.add(f64x2.splat(L2), f64x2.mul(w, even));
  const r = f64x2.add(f64x2.mul(z, odds), f64x2.mul(w, evens));
  const log = f64x2.mul(s, f64x2.add(f64x2.splat(2.0), r));
  return f64x2.mul(f64x2.add(b, f64x2.splat(0.5)), log);
}

/** log pmf(mode + d) - log pmf(mode), of the cells at the mode; `smallest` is the least of them. */
function logRatio(d: f64, a1: f64, a2: f64, a3: f64, a4: f64, smallest: f64): f64 {
  if (abs<f64>(d) > min<f64>(smallest - 16, 0.25 * smallest)) {
    return -logFactorialStep(a1, d) - logFactorialStep(a2, -d) - logFactorialStep(a3, -d) - logFactorialStep(a4, d);
  }
  const a12 = f64x2(a1, a2);
  const a43 = f64x2(a4, a3);
  const anchor = f64x2.add(stirlingErrors(a12), stirlingErrors(a43));
  const steps = f64x2(d, -d);
  const b12 = f64x2.add(a12, steps);
  const b43 = f64x2.add(a43, steps);
  const errors = f64x2.sub(anchor, f64x2.add(stirlingErrors(b12), stirlingErrors(b43)));
  const terms = f64x2.add(logTerms(a12, b12, steps), logTerms(a43, b43, steps));
  const rest = f64x2.sub(errors, terms);
  return f64x2.extract_lane(rest, 0) + f64x2.extract_lane(rest, 1) - d * log((a1 / a2) * (a4 / a3));
}

function reject(good: f64, total: f64, take: f64): f64 {
  const mean = take * (good / total);
  const variance = ((mean * (total - good)) / total) * ((total - take) / (total - 1));
  const width = D1 * sqrt<f64>(variance + 0.5) + D2;
  const centre = mean + 0.5;
  const mode = floor<f64>(((take + 1) / (total + 2)) * (good + 1));
  const limit = min<f64>(good, take) + 1;
  const a1 = mode;
  const a2 = good - mode;
  const a3 = take - mode;
  const a4 = total - good - take + mode;
  const smallest = min<f64>(min<f64>(a1, a2), min<f64>(a3, a4));
  // Taylor's series of the log ratio, which settles nearly every draw: with x = a + 1/2, log (a + d)! - log a! is
  // d log x + d^2 / 2x - d^3 / 6x^2 + d^4 / 12x^3, for |d| <= x / 8 within |d|^5 / (17.5 x^4) + |d| / (17.5 x^2).
  const x14 = f64x2(a1 + 0.5, a4 + 0.5);
  const x23 = f64x2(a2 + 0.5, a3 + 0.5);
  const i14 = f64x2.div(f64x2.splat(1.0), x14);
  const i23 = f64x2.div(f64x2.splat(1.0), x23);
  const q14 = f64x2.mul(i14, i14);
  const q23 = f64x2.mul(i23, i23);
  const s1 = lanes(f64x2.add(i14, i23)) * -0.5;
  const s2 = lanes(f64x2.sub(q14, q23)) * (1.0 / 6.0);
  const s3 = lanes(f64x2.add(f64x2.mul(q14, i14), f64x2.mul(q23, i23))) * (-1.0 / 12.0);
  const up = (a1 + 0.5) * (a4 + 0.5);
  const down = (a2 + 0.5) * (a3 + 0.5);
  const v = (up - down) / (up + down);
  const s0 = v * (-2.0 - v * v * (2.0 / 3.0));
  const x = smallest + 0.5;
  const near = 0.125 * x;
  const q = 1.0 / (x * x);
  const e1 = 0.25 * q + abs<f64>(v * v * v * v * v);
  const e5 = 0.25 * q * q;
  while (true) {
    const u = uniform();
    const w = centre + (width * (uniform() - 0.5)) / u;
    if (!(w >= 0 && w < limit)) continue;
    const k = floor<f64>(w);
    const d = k - mode;
    const e = abs<f64>(d);
    if (e <= near) {
      const d2 = d * d;
      const about = d * (s0 + d2 * s2) + d2 * (s1 + d2 * s3);
      // The rest is rounding, here and in what is computed below.
      const slack = e * (e1 + e5 * (d2 * d2)) + 1e-8 - 1e-10 * about;
      const low = about - abs<f64>(slack);
      const high = about + abs<f64>(slack);
      if (u * (4.0 - u) - 3.0 <= low) return k;
      if (u * (u - high) >= 1) continue;
      const least = 2.0 * log(u);
      if (least <= low) return k;
      if (least > high) continue;
    }
    const height = logRatio(d, a1, a2, a3, a4, smallest);
    if (u * (4.0 - u) - 3.0 <= height) return k;
    if (u * (u - height) >= 1) continue;
    if (2.0 * log(u) <= height) return k;
  }
}

@inline function lanes(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}
