// log k! and its differences. Mirrored by log-factorial.ts.
import { log, log1p } from "./elementary.as";

const TABLE: StaticArray<f64> = [
  0.0, 0.0, 0.6931471805599453, 1.791759469228055, 3.1780538303479458, 4.787491742782046, 6.579251212010101,
  8.525161361065415, 10.60460290274525, 12.801827480081469, 15.104412573075516, 17.502307845873887,
  19.987214495661885, 22.552163853123425, 25.19122118273868, 27.89927138384089,
];
const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;

/** log x! - ((x + 1/2) log x - x + log sqrt(2 pi)) for x >= 16, to 2e-14. Abramowitz & Stegun 6.1.41. */
@inline function stirlingError(x: f64): f64 {
  const i = 1.0 / x;
  const z = i * i;
  return i * (1.0 / 12.0 - z * (1.0 / 360.0 - z * (1.0 / 1260.0 - z * (1.0 / 1680.0))));
}

/** log x! for an integer x >= 0. */
export function logFactorial(x: f64): f64 {
  if (x < 16) return unchecked(TABLE[<i32>x]);
  return (x + 0.5) * log(x) - x + HALF_LOG_TWO_PI + stirlingError(x);
}

/** log (x + d)! - log x! for integers x >= 0, x + d >= 0; no cancellation where |d| is small beside x. */
export function logFactorialStep(x: f64, d: f64): f64 {
  const y = x + d;
  if (x < 16 || y < 16) return logFactorial(y) - logFactorial(x);
  return d * log(x) + ((y + 0.5) * log1p(d / x) - d) + (stirlingError(y) - stirlingError(x));
}
