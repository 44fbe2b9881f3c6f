import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { scan } from "../scan/index.ts";
import { faultOf } from "./check.ts";
import type { RankCodes, Ranks, RanksInput } from "./index.ts";

/** Words whose digits one invocation counts and moves, one after the other: that keeps their order. */
const tile = 64;

/**
 * Sorts row numbers by 32-bit words of their keys, least significant first, four bits at a time; digits that all rows
 * share are passed by. Rows of `counts` null only.
 * @throws AssayError data-too-large where the device has no memory for so many rows
 */
export async function ranksOnGpu(device: Device, input: RanksInput): Promise<Ranks> {
  try {
    return await rank(device, input);
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== "device-out-of-memory") throw error;
    const bytes = 32 + (input.weights ? 8 : 0);
    throw new AssayError(
      "data-too-large",
      `ranks: ${input.scores.length} rows need about ${bytes * input.scores.length} bytes, more than ${device.name} has left; use more shards`,
      { cause: error },
    );
  }
}

async function rank(device: Device, input: RanksInput): Promise<Ranks> {
  const { scores, weights, strata, parts } = input;
  const rows = scores.length;
  const partCount = parts?.size ?? 1;
  const strataCount = strata.size - 1;
  return useBuffers(device, async (take) => {
    // One for each argument that may be missing: a buffer is given once to a call.
    const noWeights = take(8, "any");
    const noParts = take(8, "any");
    const uploaded = (values: Float64Array | RankCodes["codes"]): DeviceBuffer => {
      const buffer = take(values.byteLength, "any");
      device.upload(buffer, values);
      return buffer;
    };
    const scoreBuffer = uploaded(scores);
    const weightBuffer = weights ? uploaded(weights) : noWeights;
    const strataBuffer = uploaded(strata.codes);
    const partBuffer = parts ? uploaded(parts.codes) : noParts;
    const strataWidth = strata.codes.BYTES_PER_ELEMENT;
    const partWidth = parts?.codes.BYTES_PER_ELEMENT ?? 0;
    const hasWeights = weights ? 1 : 0;

    const status = take(4, "zero");
    await device.dispatch("ranksValid", [strataBuffer, strataWidth, strata.size, status], rows);
    if (parts) await device.dispatch("ranksValid", [partBuffer, partWidth, parts.size, status], rows);
    const [fault = 0] = await device.download(status, new Uint32Array(1));
    if (fault !== 0) throw faultOf(input);

    const total = take(4, "any");
    const placed = take(rows * 4 + 4, "any");
    const kinds = [strataBuffer, strataWidth] as const;
    await device.dispatch("ranksKeep", [scoreBuffer, weightBuffer, hasWeights, ...kinds, placed], rows);
    await scan(device, take, placed, rows, total);
    const [kept = 0] = await device.download(total, new Uint32Array(1));
    let order = take(kept * 4, "any");
    await device.dispatch("ranksCollect", [placed, order], rows);
    placed.free();

    let words = take(kept * 4, "any");
    let spareOrder = take(kept * 4, "any");
    let spareWords = take(kept * 4, "any");
    const tiles = Math.ceil(kept / tile);
    const digitCounts = take(16 * tiles * 4 + 4, "any");
    const seen = take(8, "any");
    const sortBy = async (kernel: "ranksCodes" | "ranksWords", keys: DeviceBuffer, which: number): Promise<void> => {
      device.clear(seen);
      await device.dispatch(kernel, [keys, which, order, words, seen], kept);
      const [ones = 0, zeros = 0] = await device.download(seen, new Uint32Array(2));
      for (let shift = 0; shift < 32; shift += 4) {
        if ((((ones & zeros) >>> shift) & 15) === 0) continue;
        await device.dispatch("ranksDigits", [words, shift, kept, digitCounts], tiles);
        await scan(device, take, digitCounts, 16 * tiles, total);
        await device.dispatch("ranksMove", [words, order, digitCounts, shift, kept, spareWords, spareOrder], tiles);
        [words, spareWords] = [spareWords, words];
        [order, spareOrder] = [spareOrder, order];
      }
    };
    for (const keys of weights ? [weightBuffer, scoreBuffer] : [scoreBuffer]) {
      await sortBy("ranksWords", keys, 0);
      await sortBy("ranksWords", keys, 1);
    }
    if (parts) await sortBy("ranksCodes", partBuffer, partWidth);
    for (const buffer of [words, spareWords, spareOrder, digitCounts]) buffer.free();

    const entryOf = take(kept * 4 + 4, "any");
    const alike = [scoreBuffer, weightBuffer, hasWeights, partBuffer, partWidth, order] as const;
    await device.dispatch("ranksNew", [...alike, entryOf], kept);
    await scan(device, take, entryOf, kept, total);
    const [entries = 0] = await device.download(total, new Uint32Array(1));
    const keysOf = async (doubles: DeviceBuffer): Promise<Float64Array> => {
      const keys = take(entries * 8, "any");
      await device.dispatch("ranksKeys", [doubles, order, entryOf, keys], kept);
      const values = await device.download(keys, new Float64Array(entries));
      keys.free();
      return values;
    };
    const sizes = parts ? new Uint32Array(partCount) : Uint32Array.of(entries);
    if (parts) {
      const sizeBuffer = take(partCount * 4, "any");
      device.clear(sizeBuffer);
      await device.dispatch("ranksRows", [partBuffer, partWidth, order, entryOf, 0, 0, 1, sizeBuffer], kept);
      await device.download(sizeBuffer, sizes);
    }
    const rowBuffer = take(strataCount * entries * 4, "any");
    device.clear(rowBuffer);
    await device.dispatch("ranksRows", [...kinds, order, entryOf, 1, entries, 0, rowBuffer], kept);
    return {
      sizes,
      scores: await keysOf(scoreBuffer),
      weights: weights && (await keysOf(weightBuffer)),
      rows: await device.download(rowBuffer, new Uint32Array(strataCount * entries)),
      order: input.order ? await device.download(order, new Uint32Array(kept)) : null,
    };
  });
}
