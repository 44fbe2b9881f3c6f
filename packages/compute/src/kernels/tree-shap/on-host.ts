import type { Device, DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { useBuffers } from "../buffers.ts";
import { type Background, loadBackground, predict, shareOut } from "./background.ts";
import { addDeep, type Deep, type DeepBackground, loadDeepBackground, measureDeep } from "./deep.ts";
import { loadModel, type Model } from "./model.ts";
import { type Limits, makePlan, type Plan, usualLimits } from "./plan.ts";
import type { Players } from "./players.ts";
import { type Program, writePrograms } from "./program.ts";
import { rankRows, strideOf } from "./ranked-rows.ts";
import { rankForest } from "./ranks.ts";
import { coverShares } from "./reference.ts";
import { buildTables, type Tables } from "./tables.ts";

/** Entries of a program's tables, at most: float64, 64 MB. */
const programEntries = 2 ** 23;
/** Bytes of the sums of the rows that are explained at once. */
const chunkBytes = 2 ** 26;
const mostTileRows = 4096;

/** A chunk of explained rows: float64[rows × targets], for each player (or pair of players) and output. */
export interface Chunk {
  readonly firstRow: number;
  readonly rows: number;
  readonly values: Float64Array;
}

interface Parts {
  readonly model: Model;
  readonly plan: Plan;
  readonly background: Background | null;
  readonly deep: Deep;
  readonly deepBackground: DeepBackground | null;
  readonly kept: Tables[];
  readonly base: Float64Array;
  readonly limits: Limits;
}

/** A forest made ready on the cpu device. */
export class HostShap {
  readonly model: Model;
  readonly plan: Plan;
  readonly base: Float64Array;
  readonly #background: Background | null;
  readonly #deep: Deep;
  readonly #deepBackground: DeepBackground | null;
  readonly #owned: DeviceBuffer[];
  readonly #kept: Tables[];
  readonly #limits: Limits;
  #pairs: Tables[] | null = null;

  private constructor(parts: Parts, owned: DeviceBuffer[]) {
    this.model = parts.model;
    this.plan = parts.plan;
    this.base = parts.base;
    this.#background = parts.background;
    this.#deep = parts.deep;
    this.#deepBackground = parts.deepBackground;
    this.#kept = parts.kept;
    this.#limits = parts.limits;
    this.#owned = owned;
  }

  /** @param background null: path-dependent. Its table is not needed after this. */
  static async load(
    host: Device,
    forest: Forest,
    players: Players,
    background: { table: DeviceTable; weights: Float64Array | null; logistic: boolean } | null,
    limits: Limits = usualLimits,
  ): Promise<HostShap> {
    const owned: DeviceBuffer[] = [];
    const take = (sizeBytes: number): DeviceBuffer => {
      const buffer = host.allocate(sizeBytes);
      owned.push(buffer);
      return buffer;
    };
    const place = (data: ArrayBufferView): DeviceBuffer => {
      const buffer = take(data.byteLength);
      host.upload(buffer, data);
      return buffer;
    };
    try {
      const ranks = rankForest(forest, 1);
      const model = loadModel(host, forest, players, ranks, place);
      const behind =
        background && (await loadBackground(model, background.table, background.weights, background.logistic, take));
      const channels = behind?.linked?.channels ?? 1;
      const options = { players: players.count, pairs: false, sharesByOutput: behind?.linked != null, channels };
      const plan = makePlan(forest, ranks, players, options, limits);
      const kept: Tables[] = [];
      if (plan.kept) {
        for (const program of writePrograms(forest, ranks, plan.blocks, options, programEntries / channels)) {
          kept.push(await tablesOf(model, behind, program, false, take));
        }
      }
      const deep = measureDeep(forest, players, plan.deep, limits.aliveRows);
      const deepBackground =
        behind && background && plan.deep.length > 0
          ? await loadDeepBackground(model, behind, background.table, take)
          : null;
      const base = await baseOf(model, plan, behind, background?.table ?? null, kept);
      return new HostShap({ model, plan, background: behind, deep, deepBackground, kept, base, limits }, owned);
    } catch (error) {
      for (const buffer of owned.reverse()) buffer.free();
      throw error;
    }
  }

  /**
   * Explains a table, chunk after chunk.
   * @param pairs Values of pairs of players i ≤ j (see `pairIndex`), where i = j has the player's Shapley value.
   */
  async *explain(table: DeviceTable, pairs: boolean): AsyncGenerator<Chunk> {
    const { host, forest, players, ranker } = this.model;
    const places = pairs ? (players.count * (players.count + 1)) / 2 : players.count;
    const targets = places * forest.outputs;
    const shape = shapeOf(table.rows, targets);
    const kept = pairs ? await this.#pairTables() : this.plan.kept ? this.#kept : null;
    const predicted = this.#background?.linked ? await predict(this.model, table) : null;
    for (let firstRow = 0; firstRow < table.rows; firstRow += shape.chunkRows) {
      const rows = Math.min(shape.chunkRows, table.rows - firstRow);
      const values = await useBuffers(host, async (take) => {
        const ranks = take(strideOf(rows) * ranker.ranks.rowBytes, "any");
        await rankRows(ranker, table, firstRow, rows, ranks);
        const tiles = Math.ceil(rows / shape.tileRows);
        const sums = take(tiles * shape.tileRows * targets * 8, "any");
        host.clear(sums);
        const factors = predicted && this.#factors(predicted, firstRow, rows);
        const factorBuffer = factors && take(factors.byteLength, "any");
        if (factors && factorBuffer) host.upload(factorBuffer, factors);
        const { tileRows } = shape;
        const work: Work = { ranks, rows, sums, tiles, targets, tileRows, factors: factorBuffer };
        if (kept) for (const tables of kept) await this.#add(tables, work);
        else await this.#addAnew(pairs, work);
        const deepWork = { table, firstRow, rows, pairs, sums, targets, tileRows, factors };
        await addDeep(this.model, this.#deep, this.#deepBackground, deepWork);
        const out = take(rows * targets * 8, "any");
        await host.dispatch("treeShapRows", [sums, rows, shape.tileRows, targets, out], tiles);
        return host.download(out, new Float64Array(rows * targets));
      });
      yield { firstRow, rows, values };
    }
  }

  free(): void {
    for (const buffer of this.#owned.reverse()) buffer.free();
    this.#owned.length = 0;
    this.#kept.length = 0;
    this.#pairs = null;
  }

  /** float64[rows × outputs × channels]: the slopes of some rows' predictions, where probabilities are explained. */
  #factors(predicted: Float64Array, firstRow: number, rows: number): Float64Array | null {
    const linked = this.#background?.linked;
    if (!linked) return null;
    const { links, channels } = linked;
    const factors = new Float64Array(rows * links.length * channels);
    for (const [output, link] of links.entries()) {
      for (let row = 0; row < rows; row++) {
        const at = row * links.length + output;
        link.slopes(predicted[firstRow * links.length + at] ?? 0, factors, at * channels);
      }
    }
    return factors;
  }

  async #add(tables: Tables, work: Work): Promise<void> {
    const { host } = this.model;
    const { ranks, rows, sums, tiles, targets, tileRows, factors } = work;
    const { program, words, table } = tables;
    await useBuffers(host, async (take) => {
      const codes = take(tiles * tileRows * 2, "any");
      const linked = this.#background?.linked;
      const first = [words, program.blocks, ranks, strideOf(rows), rows, table];
      if (!linked || !factors) {
        await host.dispatch("treeShapAdd", [...first, tileRows, targets, sums, codes], tiles);
      } else {
        const mixed = [...first, factors, linked.links.length, linked.channels, tileRows, targets, sums, codes];
        await host.dispatch("treeShapAddMixed", mixed, tiles);
      }
    });
  }

  /** Makes tables, uses them and lets them go, one program after the other. */
  async #addAnew(pairs: boolean, work: Work): Promise<void> {
    const { host } = this.model;
    for (const program of this.#programs(pairs)) {
      await useBuffers(host, async (take) => {
        const any = (sizeBytes: number) => take(sizeBytes, "any");
        await this.#add(await tablesOf(this.model, this.#background, program, pairs, any), work);
      });
    }
  }

  #programs(pairs: boolean): Program[] {
    const { forest, players, ranker } = this.model;
    const linked = this.#background?.linked;
    const options = { players: players.count, pairs, sharesByOutput: linked != null };
    return writePrograms(forest, ranker.ranks, this.plan.blocks, options, programEntries / (linked?.channels ?? 1));
  }

  /** The tables of pairs, made when they are first asked for; null where they are too large to be kept. */
  async #pairTables(): Promise<Tables[] | null> {
    if (this.#pairs || !this.plan.kept) return this.#pairs;
    const programs = this.#programs(true);
    if (programs.reduce((sum, program) => sum + program.tableEntries, 0) > this.#limits.keptEntries) return null;
    const all: Tables[] = [];
    for (const program of programs) {
      const own = (sizeBytes: number): DeviceBuffer => {
        const buffer = this.model.host.allocate(sizeBytes);
        this.#owned.push(buffer);
        return buffer;
      };
      all.push(await tablesOf(this.model, this.#background, program, true, own));
    }
    this.#pairs = all;
    return all;
  }
}

/** What is added to while a chunk is explained. */
interface Work {
  readonly ranks: DeviceBuffer;
  readonly rows: number;
  /** f64[tiles][targets][tileRows] */
  readonly sums: DeviceBuffer;
  readonly tiles: number;
  readonly targets: number;
  readonly tileRows: number;
  /** f64[rows][outputs × channels] */
  readonly factors: DeviceBuffer | null;
}

/** Tiles small enough that their sums stay in the second cache and that all threads have some. */
function shapeOf(rows: number, targets: number): { chunkRows: number; tileRows: number } {
  const whole = (count: number) => Math.max(64, Math.ceil(count / 64) * 64);
  const fitting = Math.max(256, Math.floor(2 ** 17 / Math.max(1, targets)));
  const tileRows = whole(Math.min(mostTileRows, fitting, Math.ceil(rows / 8)));
  const tiles = Math.max(1, Math.floor(chunkBytes / (Math.max(1, targets) * 8 * tileRows)));
  return { tileRows, chunkRows: tiles * tileRows };
}

/** Counts the background's codes in a program's blocks and makes its tables; `take` gives the buffers that stay. */
async function tablesOf(
  model: Model,
  background: Background | null,
  program: Program,
  pairs: boolean,
  take: (sizeBytes: number) => DeviceBuffer,
): Promise<Tables> {
  const { host } = model;
  const words = take(program.words.byteLength);
  host.upload(words, program.words);
  return useBuffers(host, async (takeHere) => {
    if (!background) return buildTables(model, program, words, null, pairs, take);
    const channels = background.linked?.channels ?? 1;
    const buffer = takeHere(program.shareEntries * channels * 8, "any");
    await shareOut(model, background, program, words, buffer);
    const shares = { buffer, sets: background.linked?.links.length ?? 0, channels };
    return buildTables(model, program, words, shares, pairs, take);
  });
}

async function baseOf(
  model: Model,
  plan: Plan,
  background: Background | null,
  table: DeviceTable | null,
  kept: readonly Tables[],
): Promise<Float64Array> {
  const { forest } = model;
  if (!background || !table) return coverMean(forest);
  if (background.linked) return background.linked.base;
  const base = Float64Array.from(forest.base);
  if (plan.kept && plan.deep.length === 0) {
    for (const tables of kept)
      for (const [output, value] of tables.base.entries()) base[output] = (base[output] ?? 0) + value;
    return base;
  }
  base.fill(0);
  for (const [index, value] of (await predict(model, table)).entries()) {
    const output = index % forest.outputs;
    const weight = background.weights?.[Math.floor(index / forest.outputs)] ?? 1 / background.rows;
    base[output] = (base[output] ?? 0) + weight * value;
  }
  return base;
}

/** The mean of the leaves, each as often as its path's shares of cover say. */
export function coverMean(forest: Forest): Float64Array {
  const base = Float64Array.from(forest.base);
  for (const root of forest.roots) {
    const open = [{ node: root, share: 1 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, share } = next;
      const [left, right] = [forest.left[node] ?? 0, forest.right[node] ?? 0];
      if ((forest.column[node] ?? -1) >= 0) {
        const [a, b] = coverShares(forest, node);
        open.push({ node: right, share: share * b }, { node: left, share: share * a });
        continue;
      }
      for (let entry = left; entry < right; entry++) {
        const output = forest.leafOutput[entry] ?? 0;
        base[output] = (base[output] ?? 0) + share * (forest.leafValue[entry] ?? 0);
      }
    }
  }
  return base;
}
