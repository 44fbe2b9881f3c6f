import type { Device, DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { useBuffers } from "../buffers.ts";
import { type Background, loadBackground, shareOut } from "./background.ts";
import { chooseUnits, fromUnits, inUnits, orderedBits, type Units } from "./fixed-point.ts";
import { loadModel, type Model } from "./model.ts";
import { type Chunk, coverMean } from "./on-host.ts";
import { makePlan, type Plan, usualLimits } from "./plan.ts";
import type { Players } from "./players.ts";
import { type Program, writePrograms } from "./program.ts";
import { columnRecords, type Ranker } from "./ranked-rows.ts";
import { type Ranks, rankForest } from "./ranks.ts";
import { buildTables } from "./tables.ts";

/** Tables have at most as many codes as a workgroup counts at once: 2^11. */
const limits = { ...usualLimits, keptEntries: 2 ** 27, bits: 10, tablePlayers: 11 };
const programEntries = 2 ** 23;
/** Rows at once; on any GPU less than a second. */
const mostRows = 2 ** 18;
/** Rows × blocks of one dispatch. */
const mostSteps = 2 ** 28;

/** Tables of one kind (players or pairs) on the GPU. */
interface Tables {
  readonly programs: readonly {
    readonly blocks: number;
    readonly words: DeviceBuffer;
    readonly entries: DeviceBuffer;
  }[];
  readonly units: Units;
}

/** A forest made ready on a GPU: tables made on the host, rows ranked, counted and explained on the GPU. */
export class GpuShap {
  readonly base: Float64Array;
  readonly #device: Device;
  readonly #model: Model;
  readonly #plan: Plan;
  readonly #rank: Ranker;
  /** float64: the part of the background that has each code, block after block; null: path-dependent. */
  readonly #shares: Float64Array | null;
  readonly #free: DeviceBuffer[];
  #players: Tables | null = null;
  #pairs: Tables | null = null;

  private constructor(
    parts: { device: Device; model: Model; plan: Plan; rank: Ranker; shares: Float64Array | null; base: Float64Array },
    free: DeviceBuffer[],
  ) {
    this.#device = parts.device;
    this.#model = parts.model;
    this.#plan = parts.plan;
    this.#rank = parts.rank;
    this.#shares = parts.shares;
    this.base = parts.base;
    this.#free = free;
  }

  /** Null where the forest is not for tables, or these do not fit: then it is explained on the host. */
  static async load(
    device: Device,
    forest: Forest,
    players: Players,
    background: { table: DeviceTable; weights: Float64Array | null } | null,
  ): Promise<GpuShap | null> {
    const ranks = rankForest(forest, 4);
    const options = { players: players.count, pairs: false, sharesByOutput: false, channels: 1 };
    const plan = makePlan(forest, ranks, players, options, limits);
    if (!plan.kept || plan.deep.length > 0) return null;
    const free: DeviceBuffer[] = [];
    const onto = (where: Device) => (data: ArrayBufferView) => {
      const buffer = where.allocate(data.byteLength);
      free.push(buffer);
      where.upload(buffer, data);
      return buffer;
    };
    try {
      const model = loadModel(device.host, forest, players, ranks, onto(device.host));
      const rank = loadRanker(ranks, onto(device));
      const programs = writePrograms(forest, ranks, plan.blocks, options, programEntries);
      const shares = background && (await countBackground(device, model, rank, programs, background));
      const mean = background ? Float64Array.from(forest.base) : coverMean(forest);
      const gpu = new GpuShap({ device, model, plan, rank, shares, base: mean }, free);
      const { tables, base } = await gpu.#build(programs, false);
      gpu.#players = tables;
      if (background) for (const [output, value] of base.entries()) mean[output] = (mean[output] ?? 0) + value;
      return gpu;
    } catch (error) {
      for (const buffer of free.reverse()) buffer.free();
      throw error;
    }
  }

  /** As of HostShap. */
  async *explain(table: DeviceTable, pairs: boolean): AsyncGenerator<Chunk> {
    const tables = pairs ? await this.#pairTables() : this.#players;
    if (!tables) return;
    const device = this.#device;
    const targets = tables.units.of.length;
    const rankedColumns = this.#rank.ranks.columns.length;
    const fitting = Math.floor(device.maxBufferBytes / (4 * Math.max(1, targets, rankedColumns)));
    const chunkRows = Math.max(1, Math.min(mostRows, fitting, table.rows));
    for (let firstRow = 0; firstRow < table.rows; firstRow += chunkRows) {
      const rows = Math.min(chunkRows, table.rows - firstRow);
      const values = await useBuffers(device, async (take) => {
        const ranks = take(Math.max(1, rankedColumns) * rows * 4, "any");
        await rankRows(device, this.#rank, table, firstRow, rows, ranks);
        const sums = take(targets * rows * 4, "any");
        device.clear(sums);
        const step = Math.max(1, Math.floor(mostSteps / rows));
        for (const { blocks, words, entries } of tables.programs) {
          for (let first = 0; first < blocks; first += step) {
            const args = [words, ranks, entries, sums, first, Math.min(step, blocks - first)];
            await device.dispatch("treeShapAddRows", args, rows);
          }
        }
        return fromUnits(await device.download(sums, new Int32Array(targets * rows)), rows, tables.units);
      });
      yield { firstRow, rows, values };
    }
  }

  free(): void {
    for (const buffer of this.#free.reverse()) buffer.free();
    this.#free.length = 0;
    this.#players = null;
    this.#pairs = null;
  }

  async #pairTables(): Promise<Tables> {
    if (this.#pairs) return this.#pairs;
    const { forest, players, ranker } = this.#model;
    const options = { players: players.count, pairs: true, sharesByOutput: false };
    const programs = writePrograms(forest, ranker.ranks, this.#plan.blocks, options, programEntries);
    this.#pairs = (await this.#build(programs, true)).tables;
    return this.#pairs;
  }

  /** Makes tables on the host and puts them on the GPU in units. */
  async #build(programs: readonly Program[], pairs: boolean): Promise<{ tables: Tables; base: Float64Array }> {
    const { host, forest, players } = this.#model;
    const made: Float64Array[] = [];
    const base = new Float64Array(forest.outputs);
    let first = 0;
    for (const program of programs) {
      await useBuffers(host, async (take) => {
        const words = take(program.words.byteLength, "any");
        host.upload(words, program.words);
        const buffer = take(program.shareEntries * 8, "any");
        if (this.#shares) host.upload(buffer, this.#shares.subarray(first, first + program.shareEntries));
        const shares = this.#shares && { buffer, sets: 0, channels: 1 };
        const any = (sizeBytes: number) => take(sizeBytes, "any");
        const tables = await buildTables(this.#model, program, words, shares, pairs, any);
        made.push(await host.download(tables.table, new Float64Array(program.tableEntries)));
        for (const [output, value] of tables.base.entries()) base[output] = (base[output] ?? 0) + value;
      });
      first += program.shareEntries;
    }
    const places = pairs ? (players.count * (players.count + 1)) / 2 : players.count;
    const units = chooseUnits(programs, made, places * forest.outputs);
    const onGpu = programs.map((program, index) => ({
      blocks: program.blocks,
      words: this.#place(program.words),
      entries: this.#place(inUnits(program, made[index] ?? new Float64Array(0), units)),
    }));
    return { tables: { programs: onGpu, units }, base };
  }

  #place(data: ArrayBufferView): DeviceBuffer {
    // WebGPU has no empty buffers, and a binding of 4 bytes is the least.
    const buffer = this.#device.allocate(Math.max(4, data.byteLength));
    this.#free.push(buffer);
    this.#device.upload(buffer, data);
    return buffer;
  }
}

function loadRanker(ranks: Ranks, place: (data: ArrayBufferView) => DeviceBuffer): Ranker {
  const some = (data: Uint32Array) => (data.length === 0 ? new Uint32Array(1) : data);
  return { ranks, columns: place(some(columnRecords(ranks))), thresholds: place(some(orderedBits(ranks.thresholds))) };
}

async function rankRows(
  device: Device,
  { ranks, columns, thresholds }: Ranker,
  table: DeviceTable,
  first: number,
  rows: number,
  into: DeviceBuffer,
): Promise<void> {
  if (ranks.columns.length === 0) return;
  const args = [table.buffer, columns, thresholds, into, table.rows, first, rows];
  await device.dispatch("treeShapRankRows", args, rows * ranks.columns.length);
}

/** float64: what part of the background has each code, block after block. */
async function countBackground(
  device: Device,
  model: Model,
  rank: Ranker,
  programs: readonly Program[],
  background: { table: DeviceTable; weights: Float64Array | null },
): Promise<Float64Array> {
  const { table, weights } = background;
  const entries = programs.reduce((sum, program) => sum + program.shareEntries, 0);
  const shares = new Float64Array(entries);
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : table.rows;
  if (total >= 2 ** 32 || weights?.some((weight) => !Number.isInteger(weight))) {
    return weighOnHost(model, programs, table, weights, shares);
  }
  return useBuffers(device, async (take) => {
    const counted = programs.map((program) => {
      const words = take(program.words.byteLength, "any");
      device.upload(words, program.words);
      const counts = take(program.shareEntries * 4, "any");
      device.clear(counts);
      return { program, words, counts };
    });
    const rankedColumns = Math.max(1, rank.ranks.columns.length);
    const chunkRows = Math.max(
      1,
      Math.min(mostRows, Math.floor(device.maxBufferBytes / (4 * rankedColumns)), table.rows),
    );
    const ranks = take(rankedColumns * chunkRows * 4, "any");
    const times = take(weights ? chunkRows * 4 : 4, "any");
    for (let first = 0; first < table.rows; first += chunkRows) {
      const rows = Math.min(chunkRows, table.rows - first);
      await rankRows(device, rank, table, first, rows, ranks);
      if (weights) device.upload(times, Uint32Array.from(weights.subarray(first, first + rows)));
      // Enough slices that few blocks, too, keep a GPU busy; not so many that counting them together is the work.
      const slices = Math.max(1, Math.ceil(rows / 16384));
      for (const { program, words, counts } of counted) {
        const args = [words, ranks, times, counts, rows, slices, weights ? 1 : 0, program.blocks];
        await device.dispatch("treeShapCountRows", args, program.blocks * slices * 256);
      }
    }
    let at = 0;
    for (const { program, counts } of counted) {
      for (const count of await device.download(counts, new Uint32Array(program.shareEntries)))
        shares[at++] = count / total;
    }
    return shares;
  });
}

/** Weights that are no whole numbers are added in float64, which a GPU cannot. */
async function weighOnHost(
  model: Model,
  programs: readonly Program[],
  table: DeviceTable,
  weights: Float64Array | null,
  shares: Float64Array,
): Promise<Float64Array> {
  const { host } = model;
  return useBuffers(host, async (take) => {
    const buffer = take(table.columns * table.rows * 4, "any");
    const values = await table.device.download(table.buffer, new Float32Array(table.columns * table.rows));
    host.upload(buffer, values);
    const copy = { device: host, buffer, rows: table.rows, columns: table.columns, free: () => {} };
    const any = (sizeBytes: number) => take(sizeBytes, "any");
    const background: Background = await loadBackground(model, copy, weights, false, any);
    let at = 0;
    for (const program of programs) {
      const words = any(program.words.byteLength);
      host.upload(words, program.words);
      const into = any(program.shareEntries * 8);
      await shareOut(model, background, program, words, into);
      shares.set(await host.download(into, new Float64Array(program.shareEntries)), at);
      at += program.shareEntries;
    }
    return shares;
  });
}
