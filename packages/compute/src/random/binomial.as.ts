// Mirrored by binomial.ts, where the method stands.
import { exp, log, log1p } from "../numbers/elementary.as";
import { logFactorialStep } from "../numbers/log-factorial.as";
import { uniform } from "./philox.as";

export function binomial(n: f64, a: f64, t: f64): f64 {
  if (n == 0 || a == 0) return 0;
  if (a == t) return n;
  const flip = a + a > t;
  const p = (flip ? t - a : a) / t;
  const k = n * p < 10 ? invert(n, p) : reject(n, p);
  return flip ? n - k : k;
}

function invert(n: f64, p: f64): f64 {
  const odds = p / (1.0 - p);
  const first = exp(n * log1p(-p));
  const limit = min<f64>(n, 110);
  while (true) {
    let u = uniform();
    let f = first;
    let k: f64 = 0;
    while (u >= f && k <= limit) {
      u -= f;
      k += 1;
      f *= ((n - k + 1) / k) * odds;
    }
    if (k <= limit) return k;
  }
}

function reject(n: f64, p: f64): f64 {
  const variance = n * p * (1.0 - p);
  const deviation = sqrt<f64>(variance);
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const inner = 0.92 - 4.2 / b;
  while (true) {
    const u = uniform() - 0.5;
    const v = uniform();
    const edge = 0.5 - abs<f64>(u);
    const k = floor<f64>(((2.0 * a) / edge + b) * u + c);
    if (edge >= 0.07 && v <= inner) return k;
    if (!(k >= 0 && k <= n)) continue;
    const height = log((v * (2.83 + 5.1 / b) * deviation) / (a / (edge * edge) + b));
    const mode = floor<f64>((n + 1) * p);
    const d = k - mode;
    const e = abs<f64>(d);
    if (e > 20 && e < variance * 0.5 - 1) {
      const slack = (e / variance) * (((e * (1.0 / 3.0) + 0.625) * e + 1.0 / 6.0) / variance + 0.5);
      const bell = (-e * e) / (2.0 * variance);
      if (height < bell - slack) return k;
      if (height > bell + slack) continue;
    }
    if (height <= d * log(p / (1.0 - p)) - logFactorialStep(mode, d) - logFactorialStep(n - mode, -d)) return k;
  }
}
