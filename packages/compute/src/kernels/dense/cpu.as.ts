// Entries of the dense kernel. Rows go through the whole network in blocks of eight, f32[features][8], a few blocks at a
// time so that they stay in the cache together with a panel of weights.
// layers: u32[layers][5] = inputs, outputs, activation, and where in `parameters` (f32) weights and biases begin.
// Weights stand in panels of four outputs: f32[panels][inputs][4]; see pack.ts.
import { activate } from "./activations.as";

@inline function layerField(layers: usize, layer: u32, field: usize): u32 {
  return load<u32>(layers + <usize>layer * 20 + (field << 2));
}

/**
 * Four outputs of eight rows: out[o][8] = bias[o] + x[0][8] w[0][o] + x[1][8] w[1][o] + ..., added in that order.
 */
@inline function panel(x: usize, weights: usize, end: usize, bias: usize, out: usize): void {
  let a0 = v128.load32_splat(bias);
  let a1 = v128.load32_splat(bias, 4);
  let a2 = v128.load32_splat(bias, 8);
  let a3 = v128.load32_splat(bias, 12);
  let b0 = a0;
  let b1 = a1;
  let b2 = a2;
  let b3 = a3;
  for (; weights < end; weights += 16) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    x += 32;
    let w = v128.load32_splat(weights);
    a0 = f32x4.add(a0, f32x4.mul(a, w));
    b0 = f32x4.add(b0, f32x4.mul(b, w));
    w = v128.load32_splat(weights, 4);
    a1 = f32x4.add(a1, f32x4.mul(a, w));
    b1 = f32x4.add(b1, f32x4.mul(b, w));
    w = v128.load32_splat(weights, 8);
    a2 = f32x4.add(a2, f32x4.mul(a, w));
    b2 = f32x4.add(b2, f32x4.mul(b, w));
    w = v128.load32_splat(weights, 12);
    a3 = f32x4.add(a3, f32x4.mul(a, w));
    b3 = f32x4.add(b3, f32x4.mul(b, w));
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  v128.store(out, a1, 32);
  v128.store(out, b1, 48);
  v128.store(out, a2, 64);
  v128.store(out, b2, 80);
  v128.store(out, a3, 96);
  v128.store(out, b3, 112);
}

/** The sums of one layer for some blocks of rows, `stride` bytes from block to block. */
function sums(layers: usize, parameters: usize, layer: u32, x: usize, y: usize, blocks: u32, stride: usize): void {
  const bytes = <usize>layerField(layers, layer, 0) << 4;
  const panels = (layerField(layers, layer, 1) + 3) >> 2;
  let weights = parameters + (<usize>layerField(layers, layer, 3) << 2);
  let bias = parameters + (<usize>layerField(layers, layer, 4) << 2);
  const last = x + <usize>blocks * stride;
  for (let p: u32 = 0; p < panels; p++) {
    let out = y + (<usize>p << 7);
    for (let block = x; block < last; block += stride) {
      panel(block, weights, weights + bytes, bias, out);
      out += stride;
    }
    weights += bytes;
    bias += 16;
  }
}

/** From the first layer's sums in `y` to the outputs; returns where they are: `y` or `x`. */
function finish(layers: usize, count: u32, parameters: usize, x: usize, y: usize, blocks: u32, stride: usize): usize {
  for (let layer: u32 = 0; layer < count; layer++) {
    if (layer > 0) {
      sums(layers, parameters, layer, y, x, blocks, stride);
      const swap = x;
      x = y;
      y = swap;
    }
    const kind = layerField(layers, layer, 2);
    if (kind == 0) continue;
    const outputs = layerField(layers, layer, 1);
    for (let block: u32 = 0; block < blocks; block++) activate(kind, y + <usize>block * stride, outputs);
  }
  return y;
}

/** Row-major: out[row][outputs]. */
function unpack(y: usize, stride: usize, outputs: u32, out: usize, rows: u32): void {
  const width = <usize>outputs << 2;
  for (let output: usize = 0; output < <usize>outputs; output++) {
    for (let row: u32 = 0; row < rows; row++) {
      const value = load<f32>(y + <usize>(row >> 3) * stride + (output << 5) + (<usize>(row & 7) << 2));
      store<f32>(out + <usize>row * width + (output << 2), value);
    }
  }
}

/**
 * Eight rows of a table's columns, from `row` on; beyond `last` the last row again. With slots (i32[columns], or 0) a
 * column of slot s >= 0 is read in the rows view[s][row]. A row with a value that is NaN or infinite gets NaN in its
 * first column, and so NaN in every sum.
 */
function gather(table: usize, rows: u32, columns: u32, view: usize, slots: usize, row: u32, last: u32, x: usize): void {
  let oddA = i32x4.splat(0);
  let oddB = oddA;
  let out = x;
  for (let column: u32 = 0; column < columns; column++) {
    const from = table + ((<usize>column * <usize>rows) << 2);
    const slot = slots == 0 ? -1 : load<i32>(slots + (<usize>column << 2));
    if (slot < 0 && row + 7 <= last) {
      const at = from + (<usize>row << 2);
      v128.store(out, v128.load(at));
      v128.store(out, v128.load(at, 16), 16);
    } else {
      const indexes = view + ((<usize>slot * <usize>rows) << 2);
      for (let lane: u32 = 0; lane < 8; lane++) {
        let at = min<u32>(row + lane, last);
        if (slot >= 0) at = load<u32>(indexes + (<usize>at << 2));
        store<f32>(out + (<usize>lane << 2), load<f32>(from + (<usize>at << 2)));
      }
    }
    const a = v128.load(out);
    const b = v128.load(out, 16);
    oddA = v128.or(oddA, f32x4.ne(f32x4.sub(a, a), f32x4.splat(0)));
    oddB = v128.or(oddB, f32x4.ne(f32x4.sub(b, b), f32x4.splat(0)));
    out += 32;
  }
  v128.store(x, v128.or(v128.load(x), oddA));
  v128.store(x, v128.or(v128.load(x, 16), oddB), 16);
}

/**
 * Predicts the rows first, first + 1, ..., first + count - 1 of a table: out f32[count][outputs]. Item i is the rows from
 * i * itemRows on. scratch: itemBytes for each item, of which those of the first item are used: two times `blocks` blocks
 * of `stride` bytes. sums, where it is not 0, receives the first layer's sums, block after block.
 */
export function densePredict(
  table: usize,
  rows: u32,
  columns: u32,
  view: usize,
  slots: usize,
  first: u32,
  count: u32,
  layers: usize,
  layerCount: u32,
  parameters: usize,
  blocks: u32,
  stride: u32,
  scratch: usize,
  itemBytes: u32,
  itemRows: u32,
  keep: usize,
  out: usize,
  begin: u32,
  end: u32,
): void {
  const x = scratch + <usize>begin * <usize>itemBytes;
  const y = x + <usize>blocks * <usize>stride;
  const outputs = layerField(layers, layerCount - 1, 1);
  const kept = ((<usize>layerField(layers, 0, 1) + 3) & ~3) << 5;
  const until = min<u32>(count, end * itemRows);
  const step = blocks << 3;
  for (let row = begin * itemRows; row < until; row += step) {
    const here = min<u32>(step, until - row);
    const used = (here + 7) >> 3;
    for (let block: u32 = 0; block < used; block++) {
      const into = x + <usize>block * <usize>stride;
      gather(table, rows, columns, view, slots, first + row + (block << 3), first + count - 1, into);
    }
    sums(layers, parameters, 0, x, y, used, stride);
    if (keep != 0) {
      for (let block: u32 = 0; block < used; block++) {
        memory.copy(keep + <usize>((row >> 3) + block) * kept, y + <usize>block * <usize>stride, kept);
      }
    }
    const result = finish(layers, layerCount, parameters, x, y, used, stride);
    unpack(result, stride, outputs, out + ((<usize>row * <usize>outputs) << 2), here);
  }
}

/**
 * As densePredict, from kept sums: pairs u32[pairCount][2] = column and slot, each adding (x' - x) w[column] to the
 * first layer's sums, in their order.
 */
export function denseShift(
  table: usize,
  rows: u32,
  view: usize,
  pairs: usize,
  pairCount: u32,
  first: u32,
  count: u32,
  layers: usize,
  layerCount: u32,
  parameters: usize,
  blocks: u32,
  stride: u32,
  scratch: usize,
  itemBytes: u32,
  itemRows: u32,
  keep: usize,
  out: usize,
  begin: u32,
  end: u32,
): void {
  const x = scratch + <usize>begin * <usize>itemBytes;
  const y = x + <usize>blocks * <usize>stride;
  const inputs = layerField(layers, 0, 0);
  const panels = (layerField(layers, 0, 1) + 3) >> 2;
  const weights = parameters + (<usize>layerField(layers, 0, 3) << 2);
  const outputs = layerField(layers, layerCount - 1, 1);
  const kept = <usize>panels << 7;
  const until = min<u32>(count, end * itemRows);
  const step = blocks << 3;
  for (let row = begin * itemRows; row < until; row += step) {
    const here = min<u32>(step, until - row);
    const used = (here + 7) >> 3;
    for (let block: u32 = 0; block < used; block++) {
      const into = y + <usize>block * <usize>stride;
      memory.copy(into, keep + <usize>((row >> 3) + block) * kept, kept);
      for (let pair: u32 = 0; pair < pairCount; pair++) {
        const column = load<u32>(pairs + (<usize>pair << 3));
        const slot = load<u32>(pairs + (<usize>pair << 3), 4);
        const from = table + ((<usize>column * <usize>rows) << 2);
        const indexes = view + ((<usize>slot * <usize>rows) << 2);
        for (let lane: u32 = 0; lane < 8; lane++) {
          const at = <usize>min<u32>(first + row + (block << 3) + lane, first + count - 1) << 2;
          const other = <usize>load<u32>(indexes + at) << 2;
          store<f32>(x + (<usize>lane << 2), load<f32>(from + other) - load<f32>(from + at));
        }
        add(into, v128.load(x), v128.load(x, 16), weights + (<usize>column << 4), <usize>inputs << 4, panels);
      }
    }
    const result = finish(layers, layerCount, parameters, x, y, used, stride);
    unpack(result, stride, outputs, out + ((<usize>row * <usize>outputs) << 2), here);
  }
}

/** y[o][8] += d[8] w[o] for all outputs; the weights of a panel stand `step` bytes after those of the one before. */
function add(y: usize, a: v128, b: v128, weights: usize, step: usize, panels: u32): void {
  for (let p: u32 = 0; p < panels; p++) {
    for (let output: usize = 0; output < 16; output += 4) {
      const w = v128.load32_splat(weights + output);
      v128.store(y, f32x4.add(v128.load(y), f32x4.mul(a, w)));
      v128.store(y, f32x4.add(v128.load(y, 16), f32x4.mul(b, w)), 16);
      y += 32;
    }
    weights += step;
  }
}
