import type { DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import { useBuffers } from "../buffers.ts";
import { activationCode, padOutputs } from "./pack.ts";
import type { DensePath, LoadedNetwork } from "./path.ts";

/** Rows at once, at most; and what a layer's values of them may take. */
const mostRows = 262_144;
const mostBytes = 134_217_728;
/** Multiply-adds in one dispatch: a tenth of a second where a GPU does a teraflop. */
const mostWork = 2 ** 36;
/** Rows come in tiles of so many: an invocation does four of them, a warp a tile. */
const tile = 128;

interface Chunk {
  readonly first: number;
  readonly count: number;
  /** `count` filled up to whole tiles. */
  readonly padded: number;
}

/** One call takes a chunk of rows through one layer. Values lie column after column: float32[features][padded]. */
export const onGpu: DensePath = {
  predict(network, table, { view, keep, rowsAtOnce }) {
    const { device, outputs, layers } = network;
    const first = layers[0];
    const out = new Float32Array(table.rows * outputs);
    if (out.length === 0 || !first) return Promise.resolve(out);
    return useBuffers(device, async (take) => {
      const rows = Math.min(chunkRows(network), padRows(rowsAtOnce));
      const most = Math.min(rows, padRows(table.rows));
      const widest = widestLayer(network);
      const buffers = [take(most * widest * 4, "any"), take(most * widest * 4, "any")] as const;
      const odd = take(most * 4, "any");
      const outBuffer = take(most * outputs * 4, "any");
      const slots = take(table.columns * 4, "any");
      device.upload(slots, view?.slotOf ?? new Int32Array(table.columns).fill(-1));
      for (const chunk of chunks(table, rows)) {
        const { padded } = chunk;
        const from = [table.rows, chunk.first, chunk.first + chunk.count - 1, padded, table.columns] as const;
        const [x, y] = buffers;
        await device.dispatch("denseRead", [table.buffer, view?.buffer ?? slots, slots, x, odd, ...from], padded);
        if (keep) {
          const buffer = device.allocate(padded * padOutputs(first.outputs) * 4);
          keep.push({ ...chunk, buffer });
          await layer(network, 0, x, buffer, padded, false);
          await update(network, table, slots, slots, 0, buffer, y, chunk);
        } else await layer(network, 0, x, y, padded, true);
        const result = await rest(network, y, x, padded);
        await write(network, result, odd, outBuffer, padded);
        await device.download(outBuffer, out.subarray(chunk.first * outputs, (chunk.first + chunk.count) * outputs));
      }
      return out;
    });
  },

  shift(network, table, view, columns, kept) {
    const { device, outputs } = network;
    const out = new Float32Array(table.rows * outputs);
    return useBuffers(device, async (take) => {
      const most = Math.max(0, ...kept.map(({ count }) => padRows(count)));
      const widest = widestLayer(network);
      const [x, y] = [take(most * widest * 4, "any"), take(most * widest * 4, "any")];
      // Rows without predictions were refused when the sums were made.
      const odd = take(most * 4, "zero");
      const outBuffer = take(most * outputs * 4, "any");
      const changed = take(columns.length * 8, "any");
      device.upload(changed, Uint32Array.from(columns.flatMap(({ column, slot }) => [column, slot])));
      for (const { first, count, buffer } of kept) {
        const chunk = { first, count, padded: padRows(count) };
        await update(network, table, view.buffer, changed, columns.length, buffer, y, chunk);
        const result = await rest(network, y, x, chunk.padded);
        await write(network, result, odd, outBuffer, chunk.padded);
        await device.download(outBuffer, out.subarray(first * outputs, (first + count) * outputs));
      }
      return out;
    });
  },
};

/** Rows in a chunk: whole tiles. */
function chunkRows(network: LoadedNetwork): number {
  const { device, layers } = network;
  const widest = widestLayer(network);
  const work = Math.max(...layers.map(({ inputs, outputs }) => inputs * padOutputs(outputs)));
  const bytes = Math.min(mostBytes, device.maxBufferBytes);
  const rows = Math.min(mostRows, bytes / (4 * widest), mostWork / work);
  return Math.max(tile, Math.floor(rows / tile) * tile);
}

function widestLayer({ layers }: LoadedNetwork): number {
  return Math.max(...layers.flatMap(({ inputs, outputs }) => [inputs, padOutputs(outputs)]));
}

function padRows(rows: number): number {
  return Math.ceil(rows / tile) * tile;
}

function* chunks(table: DeviceTable, rows: number): Generator<Chunk> {
  for (let first = 0; first < table.rows; first += rows) {
    const count = Math.min(rows, table.rows - first);
    yield { first, count, padded: padRows(count) };
  }
}

/** One layer; softmax, which needs whole rows, is left to `write`. */
function layer(
  { device, layers, parameters }: LoadedNetwork,
  index: number,
  x: DeviceBuffer,
  y: DeviceBuffer,
  padded: number,
  activated: boolean,
): Promise<void> {
  const { inputs = 0, outputs = 0, weightsAt = 0, biasAt = 0, activation = "identity" } = layers[index] ?? {};
  const pairs = padOutputs(outputs) / 8;
  const code = activationCode(activated && activation !== "softmax" ? activation : "identity");
  const scalars = [padded / 4, inputs, pairs, weightsAt / 4, biasAt / 4, code];
  return device.dispatch("denseLayer", [x, parameters, y, ...scalars], (padded / 4) * pairs);
}

/** The layers from the second on; returns where the result is: `y` or `x`. */
async function rest(network: LoadedNetwork, y: DeviceBuffer, x: DeviceBuffer, padded: number): Promise<DeviceBuffer> {
  let [from, into] = [y, x];
  for (let index = 1; index < network.layers.length; index++) {
    await layer(network, index, from, into, padded, true);
    [from, into] = [into, from];
  }
  return from;
}

/** The first layer's values from its kept sums. */
function update(
  { device, layers, parameters }: LoadedNetwork,
  table: DeviceTable,
  view: DeviceBuffer,
  changed: DeviceBuffer,
  count: number,
  sums: DeviceBuffer,
  y: DeviceBuffer,
  chunk: Chunk,
): Promise<void> {
  const { inputs = 0, outputs = 0, weightsAt = 0, activation = "identity" } = layers[0] ?? {};
  const code = activationCode(activation === "softmax" ? "identity" : activation);
  const rows = [table.rows, chunk.first, chunk.first + chunk.count - 1, chunk.padded];
  const scalars = [...rows, count, inputs, weightsAt / 4, code];
  const items = chunk.padded * (padOutputs(outputs) / 8);
  return device.dispatch("denseUpdate", [table.buffer, view, changed, parameters, sums, y, ...scalars], items);
}

function write(
  { device, layers, outputs }: LoadedNetwork,
  y: DeviceBuffer,
  odd: DeviceBuffer,
  out: DeviceBuffer,
  padded: number,
): Promise<void> {
  const softmax = layers.at(-1)?.activation === "softmax" ? 1 : 0;
  return device.dispatch("denseWrite", [y, odd, out, padded, outputs, softmax], padded);
}
