import { useBuffers } from "../buffers.ts";
import type { DensePath, LoadedNetwork } from "./path.ts";

/** Rows whose predictions (and kept sums) are one buffer. */
const chunkRows = 65536;
/** Rows of an item: every thread takes whole items, and 64 of them share the scratch of a chunk. */
const itemRows = 1024;
/** What a step's two layers take: small enough to stay in the cache beside a panel of weights. */
const stepBytes = 32768;

/** Bytes from block to block, blocks in a step (a power of two, so that steps fill items), bytes of an item's scratch. */
function geometry({ layers }: LoadedNetwork): { stride: number; blocks: number; itemBytes: number } {
  const widest = Math.max(...layers.flatMap((layer) => [layer.inputs, 4 * Math.ceil(layer.outputs / 4)]));
  const stride = widest * 32;
  let blocks = 1;
  while (blocks < 16 && 4 * blocks * stride <= stepBytes) blocks *= 2;
  return { stride, blocks, itemBytes: 2 * blocks * stride };
}

/** One call takes rows through all layers. */
export const onCpu: DensePath = {
  predict(network, table, { view, keep, rowsAtOnce }) {
    const { device, outputs, layers, parameters, shape } = network;
    const { stride, blocks, itemBytes } = geometry(network);
    const out = new Float32Array(table.rows * outputs);
    return useBuffers(device, async (take) => {
      const chunk = Math.min(chunkRows, rowsAtOnce, table.rows);
      const scratch = take(Math.ceil(chunk / itemRows) * itemBytes, "any");
      const outBuffer = take(chunk * outputs * 4, "any");
      const slots = view ? take(view.slotOf.byteLength, "any") : null;
      if (view && slots) device.upload(slots, view.slotOf);
      for (let first = 0; first < table.rows; first += chunk) {
        const count = Math.min(chunk, table.rows - first);
        const kept = keep
          ? device.allocate(Math.ceil(count / 8) * 128 * Math.ceil((layers[0]?.outputs ?? 0) / 4))
          : null;
        if (kept) keep?.push({ first, count, buffer: kept });
        const from = [table.buffer, table.rows, table.columns, view?.buffer ?? 0, slots ?? 0, first, count] as const;
        const through = [shape, layers.length, parameters, blocks, stride, scratch, itemBytes, itemRows] as const;
        const items = Math.ceil(count / itemRows);
        await device.dispatch("densePredict", [...from, ...through, kept ?? 0, outBuffer], items);
        await device.download(outBuffer, out.subarray(first * outputs, (first + count) * outputs));
      }
      return out;
    });
  },

  shift(network, table, view, columns, kept) {
    const { device, outputs, layers, parameters, shape } = network;
    const { stride, blocks, itemBytes } = geometry(network);
    const out = new Float32Array(table.rows * outputs);
    return useBuffers(device, async (take) => {
      const chunk = Math.max(0, ...kept.map(({ count }) => count));
      const scratch = take(Math.ceil(chunk / itemRows) * itemBytes, "any");
      const outBuffer = take(chunk * outputs * 4, "any");
      const pairs = take(columns.length * 8, "any");
      device.upload(pairs, Uint32Array.from(columns.flatMap(({ column, slot }) => [column, slot])));
      for (const { first, count, buffer } of kept) {
        const from = [table.buffer, table.rows, view.buffer, pairs, columns.length, first, count] as const;
        const through = [shape, layers.length, parameters, blocks, stride, scratch, itemBytes, itemRows] as const;
        await device.dispatch("denseShift", [...from, ...through, buffer, outBuffer], Math.ceil(count / itemRows));
        await device.download(outBuffer, out.subarray(first * outputs, (first + count) * outputs));
      }
      return out;
    });
  },
};
