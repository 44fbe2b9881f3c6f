// log, log1p and exp in plain f64 arithmetic, so that every host gives the same bits. Mirrored by elementary.ts.
// Adapted from FreeBSD's msun (by way of musl):
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunPro, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
// preserved.

const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const INVERSE_LN2: f64 = 1.44269504088896338700;
/** log((1 + s) / (1 - s)) = s (2 + L1 s^2 + L2 s^4 + ...) for |s| < 0.1716. */
export const L1: f64 = 6.666666666666735130e-1;
export const L2: f64 = 3.999999999940941908e-1;
export const L3: f64 = 2.857142874366239149e-1;
export const L4: f64 = 2.222219843214978396e-1;
export const L5: f64 = 1.818357216161805012e-1;
export const L6: f64 = 1.531383769920937332e-1;
export const L7: f64 = 1.479819860511658591e-1;
const P1: f64 = 1.66666666666666019037e-1;
const P2: f64 = -2.77777777770155933842e-3;
const P3: f64 = 6.61375632143793436117e-5;
const P4: f64 = -1.65339022054652515390e-6;
const P5: f64 = 4.13813679705723846039e-8;
const TWO_54: f64 = 18014398509481984.0;

@inline function high(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 32);
}

@inline function withHigh(x: f64, word: i32): f64 {
  return reinterpret<f64>(((<u64>(<u32>word)) << 32) | (reinterpret<u64>(x) & 0xffffffff));
}

/** Natural logarithm; -inf at 0, NaN below. */
export function log(x: f64): f64 {
  if (x == 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x == Infinity) return x;
  let k: i32 = 0;
  if (x < 2.2250738585072014e-308) {
    x *= TWO_54;
    k = -54;
  }
  const word = high(x) + (0x3ff00000 - 0x3fe6a09e);
  k += (word >> 20) - 0x3ff;
  const f = withHigh(x, (word & 0x000fffff) + 0x3fe6a09e) - 1.0;
  const half = 0.5 * f * f;
  const s = f / (2.0 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  const n = <f64>k;
  return s * (half + r) + n * LN2_LOW - half + f + n * LN2_HIGH;
}

/** log(1 + x), accurate near 0. */
export function log1p(x: f64): f64 {
  if (x == -1) return -Infinity;
  if (!(x > -1)) return NaN;
  if (x == Infinity) return x;
  if (x > -1.1102230246251565e-16 && x < 1.1102230246251565e-16) return x;
  let k: i32 = 0;
  let f = x;
  let correction: f64 = 0;
  if (x < -0.29289321881345254 || x > 0.41421356237309503) {
    const u = 1.0 + x;
    const word = high(u) + (0x3ff00000 - 0x3fe6a09e);
    k = (word >> 20) - 0x3ff;
    if (k < 54) correction = (k >= 2 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
    f = withHigh(u, (word & 0x000fffff) + 0x3fe6a09e) - 1.0;
  }
  const half = 0.5 * f * f;
  const s = f / (2.0 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  const n = <f64>k;
  return s * (half + r) + (n * LN2_LOW + correction) - half + f + n * LN2_HIGH;
}

/** e^x. */
export function exp(x: f64): f64 {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  let k: i32 = 0;
  let upper = x;
  let lower: f64 = 0;
  if (x > 0.34657359027997264 || x < -0.34657359027997264) {
    k = <i32>(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    upper = x - <f64>k * LN2_HIGH;
    lower = <f64>k * LN2_LOW;
  }
  const r = upper - lower;
  const z = r * r;
  const c = r - z * (P1 + z * (P2 + z * (P3 + z * (P4 + z * P5))));
  const y = 1.0 + ((r * c) / (2.0 - c) - lower + upper);
  // In two factors, as 2^1024 and the subnormal powers have no exponent of their own.
  const half = k >> 1;
  return y * power(half) * power(k - half);
}

@inline function power(k: i32): f64 {
  return reinterpret<f64>((<u64>(k + 1023)) << 52);
}
