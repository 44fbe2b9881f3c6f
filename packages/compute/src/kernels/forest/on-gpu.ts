import type { DeviceBuffer } from "../../device.ts";
import type { DeviceTable, PermutedView } from "../../device-table.ts";
import { useBuffers } from "../buffers.ts";
import { fromFixed } from "./fixed-point.ts";
import { stagedColumns } from "./gpu.ts";
import type { LoadedForest } from "./load.ts";
import type { PermutedInput } from "./permuted.ts";
import type { PreparedForest } from "./prepare.ts";

/** Decisions of one call, about. Through WebGPU the processor may play the GPU, and takes a second for these. */
const mostSteps = { cuda: 2 ** 30, webgpu: 2 ** 25 } as const;
/** Rows of one call, if only a few trees fit beside them. */
const leastItems = 4096;
/** Predictions that are downloaded at once. */
const mostBytes = 2 ** 26;

/** What to predict: positions of a view, or of a table that begins again after its last row. */
interface Positions {
  readonly count: number;
  readonly indexes: DeviceBuffer | null;
  /** Indexes of a slot. */
  readonly stride: number;
  /** For every column of the table its slot, or −1. */
  readonly slotOf: (source: number) => number;
  /** Rows until the table begins again. */
  readonly period: number;
}

interface Sums {
  readonly buffer: DeviceBuffer;
  /** Rows until they begin again. */
  readonly period: number;
}

/** The sums of some trees at `count` positions from `first` on, added to what `start` has, in `out`. */
async function addTrees(
  loaded: LoadedForest,
  table: DeviceTable,
  positions: Positions,
  trees: Uint32Array,
  start: Sums,
  out: DeviceBuffer,
  first: number,
  count: number,
  most: number,
): Promise<void> {
  const { device, packed, model } = loaded;
  const entry = packed.columns.length <= stagedColumns ? "forestStaged" : "forestDirect";
  const asked = packed.columns.flatMap(({ source, turned }) => [2 * source + Number(turned), positions.slotOf(source)]);
  const columns = new Uint32Array(asked.length + Math.max(trees.length, 1));
  columns.set(Int32Array.from(asked));
  columns.set(trees, asked.length);
  const steps = Array.from(trees, (tree) => 1 + (packed.steps[tree] ?? 0));
  const all = steps.reduce((sum, one) => sum + one, 0);
  const largest = steps.reduce((longest, one) => Math.max(longest, one), 1);
  const fitting = Math.max(64, Math.floor(most / Math.max(largest, Math.min(all, most / leastItems))));
  await useBuffers(device, async (take) => {
    const columnBuffer = take(columns.byteLength, "any");
    device.upload(columnBuffer, columns);
    const from = [table.buffer, positions.indexes ?? columnBuffer, columnBuffer, model, start.buffer, out] as const;
    for (let item = 0; item < count; item += fitting) {
      const items = Math.min(fitting, count - item);
      const shape = [table.rows, positions.period, positions.stride, first + item, first] as const;
      let tree = 0;
      do {
        const begin = tree;
        let used = 0;
        while (tree < trees.length && (tree === begin || (used + (steps[tree] ?? 0)) * items <= most)) {
          used += steps[tree++] ?? 0;
        }
        const which = [begin, tree, start.period, begin === 0 ? 1 : 0] as const;
        await device.dispatch(entry, [...from, ...shape, ...which], items);
      } while (tree < trees.length);
    }
  });
}

/** Every tree at every position: chunks of predictions are downloaded as integers. */
async function predictPositions(
  loaded: LoadedForest,
  table: DeviceTable,
  positions: Positions,
  trees: Uint32Array,
  start: Sums,
  out: Float64Array,
  most: number,
): Promise<void> {
  const { device, outputs, packed } = loaded;
  const bytes = Math.min(mostBytes, device.maxBufferBytes);
  const chunk = Math.max(1, Math.min(positions.count, Math.floor(bytes / (8 * outputs))));
  await useBuffers(device, async (take) => {
    const sums = take(chunk * outputs * 8, "any");
    const words = new Int32Array(2 * chunk * outputs);
    for (let first = 0; first < positions.count; first += chunk) {
      const count = Math.min(chunk, positions.count - first);
      await addTrees(loaded, table, positions, trees, start, sums, first, count, most);
      const part = await device.download(sums, words.subarray(0, 2 * count * outputs));
      const begin = first * outputs;
      for (let at = 0; at < count * outputs; at++) {
        out[begin + at] = fromFixed(part[2 * at] ?? 0, part[2 * at + 1] ?? 0, packed.units[at % outputs] ?? 0);
      }
    }
  });
}

function allTrees({ trees }: LoadedForest): Uint32Array {
  return Uint32Array.from({ length: trees }, (_, tree) => tree);
}

function plainPositions(rows: number): Positions {
  return { count: rows, indexes: null, stride: 0, slotOf: () => -1, period: rows };
}

function mostStepsOf({ device }: LoadedForest): number {
  return device.name === "cuda" ? mostSteps.cuda : mostSteps.webgpu;
}

/**
 * An item is a row.
 * @param most decisions of one call, about: more rows or trees are cut
 */
export function predictOnGpu(
  loaded: LoadedForest,
  table: DeviceTable,
  view: PermutedView | null,
  rows: number,
  out: Float64Array,
  most = mostStepsOf(loaded),
): Promise<void> {
  const { device, packed } = loaded;
  return useBuffers(device, async (take) => {
    const start = { buffer: take(packed.base.byteLength, "any"), period: 1 };
    device.upload(start.buffer, packed.base);
    const plain = plainPositions(rows);
    const positions = view
      ? { ...plain, indexes: view.buffer, stride: view.rows, slotOf: (source: number) => view.slotOf[source] ?? -1 }
      : plain;
    await predictPositions(loaded, table, positions, allTrees(loaded), start, out, most);
  });
}

/** An item is a row of a repeat; trees that ask none of the columns run once for all of them. */
export function permuteOnGpu(
  { loaded, table }: PreparedForest,
  { repeats, indexes }: PermutedInput,
  members: readonly number[],
  out: Float64Array,
): Promise<void> {
  const { device, packed, outputs, trees } = loaded;
  const { rows } = table;
  const most = mostStepsOf(loaded);
  const asks = new Uint8Array(trees);
  for (const member of members) for (const tree of packed.treesOf[member] ?? []) asks[tree] = 1;
  const permuted = new Set(members.map((member) => packed.columns[member]?.source));
  return useBuffers(device, async (take) => {
    const base = { buffer: take(packed.base.byteLength, "any"), period: 1 };
    device.upload(base.buffer, packed.base);
    const start = { buffer: take(rows * outputs * 8, "any"), period: rows };
    const others = allTrees(loaded).filter((tree) => asks[tree] === 0);
    await addTrees(loaded, table, plainPositions(rows), others, base, start.buffer, 0, rows, most);
    const positions = {
      count: repeats * rows,
      indexes,
      stride: 0,
      slotOf: (source: number) => (permuted.has(source) ? 0 : -1),
      period: rows,
    };
    const those = allTrees(loaded).filter((tree) => asks[tree] === 1);
    await predictPositions(loaded, table, positions, those, start, out, most);
  });
}
