// log, log1p and exp in plain f64 arithmetic, so that every host gives the same bits: engines may differ in Math.log.
// Mirrored by elementary.as.ts. Adapted from FreeBSD's msun (by way of musl):
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunPro, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
// preserved.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;
/** log((1 + s) / (1 − s)) = s (2 + L1 s² + L2 s⁴ + …) for |s| < 0.1716. */
export const L1 = 0.6666666666666735;
export const L2 = 0.3999999999940942;
export const L3 = 0.2857142874366239;
export const L4 = 0.22222198432149784;
export const L5 = 0.1818357216161805;
export const L6 = 0.15313837699209373;
export const L7 = 0.14798198605116586;
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;
const TWO_54 = 18014398509481984;

const value = new Float64Array(1);
/** [low, high] word of `value`: all hosts are little-endian. */
const words = new Int32Array(value.buffer);

function high(x: number): number {
  value[0] = x;
  return words[1] ?? 0;
}

function withHigh(x: number, word: number): number {
  value[0] = x;
  words[1] = word;
  return value[0];
}

/** Natural logarithm; -inf at 0, NaN below. */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let scaled = x;
  if (x < 2.2250738585072014e-308) {
    scaled *= TWO_54;
    k = -54;
  }
  const word = (high(scaled) + (0x3ff00000 - 0x3fe6a09e)) | 0;
  k += (word >> 20) - 0x3ff;
  const f = withHigh(scaled, (word & 0x000fffff) + 0x3fe6a09e) - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  return s * (half + r) + k * LN2_LOW - half + f + k * LN2_HIGH;
}

/** log(1 + x), accurate near 0. */
export function log1p(x: number): number {
  if (x === -1) return Number.NEGATIVE_INFINITY;
  if (!(x > -1)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x > -1.1102230246251565e-16 && x < 1.1102230246251565e-16) return x;
  let k = 0;
  let f = x;
  let correction = 0;
  if (x < -0.29289321881345254 || x > 0.41421356237309503) {
    const u = 1 + x;
    const word = (high(u) + (0x3ff00000 - 0x3fe6a09e)) | 0;
    k = (word >> 20) - 0x3ff;
    if (k < 54) correction = (k >= 2 ? 1 - (u - x) : x - (u - 1)) / u;
    f = withHigh(u, (word & 0x000fffff) + 0x3fe6a09e) - 1;
  }
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  return s * (half + r) + (k * LN2_LOW + correction) - half + f + k * LN2_HIGH;
}

/** e^x. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  let k = 0;
  let upper = x;
  let lower = 0;
  if (x > 0.34657359027997264 || x < -0.34657359027997264) {
    k = Math.trunc(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    upper = x - k * LN2_HIGH;
    lower = k * LN2_LOW;
  }
  const r = upper - lower;
  const z = r * r;
  const c = r - z * (P1 + z * (P2 + z * (P3 + z * (P4 + z * P5))));
  const y = 1 + ((r * c) / (2 - c) - lower + upper);
  // In two factors, as 2^1024 and the subnormal powers have no exponent of their own.
  const half = k >> 1;
  return y * power(half) * power(k - half);
}

function power(k: number): number {
  return withHigh(0, (k + 1023) << 20);
}
