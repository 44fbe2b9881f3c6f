import { AssayError } from "@assay/schema";
import type { Argument, DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { useBuffers } from "../buffers.ts";
import { type Background, channelWeights } from "./background.ts";
import { type Model, maxPathPlayers } from "./model.ts";
import type { Players } from "./players.ts";

/** Trees explained by the patterns that rows have. */
export interface Deep {
  readonly roots: Uint32Array;
  readonly depth: number;
  readonly mostPlayers: number;
  /** Backgrounds of up to so many rows are carried along row by row; larger ones by their patterns. */
  readonly aliveRows: number;
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

/**
 * @throws AssayError not-supported for a path with more than 64 players
 */
export function measureDeep(forest: Forest, players: Players, roots: Uint32Array, aliveRows: number): Deep {
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
  return { roots, depth, mostPlayers, aliveRows };
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

/** One way to explain such trees: what it is called with, and how much scratch a tree takes. */
interface Way {
  readonly entry: string;
  readonly scratchEntry: string;
  readonly scratchArgs: (rows: number) => readonly number[];
  readonly args: (at: Places) => readonly Argument[];
  /** Bytes that 32 bits may not be able to tell, about. */
  readonly most: (rows: number) => number;
  readonly rows: number;
}

interface Places {
  readonly roots: DeviceBuffer;
  readonly betas: DeviceBuffer;
  readonly table: DeviceTable;
  readonly factors: Argument;
}

function wayOf(model: Model, deep: Deep, background: DeepBackground | null, pairs: boolean): Way {
  const { nodes, covers, leafOutputs, leafValues, quadrature } = model;
  const { depth, mostPlayers } = deep;
  const { rows: behind, channels } = background ?? { rows: 0, channels: 1 };
  const places = (mostPlayers * (mostPlayers + 1)) / 2;
  const values = background?.values ?? 0;
  const weights = background?.weights ?? 0;
  if (!background && !pairs) {
    return {
      entry: "treeShapCovers",
      scratchEntry: "treeShapCoversScratch",
      scratchArgs: () => [depth, mostPlayers, model.players.count],
      args: ({ roots, table }) => [nodes, covers, leafOutputs, leafValues, quadrature, roots, table.buffer],
      most: () => depth * mostPlayers * 1024,
      rows: 4096,
    };
  }
  if (background && behind <= deep.aliveRows) {
    return {
      entry: "treeShapAlive",
      scratchEntry: "treeShapAliveScratch",
      scratchArgs: (rows) => [rows, behind, depth, mostPlayers, pairs ? 1 : 0, channels],
      args: ({ roots, betas, table, factors }) => [
        ...[nodes, leafOutputs, leafValues, betas, roots, table.buffer],
        ...[values, weights, factors],
      ],
      most: (rows) => (depth + 1) * (rows * (32 + behind / 8) + behind * 8),
      rows: 1024,
    };
  }
  return {
    entry: "treeShapDeep",
    scratchEntry: "treeShapDeepScratch",
    scratchArgs: (rows) => [rows, behind, depth, mostPlayers, pairs ? 1 : 0, channels],
    args: ({ roots, betas, table, factors }) => [
      ...[nodes, covers, leafOutputs, leafValues, quadrature, betas, roots, table.buffer],
      ...[values, weights, factors],
    ],
    most: (rows) => (depth + 1) * (rows + behind) * 8 + rows * places * channels * 8,
    rows: 4096,
  };
}

/** @throws AssayError data-too-large where the background's rows do not fit on the levels of a tree */
export async function addDeep(
  model: Model,
  deep: Deep,
  background: DeepBackground | null,
  work: DeepWork,
): Promise<void> {
  const trees = deep.roots.length;
  if (trees === 0) return;
  const { host } = model;
  const way = wayOf(model, deep, background, work.pairs);
  const { rows: behind, sets, channels } = background ?? { rows: 0, sets: 1, channels: 1 };
  const shape = await shapeOf(model, deep, way, work, behind);
  for (let first = 0; first < work.rows; first += shape.rows) {
    const rows = Math.min(shape.rows, work.rows - first);
    await useBuffers(host, async (take) => {
      const place = (data: ArrayBufferView): DeviceBuffer => {
        const buffer = take(data.byteLength, "any");
        host.upload(buffer, data);
        return buffer;
      };
      const own = work.factors?.subarray(first * sets * channels, (first + rows) * sets * channels);
      const at = {
        roots: place(deep.roots),
        betas: place(betaTable()),
        table: work.table,
        factors: own ? place(own) : 0,
      };
      const settings = take(64, "any");
      const out = take(shape.lanes * work.targets * rows * 8, "any");
      const scratch = take(shape.lanes * shape.scratchBytes, "any");
      for (let tree = 0; tree < trees; tree += shape.lanes) {
        const lanes = Math.min(shape.lanes, trees - tree);
        const of = [work.table.rows, work.firstRow + first, rows, behind, sets, channels, work.pairs ? 1 : 0];
        of.push(model.players.count, model.forest.outputs, deep.depth, deep.mostPlayers);
        of.push(shape.scratchBytes, tree, work.targets);
        host.upload(settings, Uint32Array.from(of));
        await host.dispatch(way.entry, [...way.args(at), settings, out, scratch], lanes);
        const sums = [out, lanes, rows, work.targets, work.sums, work.tileRows, first];
        await host.dispatch("treeShapCollect", sums, rows);
      }
    });
  }
}

/** How many rows and trees at once: as many as the memory for lanes holds. */
async function shapeOf(
  model: Model,
  deep: Deep,
  way: Way,
  work: DeepWork,
  behind: number,
): Promise<{ rows: number; lanes: number; scratchBytes: number }> {
  const { host } = model;
  for (let rows = Math.min(work.rows, way.rows); ; rows = Math.ceil(rows / 2)) {
    let bytes = way.most(rows);
    let scratchBytes = 0;
    if (bytes < 2 ** 31) {
      scratchBytes = await useBuffers(host, async (take) => {
        const into = take(4, "any");
        await host.dispatch(way.scratchEntry, [...way.scratchArgs(rows), into]);
        return (await host.download(into, new Uint32Array(1)))[0] ?? 0;
      });
      bytes = scratchBytes + work.targets * rows * 8;
    }
    if (scratchBytes > 0 && (bytes <= laneBytes || (rows === 1 && bytes <= 4 * laneBytes))) {
      const lanes = Math.min(mostLanes, deep.roots.length, Math.max(1, Math.floor(laneBytes / bytes)));
      return { rows, lanes, scratchBytes };
    }
    if (rows === 1) {
      throw new AssayError(
        "data-too-large",
        `treeShap: ${behind} background rows on trees ${deep.depth} decisions deep need about ${bytes} bytes for one tree; use a background of fewer rows`,
      );
    }
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
