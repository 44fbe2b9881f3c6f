import type { Device, DeviceBuffer } from "../../device.ts";
import type { DeviceTable } from "../../device-table.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import type { checkValues } from "./check.ts";
import type { Nearest, NearestInput } from "./index.ts";

/** Invocations that keep a large GPU busy. With few queries each is given to several, which share the references. */
const enough = 131_072;
/** As many as a merging invocation can keep in mind. */
const mostSegments = 32;
/** References in a segment, in blocks of eight, at least: shorter ones are all beginning, where every one is near. */
const leastBlocks = 64;
const mostListBytes = 67_108_864;
/** Pairs times columns in one dispatch: a tenth of a second where a GPU does a teraflop. */
const mostWork = 2 ** 35;

/** Packs the tables; chunks of queries pass the segments of the references, whose lists are then merged. */
export function searchOnGpu(
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
    const scaleBuffer = take(columns * 4, "any");
    if (scales) device.upload(scaleBuffer, scales);

    const blocks = Math.ceil(references.rows / 8);
    const wanted = Math.min(mostSegments, Math.ceil(enough / queries.rows), Math.ceil(blocks / leastBlocks));
    const blocksEach = Math.ceil(blocks / wanted);
    const segments = Math.ceil(blocks / blocksEach);
    const lists = Math.floor(Math.min(mostListBytes, device.maxBufferBytes) / (4 * k * segments));
    const work = Math.floor(mostWork / (references.rows * columns));
    const chunk = Math.min(queries.rows, rowsAtOnce, Math.max(1, Math.min(lists, Math.max(work, 64))));
    const size = chunk * segments * k * 4;
    const [distances, indexes] = [take(size, "any"), take(size, "any")];
    const [nearestDistances, nearestIndexes] = [take(chunk * k * 4, "any"), take(chunk * k * 4, "any")];
    for (let first = 0; first < queries.rows; first += chunk) {
      const count = Math.min(chunk, queries.rows - first);
      const what = [first, count, references.rows, blocksEach, columns, scales ? 1 : 0, k, excludeSelf ? 1 : 0, 0];
      const buffers = [to, from, scaleBuffer, distances, indexes];
      await device.dispatch("nearestSegment", [...buffers, ...what], count * segments);
      const merge = [distances, indexes, nearestDistances, nearestIndexes, segments, k] as const;
      await device.dispatch("nearestMerge", merge, count);
      const [begin, end] = [first * k, (first + count) * k];
      await device.download(nearestDistances, out.distances.subarray(begin, end));
      await device.download(nearestIndexes, out.indexes.subarray(begin, end));
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
  const padded = Math.ceil(rows / 8) * 8;
  const packed = take(padded * columns * 4, "any");
  const odd = take(padded * 4, "any");
  await device.dispatch("nearestBlocks", [buffer, packed, odd, rows, columns], padded);
  check(name, await device.download(odd, new Uint32Array(rows)));
  return packed;
}
