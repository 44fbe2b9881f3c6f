import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { checkCover, checkForest } from "./check.ts";
import { GpuShap } from "./on-gpu.ts";
import { type Chunk, HostShap } from "./on-host.ts";
import { type Players, readPlayers } from "./players.ts";
import { pairIndex } from "./program.ts";

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
  /** float64[rows × players × outputs] */
  readonly values: Float64Array;
}

/** Some rows' values, in the order of the table. */
export interface ExplainedRows {
  readonly firstRow: number;
  readonly rows: number;
  /** float64[rows × players × outputs]; of interactions float64[rows × players × players × outputs]. */
  readonly values: Float64Array;
}

/**
 * Makes a forest ready for exact Shapley values: how much each player (a column, or a group of columns) moved a row's
 * prediction away from `base`.
 *
 * Interventional: a player that is not told has a background row's values (v(S) = mean over z of f(x in S, z elsewhere)).
 * The background is counted once, by the decisions of its rows in pieces of trees (WOODELF, arXiv:2511.09376), so that
 * its size does not enter the cost of a row. Path-dependent: a decision of a player that is not told sends the cover's
 * shares both ways (Lundberg et al., doi:10.1038/s42256-019-0138-9); nodes no cover came to halve.
 * With `link: "logistic"` the values of the log-odds are rescaled for every background row, as shap's TreeExplainer does
 * for probabilities; within 1e-10 of doing that row by row (see link.ts).
 *
 * @throws AssayError usage for options that do not go together; model-invalid for a forest that breaks its contract;
 *   data-invalid for weights out of range; not-supported for paths with more than 64 players, 4096 decisions, or log-odds
 *   too far apart; data-too-large, device-out-of-memory
 */
export async function loadTreeShap(device: Device, forest: Forest, options: TreeShapOptions): Promise<LoadedTreeShap> {
  const { kind, background, weights = null, link = "identity" } = options;
  checkForest(forest);
  const players = readPlayers(forest.inputs, options.players ?? null);
  if (kind === "path-dependent") {
    if (background || weights) throw usage("path-dependent values have no background; leave it null");
    if (link !== "identity") throw usage("probabilities of log-odds have interventional values only");
    checkCover(forest);
  } else {
    checkBackground(device, forest, background, weights);
  }
  const gpu =
    device === device.host || link === "logistic"
      ? null
      : await GpuShap.load(device, forest, players, background && { table: background, weights });
  const engine = gpu ?? (await loadOnHost(device, forest, players, options));
  return {
    device,
    runsOn: gpu ? device : device.host,
    kind,
    link,
    inputs: forest.inputs,
    outputs: forest.outputs,
    players: players.count,
    base: engine.base,
    engine,
    free: () => engine.free(),
  };
}

async function loadOnHost(device: Device, forest: Forest, players: Players, options: TreeShapOptions): Promise<Engine> {
  const { background, weights = null, link } = options;
  const table = background && (await onHost(background));
  try {
    const behind = table && { table, weights, logistic: link === "logistic" };
    return await HostShap.load(device.host, forest, players, behind);
  } finally {
    if (table !== background) table?.free();
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

/** Explains a table where the forest was loaded. */
async function* explainWhereLoaded(loaded: LoadedTreeShap, table: DeviceTable, pairs: boolean): AsyncGenerator<Chunk> {
  if (loaded.runsOn === table.device) {
    yield* loaded.engine.explain(table, pairs);
    return;
  }
  const copy = await onHost(table);
  try {
    yield* loaded.engine.explain(copy, pairs);
  } finally {
    copy.free();
  }
}

/**
 * Shapley values of every row of a table: base + Σ values = the row's prediction, to 1e-9 on cpu.
 * @throws AssayError usage for a table of another device or width
 */
export async function explain(loaded: LoadedTreeShap, table: DeviceTable): Promise<Explanation> {
  const values = new Float64Array(table.rows * loaded.players * loaded.outputs);
  for await (const chunk of explainRows(loaded, table)) {
    values.set(chunk.values, chunk.firstRow * loaded.players * loaded.outputs);
  }
  return { base: loaded.base, values };
}

/** The same, some rows after the other, for tables whose values do not fit the memory at once. */
export async function* explainRows(loaded: LoadedTreeShap, table: DeviceTable): AsyncGenerator<ExplainedRows> {
  checkTable(loaded, table);
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
  checkTable(loaded, table);
  if (loaded.link !== "identity") throw usage("interactions are of the sum; load with the identity link");
  const { players, outputs } = loaded;
  for await (const { firstRow, rows, values } of explainWhereLoaded(loaded, table, true)) {
    yield { firstRow, rows, values: squares(values, rows, players, outputs) };
  }
}

/** From pairs i ≤ j with Shapley values where i = j to symmetric squares whose rows add up to those. */
function squares(pairs: Float64Array, rows: number, players: number, outputs: number): Float64Array {
  const out = new Float64Array(rows * players * players * outputs);
  const width = (players * (players + 1)) / 2;
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      for (let i = 0; i < players; i++) {
        const own = ((row * players + i) * players + i) * outputs + output;
        out[own] = (out[own] ?? 0) + (pairs[(row * width + pairIndex(players, i, i)) * outputs + output] ?? 0);
        for (let j = i + 1; j < players; j++) {
          const value = pairs[(row * width + pairIndex(players, i, j)) * outputs + output] ?? 0;
          const other = ((row * players + j) * players + j) * outputs + output;
          out[((row * players + i) * players + j) * outputs + output] = value;
          out[((row * players + j) * players + i) * outputs + output] = value;
          out[own] = (out[own] ?? 0) - value;
          out[other] = (out[other] ?? 0) - value;
        }
      }
    }
  }
  return out;
}

function checkBackground(
  device: Device,
  forest: Forest,
  background: DeviceTable | null,
  weights: Float64Array | null,
): void {
  if (!background) throw usage("interventional values need a background table");
  if (background.device !== device) throw usage("the background table lies on another device than the forest");
  if (background.columns !== forest.inputs) {
    throw usage(`the background has ${background.columns} columns, the forest ${forest.inputs}`);
  }
  if (background.rows === 0) throw usage("the background has no rows");
  if (!weights) return;
  if (weights.length !== background.rows) {
    throw usage(`there are ${weights.length} weights for ${background.rows} background rows`);
  }
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong !== -1) {
    throw new AssayError(
      "data-invalid",
      `treeShap: background row ${wrong} has the weight ${weights[wrong]}; weights are finite and at least 0`,
    );
  }
  if (weights.every((weight) => weight === 0)) {
    throw new AssayError("data-invalid", "treeShap: all background weights are 0; one at least must be above");
  }
}

function checkTable(loaded: LoadedTreeShap, table: DeviceTable): void {
  if (table.device !== loaded.device) throw usage("the table lies on another device than the forest");
  if (table.columns !== loaded.inputs) {
    throw usage(`the table has ${table.columns} columns, the forest ${loaded.inputs}`);
  }
}

function usage(message: string): AssayError {
  return new AssayError("usage", `treeShap: ${message}`);
}
