import { exp, log, log1p } from "../../numbers/elementary.as";
import { choose, COVER, GAIN, leafValue, NODE_BYTES, sums, VALUE } from "./split.as";

// Entries of the boost kernel: one regression tree over binned columns, grown best leaf first.
//
// bins:    u8[rows][features], each row's bins side by side
// offsets: u32[features + 1], where a column's bins begin in a histogram; missing: u8[features], 1 where its last bin is
//          that of missing values
// pairs:   i64[rows][2], a row's gradient, and 1 << shift | its hessian, both as integers: see reference.ts. A histogram is
//          the sum of the pairs in each bin, i64[bins][2]: integers, so that no order of rows and no thread changes a bit.
// order:   u32[rows], of which the first `sample` are grown on; those of a leaf lie side by side, ascending
// state:   u32[16]: see below

const STATUS: usize = 0;
const NODES: usize = 4;
const LEAVES: usize = 8;
/** The histogram asked for: its place, its rows in order, and the node that it is of. */
const SLOT: usize = 12;
const BEGIN: usize = 16;
const END: usize = 20;
const ASKED: usize = 24;
const SLOTS: usize = 28;

const DONE: u32 = 0;
const WAITING: u32 = 1;
const START: u32 = 2;

// A node, 96 bytes; its best split is from GAIN on.
const FEATURE: usize = 0;
const BIN: usize = 4;
const MISSING_LEFT: usize = 8;
const LEFT: usize = 12;
const RIGHT: usize = 16;
const ROWS_BEGIN: usize = 20;
const ROWS_END: usize = 24;
const DEPTH: usize = 28;
const SUM_G: usize = 32;
const SUM_H: usize = 40;
const OWN_SLOT: usize = 56;
const OPEN: usize = 60;
const LEFT_G: usize = 64;
const LEFT_H: usize = 72;

/**
 * pairs of rows begin to end, of each of `outputs` outputs (i64[outputs][rows][2]), from scores f64[outputs][rows],
 * labels f64[rows] and weights f64[rows] (0: all are 1). loss: 0 squared error, 1 log loss of two classes, 2 of several.
 */
export function boostGradients(
  loss: u32,
  scores: usize,
  labels: usize,
  weights: usize,
  outputs: u32,
  rows: u32,
  gradientUnits: f64,
  hessianUnits: f64,
  shift: u32,
  pairs: usize,
  begin: u32,
  end: u32,
): void {
  const one: i64 = (<i64>1) << (<i64>shift);
  for (let row = begin; row < end; row++) {
    const at = <usize>row << 3;
    const label = load<f64>(labels + at);
    const weight: f64 = weights == 0 ? 1 : load<f64>(weights + at);
    if (loss == 2) {
      let top: f64 = -Infinity;
      for (let output: u32 = 0; output < outputs; output++) {
        top = max(top, load<f64>(scores + ((<usize>output * rows + row) << 3)));
      }
      let sum: f64 = 0;
      for (let output: u32 = 0; output < outputs; output++) {
        sum += exp(load<f64>(scores + ((<usize>output * rows + row) << 3)) - top);
      }
      for (let output: u32 = 0; output < outputs; output++) {
        const place = <usize>output * rows + row;
        const p = exp(load<f64>(scores + (place << 3)) - top) / sum;
        const gradient = p - (label == <f64>output ? 1 : 0);
        put(pairs + (place << 4), gradient * weight * gradientUnits, p * (1 - p) * weight * hessianUnits, one);
      }
      continue;
    }
    const score = load<f64>(scores + at);
    let gradient = score - label;
    let hessian: f64 = 1;
    if (loss == 1) {
      const e = exp(-abs(score));
      const p: f64 = score < 0 ? e / (1 + e) : 1 / (1 + e);
      gradient = p - label;
      hessian = e / ((1 + e) * (1 + e));
    }
    put(pairs + (<usize>row << 4), gradient * weight * gradientUnits, hessian * weight * hessianUnits, one);
  }
}

@inline
function put(at: usize, gradient: f64, hessian: f64, one: i64): void {
  store<i64>(at, <i64>nearest(gradient));
  store<i64>(at, one + <i64>nearest(hessian), 8);
}

/** out: f64 = the largest size of a row's weighted residual. */
export function boostLargest(scores: usize, labels: usize, weights: usize, rows: u32, out: usize): void {
  let most: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const at = <usize>row << 3;
    const size = abs(load<f64>(scores + at) - load<f64>(labels + at));
    most = max(most, weights == 0 ? size : size * load<f64>(weights + at));
  }
  store<f64>(out, most);
}

/** out: f64[2] = the weighted losses (half of squared errors) and the weights of the rows order[begin] to order[end - 1]. */
export function boostLoss(
  loss: u32,
  scores: usize,
  labels: usize,
  weights: usize,
  outputs: u32,
  rows: u32,
  order: usize,
  begin: u32,
  end: u32,
  out: usize,
): void {
  let total: f64 = 0;
  let weighed: f64 = 0;
  for (let place = begin; place < end; place++) {
    const row = load<u32>(order + (<usize>place << 2));
    const at = <usize>row << 3;
    const label = load<f64>(labels + at);
    const weight: f64 = weights == 0 ? 1 : load<f64>(weights + at);
    const score = load<f64>(scores + at);
    let own: f64 = 0;
    if (loss == 0) own = 0.5 * (score - label) * (score - label);
    else if (loss == 1) own = max<f64>(score, 0) - score * label + log1p(exp(-abs(score)));
    else {
      let top: f64 = -Infinity;
      for (let output: u32 = 0; output < outputs; output++) {
        top = max(top, load<f64>(scores + ((<usize>output * rows + row) << 3)));
      }
      let sum: f64 = 0;
      for (let output: u32 = 0; output < outputs; output++) {
        sum += exp(load<f64>(scores + ((<usize>output * rows + row) << 3)) - top);
      }
      own = top + log(sum) - load<f64>(scores + ((<usize>(<u32>label) * rows + row) << 3));
    }
    total += weight * own;
    weighed += weight;
  }
  store<f64>(out, total);
  store<f64>(out, weighed, 8);
}

/** The histogram that boostGrow waits for; an item is a column. */
export function boostHistogram(
  bins: usize,
  features: u32,
  offsets: usize,
  totalBins: u32,
  pairs: usize,
  output: u32,
  rows: u32,
  order: usize,
  histograms: usize,
  state: usize,
  begin: u32,
  end: u32,
): void {
  pairs += (<usize>output * rows) << 4;
  const histogram = histograms + ((<usize>load<u32>(state + SLOT) * totalBins) << 4);
  fill(bins, features, offsets, pairs, order, histogram, load<u32>(state + BEGIN), load<u32>(state + END), begin, end);
}

/** Columns first to last of the rows order[begin] to order[end - 1]. */
function fill(
  bins: usize,
  features: u32,
  offsets: usize,
  pairs: usize,
  order: usize,
  histogram: usize,
  begin: u32,
  end: u32,
  first: u32,
  last: u32,
): void {
  const from = load<u32>(offsets + (<usize>first << 2));
  const until = load<u32>(offsets + (<usize>last << 2));
  memory.fill(histogram + (<usize>from << 4), 0, <usize>(until - from) << 4);
  const begins = offsets + (<usize>first << 2);
  const fours = (last - first) & ~3;
  for (let place = begin; place < end; place++) {
    const row = <usize>load<u32>(order + (<usize>place << 2));
    const pair = v128.load(pairs + (row << 4));
    let at = bins + row * features + first;
    let offset = begins;
    const stop = at + fours;
    for (; at < stop; at += 4) {
      const a = histogram + (<usize>(load<u32>(offset) + load<u8>(at)) << 4);
      v128.store(a, i64x2.add(v128.load(a), pair));
      const b = histogram + (<usize>(load<u32>(offset, 4) + load<u8>(at, 1)) << 4);
      v128.store(b, i64x2.add(v128.load(b), pair));
      const c = histogram + (<usize>(load<u32>(offset, 8) + load<u8>(at, 2)) << 4);
      v128.store(c, i64x2.add(v128.load(c), pair));
      const d = histogram + (<usize>(load<u32>(offset, 12) + load<u8>(at, 3)) << 4);
      v128.store(d, i64x2.add(v128.load(d), pair));
      offset += 16;
    }
    const end = bins + row * features + last;
    for (; at < end; at++) {
      const a = histogram + (<usize>(load<u32>(offset) + load<u8>(at)) << 4);
      v128.store(a, i64x2.add(v128.load(a), pair));
      offset += 4;
    }
  }
}

/**
 * Grows a tree until it is done (state 0), or needs a histogram of `most` rows times columns or more (state 1), which
 * boostHistogram makes on all threads; then called again. Starts where the state is 2. When done it has added the leaves'
 * values to the output's scores (f64[outputs][rows]) of all rows, those behind the sample too.
 * nodes: 96 bytes each, 2 * maxLeaves - 1 of them; allowed: u8[features], columns that may be split on.
 */
export function boostGrow(
  bins: usize,
  features: u32,
  offsets: usize,
  missing: usize,
  allowed: usize,
  totalBins: u32,
  pairs: usize,
  output: u32,
  rows: u32,
  order: usize,
  spare: usize,
  sample: u32,
  histograms: usize,
  nodes: usize,
  maxLeaves: u32,
  maxDepth: u32,
  minRows: u32,
  minHessian: f64,
  lambda: f64,
  minGain: f64,
  rate: f64,
  gradientUnit: f64,
  hessianUnit: f64,
  shift: u32,
  most: f64,
  scores: usize,
  weights: usize,
  state: usize,
): void {
  pairs += (<usize>output * rows) << 4;
  scores += (<usize>output * rows) << 3;
  const bytes = <usize>totalBins << 4;
  let ready = load<u32>(state) == WAITING;
  if (load<u32>(state) == START) {
    store<u32>(state + NODES, 1);
    store<u32>(state + LEAVES, 1);
    store<u32>(state + SLOTS, 1);
    newLeaf(nodes, 0, sample, 0);
    sums(pairs, order, 0, sample, nodes + SUM_G);
    store<u32>(nodes + OWN_SLOT, 0);
    if (mayBeSplit(nodes, maxDepth, minRows) && maxLeaves > 1) ask(state, 0, 0, sample, 0);
    else store<u32>(state, DONE);
  }
  while (load<u32>(state) != DONE) {
    const asked = load<u32>(state + ASKED);
    const node = nodes + <usize>asked * NODE_BYTES;
    const begin = load<u32>(state + BEGIN);
    const end = load<u32>(state + END);
    const slot = load<u32>(state + SLOT);
    const histogram = histograms + <usize>slot * bytes;
    if (!ready) {
      if (<f64>(end - begin) * <f64>features >= most) {
        store<u32>(state, WAITING);
        return;
      }
      fill(bins, features, offsets, pairs, order, histogram, begin, end, 0, features);
    }
    ready = false;
    store<u32>(node + OWN_SLOT, slot);
    if (mayBeSplit(node, maxDepth, minRows)) {
      choose(node, histogram, features, offsets, missing, allowed, minRows, minHessian, lambda, minGain, gradientUnit, hessianUnit, shift);
    }
    if (asked != 0) {
      // The other child's is what is left of the parent's.
      const other = nodes + <usize>(((asked - 1) ^ 1) + 1) * NODE_BYTES;
      if (mayBeSplit(other, maxDepth, minRows)) {
        const whole = histograms + <usize>load<u32>(other + OWN_SLOT) * bytes;
        for (let at: usize = 0; at < bytes; at += 16) {
          v128.store(whole + at, i64x2.sub(v128.load(whole + at), v128.load(histogram + at)));
        }
        choose(other, whole, features, offsets, missing, allowed, minRows, minHessian, lambda, minGain, gradientUnit, hessianUnit, shift);
      }
    }
    next(bins, features, offsets, missing, order, spare, nodes, maxLeaves, maxDepth, minRows, shift, state);
  }
  if (load<u32>(state) == DONE) {
    finish(bins, features, offsets, missing, order, sample, rows, nodes, lambda, rate, gradientUnit, hessianUnit, shift, scores, weights, state);
  }
}

function ask(state: usize, node: u32, begin: u32, end: u32, slot: u32): void {
  store<u32>(state + STATUS, START);
  store<u32>(state + ASKED, node);
  store<u32>(state + BEGIN, begin);
  store<u32>(state + END, end);
  store<u32>(state + SLOT, slot);
}

function newLeaf(node: usize, begin: u32, end: u32, depth: u32): void {
  memory.fill(node, 0, NODE_BYTES);
  store<i32>(node + FEATURE, -1);
  store<u32>(node + ROWS_BEGIN, begin);
  store<u32>(node + ROWS_END, end);
  store<u32>(node + DEPTH, depth);
}

@inline
function mayBeSplit(node: usize, maxDepth: u32, minRows: u32): bool {
  const rows = load<u32>(node + ROWS_END) - load<u32>(node + ROWS_BEGIN);
  return load<u32>(node + DEPTH) < maxDepth && <u64>rows >= 2 * <u64>minRows && rows > 1;
}

/** Splits the leaf that gains most, and those after it, until a histogram is needed or nothing is left to split. */
function next(
  bins: usize,
  features: u32,
  offsets: usize,
  missing: usize,
  order: usize,
  spare: usize,
  nodes: usize,
  maxLeaves: u32,
  maxDepth: u32,
  minRows: u32,
  shift: u32,
  state: usize,
): void {
  for (;;) {
    const count = load<u32>(state + NODES);
    let best: usize = 0;
    let gain: f64 = 0;
    for (let index: u32 = 0; index < count; index++) {
      const node = nodes + <usize>index * NODE_BYTES;
      if (load<u32>(node + OPEN) == 1 && (best == 0 || load<f64>(node + GAIN) > gain)) {
        best = node;
        gain = load<f64>(node + GAIN);
      }
    }
    if (best == 0 || load<u32>(state + LEAVES) >= maxLeaves) {
      store<u32>(state + STATUS, DONE);
      return;
    }
    const begin = load<u32>(best + ROWS_BEGIN);
    const end = load<u32>(best + ROWS_END);
    const middle = partition(bins, features, offsets, missing, order, spare, best, begin, end);
    const depth = load<u32>(best + DEPTH) + 1;
    const left = nodes + <usize>count * NODE_BYTES;
    const right = left + NODE_BYTES;
    newLeaf(left, begin, middle, depth);
    newLeaf(right, middle, end, depth);
    store<i64>(left + SUM_G, load<i64>(best + LEFT_G));
    store<i64>(left + SUM_H, load<i64>(best + LEFT_H));
    store<i64>(right + SUM_G, load<i64>(best + SUM_G) - load<i64>(best + LEFT_G));
    store<i64>(right + SUM_H, load<i64>(best + SUM_H) - load<i64>(best + LEFT_H));
    store<u32>(best + LEFT, count);
    store<u32>(best + RIGHT, count + 1);
    store<u32>(best + OPEN, 0);
    store<u32>(state + NODES, count + 2);
    const leaves = load<u32>(state + LEAVES) + 1;
    store<u32>(state + LEAVES, leaves);
    const kept = load<u32>(best + OWN_SLOT);
    if (leaves < maxLeaves && (mayBeSplit(left, maxDepth, minRows) || mayBeSplit(right, maxDepth, minRows))) {
      const leftIsSmall = middle - begin <= end - middle;
      const slot = load<u32>(state + SLOTS);
      store<u32>(state + SLOTS, slot + 1);
      store<u32>((leftIsSmall ? right : left) + OWN_SLOT, kept);
      if (leftIsSmall) ask(state, count, begin, middle, slot);
      else ask(state, count + 1, middle, end, slot);
      return;
    }
  }
}

/** Rows that go left first, both sides in their order; returns where the right ones begin. */
function partition(
  bins: usize,
  features: u32,
  offsets: usize,
  missing: usize,
  order: usize,
  spare: usize,
  node: usize,
  begin: u32,
  end: u32,
): u32 {
  const feature = load<i32>(node + FEATURE);
  const column = bins + <usize>feature;
  const cut = load<u32>(node + BIN);
  const none = missingBin(offsets, missing, feature);
  const missingLeft = load<u32>(node + MISSING_LEFT);
  let to = order + (<usize>begin << 2);
  let aside = spare;
  const stop = order + (<usize>end << 2);
  for (let from = to; from < stop; from += 4) {
    const row = load<u32>(from);
    const bin = <u32>load<u8>(column + <usize>row * features);
    const left: u32 = bin == none ? missingLeft : bin <= cut ? 1 : 0;
    // Written to both sides; the one that is not meant is written over.
    store<u32>(to, row);
    store<u32>(aside, row);
    to += <usize>left << 2;
    aside += <usize>(1 - left) << 2;
  }
  memory.copy(to, spare, aside - spare);
  return <u32>((to - order) >> 2);
}

/** The number of the bin of missing values; where there is none, one that no row has. */
@inline
function missingBin(offsets: usize, missing: usize, feature: i32): u32 {
  const at = offsets + (<usize>feature << 2);
  return load<u8>(missing + <usize>feature) == 1 ? load<u32>(at, 4) - load<u32>(at) - 1 : 256;
}

/** Values and covers of leaves, covers of the nodes above them; scores of all rows. */
function finish(
  bins: usize,
  features: u32,
  offsets: usize,
  missing: usize,
  order: usize,
  sample: u32,
  rows: u32,
  nodes: usize,
  lambda: f64,
  rate: f64,
  gradientUnit: f64,
  hessianUnit: f64,
  shift: u32,
  scores: usize,
  weights: usize,
  state: usize,
): void {
  for (let index = <i32>load<u32>(state + NODES) - 1; index >= 0; index--) {
    const node = nodes + <usize>index * NODE_BYTES;
    if (load<u32>(node + LEFT) != 0) {
      const left = nodes + <usize>load<u32>(node + LEFT) * NODE_BYTES;
      store<f64>(node + COVER, load<f64>(left + COVER) + load<f64>(left + NODE_BYTES + COVER));
      continue;
    }
    const value = leafValue(node, lambda, rate, gradientUnit, hessianUnit, shift);
    store<f64>(node + VALUE, value);
    let cover: f64 = 0;
    const end = load<u32>(node + ROWS_END);
    for (let place = load<u32>(node + ROWS_BEGIN); place < end; place++) {
      const at = <usize>load<u32>(order + (<usize>place << 2)) << 3;
      store<f64>(scores + at, load<f64>(scores + at) + value);
      cover += weights == 0 ? 1 : load<f64>(weights + at);
    }
    store<f64>(node + COVER, cover);
  }
  for (let place = sample; place < rows; place++) {
    const row = <usize>load<u32>(order + (<usize>place << 2));
    let node = nodes;
    while (load<u32>(node + LEFT) != 0) {
      const feature = load<i32>(node + FEATURE);
      const bin = <u32>load<u8>(bins + row * features + <usize>feature);
      const none = missingBin(offsets, missing, feature);
      const left = bin == none ? load<u32>(node + MISSING_LEFT) == 1 : bin <= load<u32>(node + BIN);
      node = nodes + <usize>load<u32>(node + (left ? LEFT : RIGHT)) * NODE_BYTES;
    }
    const at = scores + (row << 3);
    store<f64>(at, load<f64>(at) + load<f64>(node + VALUE));
  }
}
