// Mirrored by hypergeometric.ts, where the method stands.
import { exp, log } from "../numbers/elementary.as";
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

function reject(good: f64, total: f64, take: f64): f64 {
  const mean = take * (good / total);
  const variance = ((mean * (total - good)) / total) * ((total - take) / (total - 1));
  const width = D1 * sqrt<f64>(variance + 0.5) + D2;
  const centre = mean + 0.5;
  const mode = floor<f64>(((take + 1) / (total + 2)) * (good + 1));
  const limit = min<f64>(good, take) + 1;
  while (true) {
    const u = uniform();
    const w = centre + (width * (uniform() - 0.5)) / u;
    if (!(w >= 0 && w < limit)) continue;
    const k = floor<f64>(w);
    const d = k - mode;
    const height =
      -logFactorialStep(mode, d) -
      logFactorialStep(good - mode, -d) -
      logFactorialStep(take - mode, -d) -
      logFactorialStep(total - good - take + mode, d);
    if (u * (4.0 - u) - 3.0 <= height) return k;
    if (u * (u - height) >= 1) continue;
    if (2.0 * log(u) <= height) return k;
  }
}
