import type { Device } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { checkBackground, checkCover, checkTrees, usage } from "./check.ts";
import { GpuShap } from "./on-gpu.ts";
import { type Chunk, HostShap } from "./on-host.ts";
import { usualLimits } from "./plan.ts";
import { type Players, readPlayers } from "./players.ts";
import { squares } from "./squares.ts";

export interface TreeShapOptions {
  readonly kind: "interventional" | "path-dependent";
  /** Rows that stand for "not told": needed for interventional values, null for path-dependent ones. */
  readonly background: DeviceTable | null;
  /** float64[background rows], finite, at least 0, not all 0; null: all alike. */
  readonly weights?: Float64Array | null;
  /** `logistic` explains the probability of a sum of log-odds; interventional only. Default identity. */
  readonly link?: "identity" | "logistic";
  /** i32[inputs]: the player of each column, numbered from 0, where columns are explained as one; null: each its own. */
  readonly players?: Int32Array | null;
  /**
   * About how many rows will be explained; default many. Below 1,000 path-dependent values come without tables, which
   * take longer to make than so few rows take to explain; they differ by rounding from those with tables.
   */
  readonly expectRows?: number;
}

/** A forest and its background, ready to explain rows. */
export interface LoadedTreeShap {
  /** Where tables of rows lie. */
  readonly device: Device;
  /** What rows are explained on: `device`, or its host for what a GPU cannot win. */
  readonly runsOn: Device;
  readonly kind: "interventional" | "path-dependent";
  readonly link: "identity" | "logistic";
  readonly inputs: number;
  readonly outputs: number;
  readonly players: number;
  /** float64[outputs]: what a row's values add up from: the mean prediction of the background, or over the covers. */
  readonly base: Float64Array;
  readonly engine: Engine;
  free(): void;
}

/** What explains rows, chunk after chunk; `pairs` gives values of pairs of players. */
export interface Engine {
  readonly base: Float64Array;
  explain(table: DeviceTable, pairs: boolean): AsyncGenerator<Chunk>;
  free(): void;
}

export interface Explanation {
  readonly base: Float64Array;
  /** float64[rows × players × outputs]; of interactions float64[rows × players × players × outputs]. */
  readonly values: Float64Array;
}

/** Some rows' values, in the order of the table. */
export interface ExplainedRows {
  readonly firstRow: number;
  readonly rows: number;
  /** As of an Explanation. */
  readonly values: Float64Array;
}

/** Below so many rows tables are not worth making. */
const fewRows = 1000;

/**
 * Makes a forest ready for exact Shapley values: how much each player (a column, or a group of columns) moved a row's
 * prediction away from `base`.
 *
 * Interventional: a player that is not told has a background row's values, v(S) = mean over z of f(x in S, z elsewhere).
 * The background is counted once, by the decisions of its rows in pieces of trees (after WOODELF, arXiv:2511.09376), so
 * its size does not enter the cost of a row: O(rows + background). Path-dependent: a decision of a player that is not
 * told sends the cover's shares both ways (Lundberg et al., doi:10.1038/s42256-019-0138-9); a node that no cover came to
 * halves. With `link: "logistic"` the values of the log-odds are rescaled for every background row, as shap's
 * TreeExplainer does for probabilities, to 1e-10 of doing that row by row (see link.ts).
 *
 * On cpu sums are float64. On a GPU they are whole multiples of a unit, 2^-30 of what a player's pieces can add up to,
 * each piece within half a unit: for forests of a thousand pieces about 1e-7 of the largest values, the same bits on
 * every GPU. Floor: a row reads its columns once and for each piece (8 in a tree of depth 6) adds one number per player
 * in it; below that only a smaller forest. On the host, `runsOn`, a GPU's forest is explained for probabilities, for
 * trees with more than 11 players on a path, whose patterns are irregular, and where tables pass a gigabyte.
 *
 * @throws AssayError usage for options that do not go together; model-invalid for a forest that breaks its contract;
 *   data-invalid for weights out of range; not-supported for paths with more than 64 players or 4096 decisions, or
 *   log-odds too far apart; data-too-large, device-out-of-memory
 */
export async function loadTreeShap(device: Device, forest: Forest, options: TreeShapOptions): Promise<LoadedTreeShap> {
  const { kind, weights = null, link = "identity" } = options;
  checkTrees(forest);
  const players = readPlayers(forest.inputs, options.players ?? null);
  let background: DeviceTable | null = null;
  if (kind === "path-dependent") {
    if (options.background || weights) throw usage("path-dependent values have no background; leave it null");
    if (link !== "identity") throw usage("probabilities of log-odds have interventional values only");
    checkCover(forest);
  } else {
    background = checkBackground(forest, options.background, weights);
    if (background.device !== device) throw usage("the background table lies on another device than the forest");
  }
  const few = (options.expectRows ?? fewRows) < fewRows && kind === "path-dependent";
  const gpu =
    device === device.host || link === "logistic" || few
      ? null
      : await GpuShap.load(device, forest, players, background && { table: background, weights });
  const behind = background && { table: background, weights, logistic: link === "logistic" };
  const engine = gpu ?? (await loadOnHost(device, forest, players, behind, few));
  return {
    ...{ device, runsOn: gpu ? device : device.host, kind, link },
    ...{ inputs: forest.inputs, outputs: forest.outputs, players: players.count },
    ...{ base: engine.base, engine, free: () => engine.free() },
  };
}

/**
 * Shapley values of every row of a table: base + Σ values = the row's prediction, to 1e-9 on cpu.
 * @throws AssayError usage for a table of another device or width
 */
export async function explain(loaded: LoadedTreeShap, table: DeviceTable): Promise<Explanation> {
  const size = loaded.players * loaded.outputs;
  const values = new Float64Array(table.rows * size);
  for await (const chunk of explainRows(loaded, table)) values.set(chunk.values, chunk.firstRow * size);
  return { base: loaded.base, values };
}

/** The same, some rows after the other, for tables whose values do not fit the memory at once. */
export async function* explainRows(loaded: LoadedTreeShap, table: DeviceTable): AsyncGenerator<ExplainedRows> {
  yield* explainWhereLoaded(loaded, table, false);
}

/**
 * Shapley interaction values, float64[rows × players × players × outputs]: symmetric; half of what a pair does together
 * beyond what each does alone stands at (i, j) and (j, i); a row of them adds up to the player's Shapley value.
 * @throws AssayError usage with a link, for which they are not defined
 */
export async function explainInteractions(loaded: LoadedTreeShap, table: DeviceTable): Promise<Explanation> {
  const size = loaded.players ** 2 * loaded.outputs;
  const values = new Float64Array(table.rows * size);
  for await (const chunk of explainRowInteractions(loaded, table)) values.set(chunk.values, chunk.firstRow * size);
  return { base: loaded.base, values };
}

/** The same, some rows after the other. */
export async function* explainRowInteractions(
  loaded: LoadedTreeShap,
  table: DeviceTable,
): AsyncGenerator<ExplainedRows> {
  if (loaded.link !== "identity") throw usage("interactions are of the sum; load with the identity link");
  for await (const { firstRow, rows, values } of explainWhereLoaded(loaded, table, true)) {
    yield { firstRow, rows, values: squares(values, rows, loaded.players, loaded.outputs) };
  }
}

async function* explainWhereLoaded(loaded: LoadedTreeShap, table: DeviceTable, pairs: boolean): AsyncGenerator<Chunk> {
  if (table.device !== loaded.device) throw usage("the table lies on another device than the forest");
  if (table.columns !== loaded.inputs) {
    throw usage(`the table has ${table.columns} columns, the forest ${loaded.inputs}`);
  }
  const there = loaded.runsOn === table.device ? table : await onHost(table);
  try {
    yield* loaded.engine.explain(there, pairs);
  } finally {
    if (there !== table) there.free();
  }
}

async function loadOnHost(
  device: Device,
  forest: Forest,
  players: Players,
  background: { table: DeviceTable; weights: Float64Array | null; logistic: boolean } | null,
  few: boolean,
): Promise<Engine> {
  const table = background && (await onHost(background.table));
  try {
    const behind = background && table && { ...background, table };
    const limits = few ? { ...usualLimits, tablePlayers: 0 } : usualLimits;
    return await HostShap.load(device.host, forest, players, behind, limits);
  } finally {
    if (table !== background?.table) table?.free();
  }
}

/** A table on the cpu device beside its own: itself where that is one. */
async function onHost(table: DeviceTable): Promise<DeviceTable> {
  const { device, rows, columns } = table;
  if (device === device.host) return table;
  const values = await device.download(table.buffer, new Float32Array(rows * columns));
  const buffer = device.host.allocate(values.byteLength);
  device.host.upload(buffer, values);
  return { device: device.host, buffer, rows, columns, free: () => buffer.free() };
}
