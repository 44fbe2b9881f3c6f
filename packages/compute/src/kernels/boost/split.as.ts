// The best split of a leaf from its histogram. A node's fields are those of cpu.as.ts.

export const NODE_BYTES: usize = 96;
const FEATURE: usize = 0;
const BIN: usize = 4;
const MISSING_LEFT: usize = 8;
const SUM_G: usize = 32;
const SUM_H: usize = 40;
export const GAIN: usize = 48;
const OPEN: usize = 60;
const LEFT_G: usize = 64;
const LEFT_H: usize = 72;
export const VALUE: usize = 80;
export const COVER: usize = 88;

/** out: i64[2], the sum of the pairs of some rows. */
export function sums(pairs: usize, order: usize, begin: u32, end: u32, out: usize): void {
  let sum = i64x2.splat(0);
  for (let place = begin; place < end; place++) {
    sum = i64x2.add(sum, v128.load(pairs + (<usize>load<u32>(order + (<usize>place << 2)) << 4)));
  }
  v128.store(out, sum);
}

/** What a leaf adds to its rows' scores: a float32, as model files hold it. */
export function leafValue(
  node: usize,
  lambda: f64,
  rate: f64,
  gradientUnit: f64,
  hessianUnit: f64,
  shift: u32,
): f64 {
  const gradient = <f64>load<i64>(node + SUM_G) * gradientUnit;
  const hessian = <f64>hessianOf(load<i64>(node + SUM_H), shift) * hessianUnit;
  return <f64>(<f32>((-rate * gradient) / (hessian + lambda + 1e-15)));
}

@inline
function hessianOf(sum: i64, shift: u32): i64 {
  return sum & (((<i64>1) << (<i64>shift)) - 1);
}

@inline
function rowsOf(sum: i64, shift: u32): u64 {
  return <u64>sum >> <u64>shift;
}

/**
 * Stores the split with the largest gain g_left^2 / (h_left + lambda) + g_right^2 / (h_right + lambda) - g^2 / (h + lambda)
 * and opens the node, where one gains more than minGain. Of equal ones the first column's, lowest bin's, and missing values
 * to the right. Where the column has none here, missing ones will go to the side with more rows.
 */
export function choose(
  node: usize,
  histogram: usize,
  features: u32,
  offsets: usize,
  missing: usize,
  allowed: usize,
  minRows: u32,
  minHessian: f64,
  lambda: f64,
  minGain: f64,
  gradientUnit: f64,
  hessianUnit: f64,
  shift: u32,
): void {
  const allG = load<i64>(node + SUM_G);
  const allH = load<i64>(node + SUM_H);
  const g = <f64>allG * gradientUnit;
  const h = <f64>hessianOf(allH, shift) * hessianUnit;
  const parent = (g * g) / (h + lambda + 1e-15);
  let most = minGain;
  let found = false;
  for (let feature: u32 = 0; feature < features; feature++) {
    if (load<u8>(allowed + feature) == 0) continue;
    const at = offsets + (<usize>feature << 2);
    const first = load<u32>(at);
    const hasMissing: u32 = load<u8>(missing + feature);
    const bins = load<u32>(at, 4) - first - hasMissing;
    const from = histogram + (<usize>first << 4);
    let noneG: i64 = 0;
    let noneH: i64 = 0;
    if (hasMissing) {
      noneG = load<i64>(from + (<usize>bins << 4));
      noneH = load<i64>(from + (<usize>bins << 4), 8);
    }
    const someMissing = rowsOf(noneH, shift) > 0;
    let leftG: i64 = 0;
    let leftH: i64 = 0;
    // Behind the last bin there are only the missing values.
    const stop = someMissing ? bins : bins - 1;
    const ways: u32 = someMissing ? 2 : 1;
    for (let bin: u32 = 0; bin < stop; bin++) {
      leftG += load<i64>(from + (<usize>bin << 4));
      leftH += load<i64>(from + (<usize>bin << 4), 8);
      for (let way: u32 = 0; way < ways; way++) {
        const sumG = way ? leftG + noneG : leftG;
        const sumH = way ? leftH + noneH : leftH;
        const rows = rowsOf(sumH, shift);
        const others = rowsOf(allH, shift) - rows;
        if (rows < minRows || others < minRows || rows == 0 || others == 0) continue;
        const gl = <f64>sumG * gradientUnit;
        const hl = <f64>hessianOf(sumH, shift) * hessianUnit;
        const gr = <f64>(allG - sumG) * gradientUnit;
        const hr = <f64>hessianOf(allH - sumH, shift) * hessianUnit;
        if (hl < minHessian || hr < minHessian) continue;
        const gain = (gl * gl) / (hl + lambda + 1e-15) + (gr * gr) / (hr + lambda + 1e-15) - parent;
        if (gain > most) {
          most = gain;
          found = true;
          store<u32>(node + FEATURE, feature);
          store<u32>(node + BIN, bin);
          store<u32>(node + MISSING_LEFT, someMissing ? way : <u32>(rows > others));
          store<i64>(node + LEFT_G, sumG);
          store<i64>(node + LEFT_H, sumH);
        }
      }
    }
  }
  if (!found) return;
  store<f64>(node + GAIN, most);
  store<u32>(node + OPEN, 1);
}
