import { log, log1p } from "./elementary.ts";

const table = [
  0,
  0,
  Math.LN2,
  1.791759469228055,
  3.1780538303479458,
  4.787491742782046,
  6.579251212010101,
  8.525161361065415,
  10.60460290274525,
  12.801827480081469,
  15.104412573075516,
  17.502307845873887,
  19.987214495661885,
  22.552163853123425,
  25.19122118273868,
  27.89927138384089,
] as const;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** log x! − ((x + ½) log x − x + log √(2π)) for x ≥ 16, to 2e-14. Abramowitz & Stegun 6.1.41. */
export function stirlingError(x: number): number {
  const i = 1 / x;
  const z = i * i;
  return i * (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680))));
}

/** log x! for an integer x ≥ 0. The same bits on every host; mirrored by log-factorial.as.ts. */
export function logFactorial(x: number): number {
  if (x < 16) return table[x] ?? Number.NaN;
  return (x + 0.5) * log(x) - x + HALF_LOG_TWO_PI + stirlingError(x);
}

/** log (x + d)! − log x! for integers x ≥ 0, x + d ≥ 0; no cancellation where |d| is small beside x. */
export function logFactorialStep(x: number, d: number): number {
  const y = x + d;
  if (x < 16 || y < 16) return logFactorial(y) - logFactorial(x);
  return d * log(x) + ((y + 0.5) * log1p(d / x) - d) + (stirlingError(y) - stirlingError(x));
}
