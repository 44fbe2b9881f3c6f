import type { Device, DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import type { checkValues } from "./check.ts";
import type { Nearest, NearestInput } from "./index.ts";

/** Bytes of references that queries meet in turn: they stay in a core's second cache. */
const tileBytes = 131_072;
/** Pairs times columns in one dispatch: about a second on one thread. */
const mostWork = 2 ** 33;

/** Packs the tables, then takes chunks of queries past all references. */
export function searchOnCpu(
  device: Device,
  input: NearestInput,
  check: typeof checkValues,
  out: Nearest,
): Promise<void> {
  const { queries, references, k, excludeSelf, scales, rowsAtOnce = Number.POSITIVE_INFINITY } = input;
  const { columns } = references;
  return useBuffers(device, async (take) => {
    const from = await pack(device, take, references, "references", check);
    const to = queries === references ? from : await pack(device, take, queries, "queries", check);
    const scaleBuffer = scales ? take(scales.byteLength, "any") : null;
    if (scales && scaleBuffer) device.upload(scaleBuffer, scales);
    const blocks = Math.ceil(queries.rows / 8);
    const work = Math.floor(mostWork / (8 * references.rows * columns));
    const chunk = Math.min(blocks, Math.ceil(rowsAtOnce / 8), Math.max(8, work));
    const distances = take(chunk * 8 * k * 4, "any");
    const indexes = take(chunk * 8 * k * 4, "any");
    const tile = Math.max(1, Math.floor(tileBytes / (32 * columns)));
    for (let first = 0; first < blocks; first += chunk) {
      const items = Math.min(chunk, blocks - first);
      const referenceBlocks = Math.ceil(references.rows / 8);
      const past = [to, first, from, referenceBlocks, columns, scaleBuffer ?? 0, k, excludeSelf ? 1 : 0, tile] as const;
      await device.dispatch("nearestSearch", [...past, distances, indexes], items);
      const [begin, end] = [first * 8 * k, Math.min((first + items) * 8, queries.rows) * k];
      await device.download(distances, out.distances.subarray(begin, end));
      await device.download(indexes, out.indexes.subarray(begin, end));
    }
  });
}

async function pack(
  device: Device,
  take: TakeBuffer,
  { buffer, rows, columns }: DeviceTable,
  name: "queries" | "references",
  check: typeof checkValues,
): Promise<DeviceBuffer> {
  const blocks = Math.ceil(rows / 8);
  const packed = take(blocks * columns * 32, "any");
  const odd = take(rows * 4, "any");
  await device.dispatch("nearestPack", [buffer, rows, columns, packed, odd], blocks);
  check(name, await device.download(odd, new Uint32Array(rows)));
  return packed;
}
