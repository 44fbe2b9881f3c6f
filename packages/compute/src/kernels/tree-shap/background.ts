import type { DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import { useBuffers } from "../buffers.ts";
import { loadForest, predictForest } from "../forest/index.ts";
import { type Interval, type Link, makeLink, sigma } from "./link.ts";
import type { Model } from "./model.ts";
import type { Program } from "./program.ts";
import { rankRows, strideOf } from "./ranked-rows.ts";

/** Background rows, ranked, with their weights. */
export interface Background {
  readonly rows: number;
  readonly ranks: DeviceBuffer;
  /** float64[rows], of sum 1; null: every row weighs 1 / rows. */
  readonly weights: Float64Array | null;
  /** Where probabilities are explained: a link for each output and every row's sums, float64[rows × outputs]. */
  readonly linked: Linked | null;
}

export interface Linked {
  readonly links: readonly Link[];
  /** Nodes of the link that has most, and one more where that is odd. */
  readonly channels: number;
  readonly sums: Float64Array;
  /** float64[outputs]: the mean probability. */
  readonly base: Float64Array;
}

/** Lanes that share the blocks of a dispatch; a number of its own, so that sums do not depend on threads. */
export const lanes = 16;
/** Rows whose weights are on the device at once, a multiple of 64. */
const chunkRows = 65536;

/** Ranks all background rows; `take` gives the buffer that they stay in. */
export async function loadBackground(
  model: Model,
  table: DeviceTable,
  weights: Float64Array | null,
  logistic: boolean,
  take: (sizeBytes: number) => DeviceBuffer,
): Promise<Background> {
  const { rows } = table;
  const ranks = take(strideOf(rows) * model.ranker.ranks.rowBytes);
  await rankRows(model.ranker, table, 0, rows, ranks);
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : rows;
  const shares = weights ? weights.map((weight) => weight / total) : null;
  return { rows, ranks, weights: shares, linked: logistic ? await link(model, table, shares) : null };
}

async function link(model: Model, table: DeviceTable, weights: Float64Array | null): Promise<Linked> {
  const { outputs } = model.forest;
  const sums = await predict(model, table);
  const base = new Float64Array(outputs);
  const links = Array.from({ length: outputs }, (_, output) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < table.rows; row++) {
      const value = sums[row * outputs + output] ?? 0;
      low = Math.min(low, value);
      high = Math.max(high, value);
      base[output] = (base[output] ?? 0) + (weights?.[row] ?? 1 / table.rows) * sigma(value);
    }
    return makeLink(reach(model, output), { low, high });
  });
  const most = Math.max(1, ...links.map((one) => one.nodes.length));
  return { links, channels: most + (most % 2), sums, base };
}

/** The sums that rows can have in an output: every tree's lowest and highest leaf. */
function reach(model: Model, output: number): Interval {
  const { forest } = model;
  let low = forest.base[output] ?? 0;
  let high = low;
  for (const root of forest.roots) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const [left, right] = [forest.left[node] ?? 0, forest.right[node] ?? 0];
      if ((forest.column[node] ?? -1) >= 0) {
        open.push(left, right);
        continue;
      }
      let value = 0;
      for (let entry = left; entry < right; entry++) {
        if (forest.leafOutput[entry] === output) value += forest.leafValue[entry] ?? 0;
      }
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    low += least;
    high += most;
  }
  return { low, high };
}

/** float64[rows × outputs]: the forest's sums. */
export async function predict(model: Model, table: DeviceTable): Promise<Float64Array> {
  const loaded = loadForest(model.host, model.forest);
  try {
    return await predictForest(loaded, table);
  } finally {
    loaded.free();
  }
}

/** Writes what part of the background has each code: f64[shareEntries][channels] of the program. */
export async function shareOut(
  model: Model,
  background: Background,
  program: Program,
  words: DeviceBuffer,
  into: DeviceBuffer,
): Promise<void> {
  const { host } = model;
  const { rows, ranks, weights, linked } = background;
  const stride = strideOf(rows);
  await useBuffers(host, async (take) => {
    const scratch = take(lanes * 2048, "any");
    if (!weights && !linked) {
      const entries = program.shareEntries;
      const counts = take(entries * 16, "any");
      host.clear(counts);
      const args = [words, program.blocks, ranks, stride, 0, rows, counts, entries, scratch, lanes];
      await host.dispatch("treeShapCount", args, lanes);
      await host.dispatch("treeShapShare", [counts, entries, 1 / rows, into], entries);
      return;
    }
    const sets = linked?.links.length ?? 1;
    const channels = linked?.channels ?? 1;
    host.clear(into);
    const chunk = Math.min(rows, chunkRows);
    const buffer = take(chunk * sets * channels * 8, "any");
    for (let first = 0; first < rows; first += chunk) {
      const here = Math.min(chunk, rows - first);
      host.upload(buffer, channelWeights(background, first, here));
      const args = [words, program.blocks, ranks, stride, first, here, buffer, sets, channels, into, scratch, lanes];
      await host.dispatch("treeShapWeigh", args, lanes);
    }
  });
}

/** float64[rows × sets × channels]: how much each row weighs in each channel. */
export function channelWeights(background: Background, first: number, rows: number): Float64Array {
  const { weights, linked } = background;
  if (!linked) return weights?.subarray(first, first + rows) ?? new Float64Array(rows).fill(1 / background.rows);
  const { links, channels, sums } = linked;
  const out = new Float64Array(rows * links.length * channels);
  for (const [output, one] of links.entries()) {
    for (let row = 0; row < rows; row++) {
      const at = (row * links.length + output) * channels;
      one.shares(sums[(first + row) * links.length + output] ?? 0, out, at);
      const weight = weights?.[first + row] ?? 1 / background.rows;
      for (let channel = at; channel < at + channels; channel++) out[channel] = (out[channel] ?? 0) * weight;
    }
  }
  return out;
}
