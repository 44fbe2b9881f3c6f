// Mirrored by hypergeometric.ts, where the method stands.
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
  const slope = log((a1 / a2) * (a4 / a3));
  const a12 = f64x2(a1, a2);
  const a43 = f64x2(a4, a3);
  const anchor = f64x2.add(stirlingErrors(a12), stirlingErrors(a43));
  const smallest = min<f64>(min<f64>(a1, a2), min<f64>(a3, a4));
  const near = min<f64>(smallest - 16, 0.25 * smallest);
  while (true) {
    const u = uniform();
    const w = centre + (width * (uniform() - 0.5)) / u;
    if (!(w >= 0 && w < limit)) continue;
    const k = floor<f64>(w);
    const d = k - mode;
    let height: f64;
    if (abs<f64>(d) <= near) {
      const steps = f64x2(d, -d);
      const b12 = f64x2.add(a12, steps);
      const b43 = f64x2.add(a43, steps);
      const errors = f64x2.sub(anchor, f64x2.add(stirlingErrors(b12), stirlingErrors(b43)));
      const terms = f64x2.add(logTerms(a12, b12, steps), logTerms(a43, b43, steps));
      const rest = f64x2.sub(errors, terms);
      height = f64x2.extract_lane(rest, 0) + f64x2.extract_lane(rest, 1) - d * slope;
    } else {
      height =
        -logFactorialStep(a1, d) - logFactorialStep(a2, -d) - logFactorialStep(a3, -d) - logFactorialStep(a4, d);
    }
    if (u * (4.0 - u) - 3.0 <= height) return k;
    if (u * (u - height) >= 1) continue;
    if (2.0 * log(u) <= height) return k;
  }
}
