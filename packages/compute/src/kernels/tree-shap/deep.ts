import { AssayError } from "@assay/schema";
import type { DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import { type Background, channelWeights } from "./background.ts";
import { type Model, maxPathPlayers } from "./model.ts";
import type { Players } from "./players.ts";

/** Trees explained by the patterns that rows have. */
export interface Deep {
  readonly roots: Uint32Array;
  readonly depth: number;
  readonly mostPlayers: number;
}

/** The background as such trees need it, on the cpu device: float32[columns × rows] and its channels' weights. */
export interface DeepBackground {
  readonly rows: number;
  readonly values: DeviceBuffer;
  readonly weights: DeviceBuffer;
  readonly sets: number;
  readonly channels: number;
}

/** Trees that are worked on side by side; a number of its own, so that sums do not depend on threads. */
const mostLanes = 16;
/** Bytes of scratch and sums over all lanes. */
const laneBytes = 2 ** 28;
const mostRows = 4096;

/**
 * @throws AssayError not-supported for a path with more than 64 players
 */
export function measureDeep(forest: Forest, players: Players, roots: Uint32Array): Deep {
  let depth = 0;
  let mostPlayers = 0;
  for (const root of roots) {
    const open: { node: number; level: number; on: readonly number[] }[] = [{ node: root, level: 0, on: [] }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, level, on } = next;
      const column = forest.column[node] ?? -1;
      depth = Math.max(depth, level);
      mostPlayers = Math.max(mostPlayers, on.length);
      if (column < 0) continue;
      const player = players.of[column] ?? 0;
      const then = on.includes(player) ? on : [...on, player];
      if (then.length > maxPathPlayers) {
        throw new AssayError(
          "not-supported",
          `treeShap: the tree at node ${root} asks more than ${maxPathPlayers} features on one path; explain groups of columns as one player, or train with a limit of depth`,
        );
      }
      open.push({ node: forest.right[node] ?? 0, level: level + 1, on: then });
      open.push({ node: forest.left[node] ?? 0, level: level + 1, on: then });
    }
  }
  return { roots, depth, mostPlayers };
}

/** Copies what the trees need of the background. */
export async function loadDeepBackground(
  model: Model,
  background: Background,
  table: DeviceTable,
  take: (sizeBytes: number) => DeviceBuffer,
): Promise<DeepBackground> {
  const { host } = model;
  const values = take(table.columns * table.rows * 4);
  host.upload(values, await host.download(table.buffer, new Float32Array(table.columns * table.rows)));
  const given = channelWeights(background, 0, background.rows);
  const weights = take(given.byteLength);
  host.upload(weights, given);
  const { linked } = background;
  return { rows: table.rows, values, weights, sets: linked?.links.length ?? 1, channels: linked?.channels ?? 1 };
}

/** What deep trees add to, while a chunk of rows is explained. */
export interface DeepWork {
  readonly table: DeviceTable;
  readonly firstRow: number;
  readonly rows: number;
  readonly pairs: boolean;
  /** f64[tiles][targets][tileRows] */
  readonly sums: DeviceBuffer;
  readonly targets: number;
  readonly tileRows: number;
  /** f64[rows][outputs × channels]; null for values of the sums as they are. */
  readonly factors: Float64Array | null;
}

/** @throws AssayError data-too-large where the background's patterns on a path do not fit */
export async function addDeep(
  model: Model,
  deep: Deep,
  background: DeepBackground | null,
  work: DeepWork,
): Promise<void> {
  const trees = deep.roots.length;
  if (trees === 0) return;
  const { host } = model;
  await useBuffers(host, async (take) => {
    const place = (data: ArrayBufferView): DeviceBuffer => {
      const buffer = take(data.byteLength, "any");
      host.upload(buffer, data);
      return buffer;
    };
    const roots = place(deep.roots);
    const betas = place(betaTable());
    for (let first = 0; first < work.rows; ) {
      const shape = await shapeOf(model, deep, background, work, work.rows - first, take);
      const settings = take(64, "any");
      const sets = background?.sets ?? 1;
      const channels = background?.channels ?? 1;
      const factors = work.factors
        ? place(work.factors.subarray(first * sets * channels, (first + shape.rows) * sets * channels))
        : 0;
      const out = take(shape.lanes * work.targets * shape.rows * 8, "any");
      const scratch = take(shape.lanes * shape.scratchBytes, "any");
      for (let tree = 0; tree < trees; tree += shape.lanes) {
        const lanes = Math.min(shape.lanes, trees - tree);
        const of = [work.table.rows, work.firstRow + first, shape.rows, background?.rows ?? 0, sets, channels];
        of.push(work.pairs ? 1 : 0, model.players.count, model.forest.outputs, deep.depth, deep.mostPlayers);
        of.push(shape.scratchBytes, tree, work.targets);
        host.upload(settings, Uint32Array.from(of));
        const args = [model.nodes, model.covers, model.leafOutputs, model.leafValues, model.quadrature, betas, roots];
        args.push(work.table.buffer);
        const other = [background?.values ?? 0, background?.weights ?? 0, factors, settings, out, scratch];
        await host.dispatch("treeShapDeep", [...args, ...other], lanes);
        const sums = [out, lanes, shape.rows, work.targets, work.sums, work.tileRows, first];
        await host.dispatch("treeShapCollect", sums, work.targets);
      }
      first += shape.rows;
    }
  });
}

/** How many rows and trees at once: as many as the memory for lanes holds. */
async function shapeOf(
  model: Model,
  deep: Deep,
  background: DeepBackground | null,
  work: DeepWork,
  rowsLeft: number,
  take: TakeBuffer,
): Promise<{ rows: number; lanes: number; scratchBytes: number }> {
  const into = take(4, "any");
  const behind = background?.rows ?? 0;
  let rows = Math.min(rowsLeft, mostRows);
  for (;;) {
    // What a pattern on every level takes, before it is asked how much exactly: that is told in 32 bits.
    const patterns = (deep.depth + 1) * (rows + behind) * 8;
    const values = rows * ((deep.mostPlayers * (deep.mostPlayers + 1)) / 2) * (background?.channels ?? 1) * 8;
    let bytes = Number.POSITIVE_INFINITY;
    let scratchBytes = 0;
    if (patterns + values < 2 ** 31) {
      const args = [rows, behind, deep.depth, deep.mostPlayers, work.pairs ? 1 : 0, background?.channels ?? 1, into];
      await model.host.dispatch("treeShapDeepScratch", args);
      [scratchBytes = 0] = await model.host.download(into, new Uint32Array(1));
      bytes = scratchBytes + work.targets * rows * 8;
    }
    if (bytes <= laneBytes || (rows === 1 && bytes <= 4 * laneBytes)) {
      const lanes = Math.min(mostLanes, deep.roots.length, Math.max(1, Math.floor(laneBytes / bytes)));
      return { rows, lanes, scratchBytes };
    }
    if (rows === 1) {
      throw new AssayError(
        "data-too-large",
        `treeShap: ${behind} background rows on trees ${deep.depth} decisions deep need ${patterns} bytes for one tree; use a background of fewer rows`,
      );
    }
    rows = Math.ceil(rows / 2);
  }
}

/** float64[65 × 65]: ∫ t^a (1−t)^b dt = a! b! / (a + b + 1)! over [0, 1]. */
function betaTable(): Float64Array {
  const all = new Float64Array(65 * 65);
  for (let a = 0; a < 65; a++) {
    let value = 1 / (a + 1);
    for (let b = 0; b < 65; b++) {
      all[a * 65 + b] = value;
      value *= (b + 1) / (a + b + 2);
    }
  }
  return all;
}
