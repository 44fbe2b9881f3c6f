import { exp, log, log1p } from "../../numbers/elementary.as";

// Entries of the logistic kernel. Rows lie in tiles of 64: tiles f64[tiles][width][64], width even, the last column but for
// padding all ones. An item is a chunk of tilesPerChunk tiles; its sums go to a place of its own and are added in their
// order on the host, so that no number of threads changes a bit. Rows beyond the last weigh 0.
const TILE: u32 = 64;
const COLUMN: usize = 512;

/**
 * Loss and gradient at coefficients f64[outputs][width]. outputs 1: two classes, labels f64[rows] 0 or 1; else softmax.
 * wanted: 1 where the loss is asked for. probabilities: f64[outputs][64 * tiles]; sums: f64[chunks][1 + outputs * width], the loss before its gradient.
 * residuals: f64[chunks][outputs][64], scratch.
 */
export function logisticPass(
  tiles: usize,
  count: u32,
  width: u32,
  outputs: u32,
  coefficients: usize,
  labels: usize,
  weights: usize,
  wanted: u32,
  tilesPerChunk: u32,
  probabilities: usize,
  residuals: usize,
  sums: usize,
  begin: u32,
  end: u32,
): void {
  const column = <usize>count * COLUMN;
  for (let chunk = begin; chunk < end; chunk++) {
    const sum = sums + <usize>chunk * ((1 + <usize>outputs * width) << 3);
    memory.fill(sum, 0, (1 + <usize>outputs * width) << 3);
    const residual = residuals + <usize>chunk * outputs * COLUMN;
    const last = min<u32>(count, (chunk + 1) * tilesPerChunk);
    for (let tile = chunk * tilesPerChunk; tile < last; tile++) {
      const x = tiles + <usize>tile * width * COLUMN;
      const own = <usize>tile * COLUMN;
      for (let output: u32 = 0; output < outputs; output++) {
        scores(x, width, coefficients + ((<usize>output * width) << 3), probabilities + output * column + own);
      }
      let loss: f64 = 0;
      if (outputs == 1) {
        if (wanted) loss = lossOfTwo(probabilities + own, labels + own, weights + own);
        twoClasses(probabilities + own, labels + own, weights + own, residual);
      } else loss = manyClasses(outputs, probabilities + own, column, labels + own, weights + own, residual);
      store<f64>(sum, load<f64>(sum) + loss);
      for (let output: u32 = 0; output < outputs; output++) {
        const into = sum + 8 + ((<usize>output * width) << 3);
        for (let index: u32 = 0; index < width; index++) {
          const at = into + (<usize>index << 3);
          store<f64>(at, load<f64>(at) + dot(residual + output * COLUMN, x + index * COLUMN));
        }
      }
    }
  }
}

/** out: f64[64], the tile's rows times the coefficients. */
@inline
function scores(x: usize, width: u32, coefficients: usize, out: usize): void {
  for (let place: usize = 0; place < COLUMN; place += 128) {
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    let from = x + place;
    const stop = coefficients + (<usize>width << 3);
    for (let at = coefficients; at < stop; at += 8) {
      const w = v128.load64_splat(at);
      a = f64x2.add(a, f64x2.mul(w, v128.load(from)));
      b = f64x2.add(b, f64x2.mul(w, v128.load(from, 16)));
      c = f64x2.add(c, f64x2.mul(w, v128.load(from, 32)));
      d = f64x2.add(d, f64x2.mul(w, v128.load(from, 48)));
      e = f64x2.add(e, f64x2.mul(w, v128.load(from, 64)));
      f = f64x2.add(f, f64x2.mul(w, v128.load(from, 80)));
      g = f64x2.add(g, f64x2.mul(w, v128.load(from, 96)));
      h = f64x2.add(h, f64x2.mul(w, v128.load(from, 112)));
      from += COLUMN;
    }
    const to = out + place;
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    v128.store(to, e, 64);
    v128.store(to, f, 80);
    v128.store(to, g, 96);
    v128.store(to, h, 112);
  }
}

/** The tile's loss. */
function lossOfTwo(scores: usize, labels: usize, weights: usize): f64 {
  let loss: f64 = 0;
  for (let at: usize = 0; at < COLUMN; at += 8) {
    const score = load<f64>(scores + at);
    const own = max<f64>(score, 0) - score * load<f64>(labels + at) + log1p(exp(-abs(score)));
    loss += load<f64>(weights + at) * own;
  }
  return loss;
}

/** Scores become probabilities; residual: weight * (probability - label). */
function twoClasses(scores: usize, labels: usize, weights: usize, residual: usize): void {
  const one = f64x2.splat(1);
  for (let at: usize = 0; at < COLUMN; at += 16) {
    const score = v128.load(scores + at);
    const e = expOfNegative(f64x2.neg(f64x2.abs(score)));
    const negative = f64x2.lt(score, f64x2.splat(0));
    const p = f64x2.div(v128.bitselect(e, one, negative), f64x2.add(one, e));
    v128.store(scores + at, p);
    v128.store(residual + at, f64x2.mul(v128.load(weights + at), f64x2.sub(p, v128.load(labels + at))));
  }
}

/** e^x for x <= 0, within two units of the last place; of x below -708, e^-708. */
@inline
function expOfNegative(x: v128): v128 {
  x = f64x2.max(x, f64x2.splat(-708));
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.44269504088896338700)));
  // ln 2 in two parts, of which the first has so few bits that n times it is exact.
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)));
  // |r| <= ln 2 / 2: what is left out after r^13 / 13! is below 2^-57.
  let sum = f64x2.splat(1.0 / 6227020800.0);
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 479001600.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 39916800.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 3628800.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 362880.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 40320.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 5040.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 720.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 120.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 24.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1.0 / 6.0));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(0.5));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  sum = f64x2.add(f64x2.mul(sum, r), f64x2.splat(1));
  const exponent = i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), i64x2.splat(1023));
  return f64x2.mul(sum, i64x2.shl(exponent, 52));
}

function manyClasses(
  outputs: u32,
  scores: usize,
  column: usize,
  labels: usize,
  weights: usize,
  residual: usize,
): f64 {
  let loss: f64 = 0;
  for (let at: usize = 0; at < COLUMN; at += 8) {
    const label = load<f64>(labels + at);
    const weight = load<f64>(weights + at);
    let top: f64 = -Infinity;
    for (let output: u32 = 0; output < outputs; output++) top = max(top, load<f64>(scores + output * column + at));
    let sum: f64 = 0;
    let own: f64 = 0;
    for (let output: u32 = 0; output < outputs; output++) {
      const place = scores + output * column + at;
      const score = load<f64>(place) - top;
      if (label == <f64>output) own = score;
      const e = exp(score);
      store<f64>(place, e);
      sum += e;
    }
    for (let output: u32 = 0; output < outputs; output++) {
      const place = scores + output * column + at;
      const p = load<f64>(place) / sum;
      store<f64>(place, p);
      store<f64>(residual + output * COLUMN + at, weight * (p - (label == <f64>output ? 1 : 0)));
    }
    loss += weight * (log(sum) - own);
  }
  return loss;
}

@inline
function dot(a: usize, b: usize): f64 {
  let first = f64x2.splat(0);
  let second = first;
  let third = first;
  let fourth = first;
  for (let at: usize = 0; at < COLUMN; at += 64) {
    first = f64x2.add(first, f64x2.mul(v128.load(a + at), v128.load(b + at)));
    second = f64x2.add(second, f64x2.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
    third = f64x2.add(third, f64x2.mul(v128.load(a + at, 32), v128.load(b + at, 32)));
    fourth = f64x2.add(fourth, f64x2.mul(v128.load(a + at, 48), v128.load(b + at, 48)));
  }
  const all = f64x2.add(f64x2.add(first, second), f64x2.add(third, fourth));
  return f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1);
}

/**
 * The block of the Hessian between the coefficients of outputs `one` and `other`: sums f64[chunks][width][width], of which
 * the upper triangle is written: the sum over rows of weight * p_one * ((one == other) - p_other) * x_i * x_j.
 * weighted: f64[chunks][width][64], scratch.
 */
export function logisticHessian(
  tiles: usize,
  count: u32,
  width: u32,
  probabilities: usize,
  weights: usize,
  one: u32,
  other: u32,
  tilesPerChunk: u32,
  weighted: usize,
  sums: usize,
  begin: u32,
  end: u32,
): void {
  const column = <usize>count * COLUMN;
  const row = <usize>width << 3;
  for (let chunk = begin; chunk < end; chunk++) {
    const sum = sums + <usize>chunk * width * row;
    const scratch = weighted + <usize>chunk * width * COLUMN;
    memory.fill(sum, 0, <usize>width * row);
    const last = min<u32>(count, (chunk + 1) * tilesPerChunk);
    for (let tile = chunk * tilesPerChunk; tile < last; tile++) {
      const own = <usize>tile * COLUMN;
      const x = tiles + <usize>width * own;
      const p = probabilities + one * column + own;
      const q = probabilities + other * column + own;
      for (let at: usize = 0; at < COLUMN; at += 16) {
        const left = v128.load(p + at);
        const right = v128.load(q + at);
        const rest = one == other ? f64x2.sub(f64x2.splat(1), right) : f64x2.neg(right);
        const h = f64x2.mul(v128.load(weights + own + at), f64x2.mul(left, rest));
        let from = x + at;
        let to = scratch + at;
        for (let index: u32 = 0; index < width; index++) {
          v128.store(to, f64x2.mul(h, v128.load(from)));
          from += COLUMN;
          to += COLUMN;
        }
      }
      for (let i: u32 = 0; i < width; i += 2) {
        const a = scratch + i * COLUMN;
        for (let j = i; j < width; j += 2) {
          const b = x + j * COLUMN;
          let aa = f64x2.splat(0);
          let ab = aa;
          let ba = aa;
          let bb = aa;
          for (let at: usize = 0; at < COLUMN; at += 32) {
            let u = v128.load(a + at);
            let v = v128.load(a + at, COLUMN);
            let s = v128.load(b + at);
            let t = v128.load(b + at, COLUMN);
            aa = f64x2.add(aa, f64x2.mul(u, s));
            ab = f64x2.add(ab, f64x2.mul(u, t));
            ba = f64x2.add(ba, f64x2.mul(v, s));
            bb = f64x2.add(bb, f64x2.mul(v, t));
            u = v128.load(a + at, 16);
            v = v128.load(a + at, COLUMN + 16);
            s = v128.load(b + at, 16);
            t = v128.load(b + at, COLUMN + 16);
            aa = f64x2.add(aa, f64x2.mul(u, s));
            ab = f64x2.add(ab, f64x2.mul(u, t));
            ba = f64x2.add(ba, f64x2.mul(v, s));
            bb = f64x2.add(bb, f64x2.mul(v, t));
          }
          const to = sum + <usize>i * row + (<usize>j << 3);
          v128.store(to, f64x2.add(v128.load(to), pairwise(aa, ab)));
          v128.store(to + row, f64x2.add(v128.load(to + row), pairwise(ba, bb)));
        }
      }
    }
  }
}

/** The sum of the lanes of each. */
@inline
function pairwise(a: v128, b: v128): v128 {
  const low = v128.shuffle<f64>(a, b, 0, 2);
  return f64x2.add(low, v128.shuffle<f64>(a, b, 1, 3));
}
