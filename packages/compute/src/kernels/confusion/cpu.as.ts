// Two tables at once, in the two lanes. Metrics are numbered as in metric.ts; the meaning stands in reference.ts, to the bit.
import { permute } from "../permute/cpu.as";
import { resample } from "../resample/cpu.as";

const KAPPA: u32 = 1;
const MCC: u32 = 2;

/** tables: u32[items * 4] of tp, fp, fn, tn; out: f64[items], NaN where the metric is not defined. */
export function confusionValues(tables: usize, metric: u32, out: usize, begin: u32, end: u32): void {
  for (let item = begin; item < end; item += 2) {
    const from = tables + (<usize>item << 4);
    // Of an odd number the last table stands in both lanes.
    const other: usize = item + 1 < end ? 16 : 0;
    const a = v128.load(from);
    const b = v128.load(from + other);
    const tp = f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 0, 4, 0, 4));
    const fp = f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 1, 5, 1, 5));
    const fn = f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 2, 6, 2, 6));
    const tn = f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 3, 7, 3, 7));
    const value = metric == KAPPA ? kappa(tp, fp, fn, tn) : metric == MCC ? mcc(tp, fp, fn, tn) : balanced(tp, fp, fn, tn);
    const to = out + (<usize>item << 3);
    if (other != 0) v128.store(to, value);
    else v128.store64_lane(to, value, 0);
  }
}

/**
 * tables: u32[items * groups * 4]; scratch: f64[items * groups * 4]; out: f64[items], the greatest studentised distance over
 * the groups of each item.
 */
export function confusionDistances(
  tables: usize,
  groups: u32,
  metric: u32,
  scratch: usize,
  out: usize,
  begin: u32,
  end: u32,
): void {
  // No two threads begin at one item, so each has a piece of its own.
  const held = scratch + <usize>begin * (<usize>groups << 5);
  const half = f64x2.splat(0.5);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const size = <usize>groups << 4;
  for (let item = begin; item < end; item += 2) {
    let first = tables + <usize>item * size;
    const other: usize = item + 1 < end ? size : 0;
    let at = held;
    let weight = zero;
    let sum = zero;
    for (let group: u32 = 0; group < groups; group++) {
      const a = v128.load(first);
      const b = v128.load(first + other);
      first += 16;
      const tp = f64x2.add(f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 0, 4, 0, 4)), half);
      const fp = f64x2.add(f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 1, 5, 1, 5)), half);
      const fn = f64x2.add(f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 2, 6, 2, 6)), half);
      const tn = f64x2.add(f64x2.convert_low_i32x4_u(v128.shuffle<u32>(a, b, 3, 7, 3, 7)), half);
      let value: v128;
      let variance: v128;
      if (metric == KAPPA) {
        value = kappa(tp, fp, fn, tn);
        variance = kappaVariance(value, tp, fp, fn, tn);
      } else if (metric == MCC) {
        value = mcc(tp, fp, fn, tn);
        variance = mccVariance(value, tp, fp, fn, tn);
      } else {
        value = balanced(tp, fp, fn, tn);
        variance = balancedVariance(tp, fp, fn, tn);
      }
      v128.store(at, value);
      v128.store(at, variance, 16);
      at += 32;
      const w = f64x2.div(one, variance);
      weight = f64x2.add(weight, w);
      sum = f64x2.add(sum, f64x2.mul(w, value));
    }
    const mean = f64x2.div(sum, weight);
    const least = f64x2.div(one, weight);
    let most = zero;
    at = held;
    for (let group: u32 = 0; group < groups; group++) {
      const off = f64x2.sub(v128.load(at), mean);
      const spread = f64x2.max(f64x2.sub(v128.load(at, 16), least), f64x2.splat(1e-300));
      most = f64x2.pmax(most, f64x2.div(f64x2.mul(off, off), spread));
      at += 32;
    }
    const distance = f64x2.sqrt(most);
    const to = out + (<usize>item << 3);
    if (other != 0) v128.store(to, distance);
    else v128.store64_lane(to, distance, 0);
  }
}

/**
 * Replicates that `resample` draws of one table, and their values. tables: u32[items * 4]; metrics: u32[count];
 * out: f64[count * stride], a metric after another.
 */
export function resampleConfusion(
  counts: usize,
  tables: usize,
  first: u32,
  seed: f64,
  stream: f64,
  metrics: usize,
  count: u32,
  stride: u32,
  out: usize,
  begin: u32,
  end: u32,
): void {
  resample(counts, 4, tables, first, seed, stream, begin, end);
  for (let metric: usize = 0; metric < <usize>count; metric++) {
    confusionValues(tables, load<u32>(metrics + (metric << 2)), out + ((metric * stride) << 3), begin, end);
  }
}

/**
 * Null tables that `permute` draws, and their distances. drawing: f64[items * 4]; tables: u32[items * groups * 4];
 * metrics: u32[count]; scratch: f64[items * groups * 4]; out: f64[count * stride], a metric after another.
 */
export function permuteConfusion(
  margins: usize,
  groups: u32,
  drawing: usize,
  tables: usize,
  first: u32,
  seed: f64,
  stream: f64,
  metrics: usize,
  count: u32,
  stride: u32,
  scratch: usize,
  out: usize,
  begin: u32,
  end: u32,
): void {
  permute(margins, groups, 4, drawing, tables, first, seed, stream, begin, end);
  for (let metric: usize = 0; metric < <usize>count; metric++) {
    const kind = load<u32>(metrics + (metric << 2));
    confusionDistances(tables, groups, kind, scratch, out + ((metric * stride) << 3), begin, end);
  }
}

@inline function known(value: v128, below: v128): v128 {
  return v128.bitselect(value, f64x2.splat(NaN), f64x2.gt(below, f64x2.splat(0)));
}

@inline function balanced(tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  const positive = f64x2.add(tp, fn);
  const negative = f64x2.add(fp, tn);
  const rates = f64x2.add(f64x2.div(tp, positive), f64x2.div(tn, negative));
  return known(f64x2.mul(rates, f64x2.splat(0.5)), f64x2.min(positive, negative));
}

@inline function balancedVariance(tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  return f64x2.add(shareVariance(tp, f64x2.add(tp, fn)), shareVariance(tn, f64x2.add(fp, tn)));
}

@inline function shareVariance(part: v128, whole: v128): v128 {
  const rate = f64x2.div(part, whole);
  const spread = f64x2.div(f64x2.mul(rate, f64x2.sub(f64x2.splat(1), rate)), whole);
  return f64x2.mul(spread, f64x2.splat(0.25));
}

@inline function kappaBelow(tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  return f64x2.add(
    f64x2.mul(f64x2.add(tp, fp), f64x2.add(fp, tn)),
    f64x2.mul(f64x2.add(tp, fn), f64x2.add(fn, tn)),
  );
}

@inline function determinant(tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  return f64x2.sub(f64x2.mul(tp, tn), f64x2.mul(fp, fn));
}

@inline function kappa(tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  const below = kappaBelow(tp, fp, fn, tn);
  return known(f64x2.div(f64x2.mul(f64x2.splat(2), determinant(tp, fp, fn, tn)), below), below);
}

@inline function kappaVariance(value: v128, tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  const below = kappaBelow(tp, fp, fn, tn);
  const two = f64x2.splat(2);
  const negative = f64x2.add(fp, tn);
  const refused = f64x2.add(fn, tn);
  const decided = f64x2.add(tp, fp);
  const positive = f64x2.add(tp, fn);
  const a = f64x2.div(f64x2.sub(f64x2.mul(two, tn), f64x2.mul(value, f64x2.add(negative, refused))), below);
  const b = f64x2.div(f64x2.sub(f64x2.neg(f64x2.mul(two, fn)), f64x2.mul(value, f64x2.add(negative, decided))), below);
  const c = f64x2.div(f64x2.sub(f64x2.neg(f64x2.mul(two, fp)), f64x2.mul(value, f64x2.add(refused, positive))), below);
  const d = f64x2.div(f64x2.sub(f64x2.mul(two, tp), f64x2.mul(value, f64x2.add(decided, positive))), below);
  return weighted(a, b, c, d, tp, fp, fn, tn);
}

@inline function margins(tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  const rows = f64x2.mul(f64x2.add(tp, fp), f64x2.add(tp, fn));
  return f64x2.mul(f64x2.mul(rows, f64x2.add(tn, fp)), f64x2.add(tn, fn));
}

@inline function mcc(tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  const product = margins(tp, fp, fn, tn);
  return known(f64x2.div(determinant(tp, fp, fn, tn), f64x2.sqrt(product)), product);
}

@inline function mccVariance(value: v128, tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  const one = f64x2.splat(1);
  const root = f64x2.sqrt(margins(tp, fp, fn, tn));
  const half = f64x2.mul(value, f64x2.splat(0.5));
  const decided = f64x2.div(one, f64x2.add(tp, fp));
  const positive = f64x2.div(one, f64x2.add(tp, fn));
  const negative = f64x2.div(one, f64x2.add(tn, fp));
  const refused = f64x2.div(one, f64x2.add(tn, fn));
  const a = f64x2.sub(f64x2.div(tn, root), f64x2.mul(half, f64x2.add(decided, positive)));
  const b = f64x2.sub(f64x2.neg(f64x2.div(fn, root)), f64x2.mul(half, f64x2.add(decided, negative)));
  const c = f64x2.sub(f64x2.neg(f64x2.div(fp, root)), f64x2.mul(half, f64x2.add(positive, refused)));
  const d = f64x2.sub(f64x2.div(tp, root), f64x2.mul(half, f64x2.add(negative, refused)));
  return weighted(a, b, c, d, tp, fp, fn, tn);
}

/** Of the squares of derivatives by the cells. */
@inline function weighted(a: v128, b: v128, c: v128, d: v128, tp: v128, fp: v128, fn: v128, tn: v128): v128 {
  const ab = f64x2.add(f64x2.mul(f64x2.mul(a, a), tp), f64x2.mul(f64x2.mul(b, b), fp));
  return f64x2.add(f64x2.add(ab, f64x2.mul(f64x2.mul(c, c), fn)), f64x2.mul(f64x2.mul(d, d), tn));
}
