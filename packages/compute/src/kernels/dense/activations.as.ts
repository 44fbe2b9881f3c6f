// What follows a layer's sums, on blocks of eight rows: f32[features][8]. A lane is one row and sees the same operations
// wherever it stands, so a row's result does not depend on its neighbours. NaN stays NaN throughout.
// Coefficients: Cephes 2.8, expf.c and tanhf.c (S. L. Moshier), here without fused operations.

/** What `reduce` leaves: e^x = 2^(k + h) (1 + t), with k and h whole numbers. */
let t: v128 = i32x4.splat(0);
let powerK: v128 = t;
let powerH: v128 = t;

/** For x up to 88; all below -104 are -104. */
@inline function reduce(value: v128): void {
  const x = f32x4.max(value, f32x4.splat(-104));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  // The first part of ln 2 has 10 bits, so that n times it is exact.
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  const r = f32x4.add(high, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(1.9875691500e-4), r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  t = f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r);
  // Two factors, as the subnormal powers have no exponent of their own.
  const k = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(k, 1);
  powerK = power(half);
  powerH = power(i32x4.sub(k, half));
}

@inline function power(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

@inline function exp(x: v128): v128 {
  reduce(x);
  return f32x4.mul(f32x4.mul(f32x4.add(f32x4.splat(1), t), powerK), powerH);
}

/** 1 / (1 + e^-x), from e = e^-|x|, which loses no digits; what e and 1 + e are rounded by is put right at the end. */
@inline function logistic(x: v128): v128 {
  const one = f32x4.splat(1);
  reduce(f32x4.neg(f32x4.abs(x)));
  const y = f32x4.add(one, t);
  const e = f32x4.mul(f32x4.mul(y, powerK), powerH);
  const rest = f32x4.mul(f32x4.mul(f32x4.sub(t, f32x4.sub(y, one)), powerK), powerH);
  const sum = f32x4.add(one, e);
  const sumRest = f32x4.add(f32x4.sub(e, f32x4.sub(sum, one)), rest);
  const below = f32x4.lt(x, f32x4.splat(0));
  const quotient = f32x4.div(v128.bitselect(e, one, below), sum);
  const left = f32x4.sub(v128.and(rest, below), f32x4.mul(quotient, sumRest));
  return f32x4.add(quotient, f32x4.div(left, sum));
}

@inline function tanh(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(f32x4.splat(-5.70498872745e-3), z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const e = exp(f32x4.mul(f32x4.min(size, f32x4.splat(10)), f32x4.splat(2)));
  const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const signed = v128.or(large, v128.and(x, i32x4.splat(<i32>0x80000000)));
  return v128.bitselect(small, signed, f32x4.lt(size, f32x4.splat(0.625)));
}

/** Places of `activations` in network.ts. */
const LOGISTIC: u32 = 1;
const RELU: u32 = 2;
const SOFTMAX: u32 = 3;
const TANH: u32 = 4;

/** at: f32[features][8], in place. */
export function activate(kind: u32, at: usize, features: u32): void {
  const end = at + (<usize>features << 5);
  if (kind == RELU) {
    for (; at < end; at += 16) v128.store(at, f32x4.max(v128.load(at), f32x4.splat(0)));
  } else if (kind == LOGISTIC) {
    for (; at < end; at += 16) v128.store(at, logistic(v128.load(at)));
  } else if (kind == TANH) {
    for (; at < end; at += 16) v128.store(at, tanh(v128.load(at)));
  } else if (kind == SOFTMAX) {
    softmax(at, end);
    softmax(at + 16, end);
  }
}

/** Four rows: at, at + 32, ... below end. The sum runs over the outputs in their order. */
function softmax(first: usize, end: usize): void {
  let top = v128.load(first);
  for (let at = first; at < end; at += 32) top = f32x4.max(top, v128.load(at));
  let sum = f32x4.splat(0);
  for (let at = first; at < end; at += 32) {
    const e = exp(f32x4.sub(v128.load(at), top));
    v128.store(at, e);
    sum = f32x4.add(sum, e);
  }
  for (let at = first; at < end; at += 32) v128.store(at, f32x4.div(v128.load(at), sum));
}
