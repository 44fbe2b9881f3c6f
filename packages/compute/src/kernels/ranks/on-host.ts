import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { scan } from "../scan/index.ts";
import { faultOf } from "./check.ts";
import type { RankCodes, Ranks, RanksInput } from "./index.ts";

/** Blocks of rows that are counted and laid side by side; fewer rows are one block. */
const mostBlocks = 16;
const rowsForBlocks = 65536;
/** Among so many the segments are dealt out for sorting. */
const lanes = 64;
/** Rows of a segment, where scores are spread evenly: what its sorting touches stays in the cache. */
const segmentRows = 8192;
const mostStretches = 1024;
const mostSegments = 65536;

/** @throws AssayError data-too-large where the device has no memory for so many rows */
export async function ranksOnHost(device: Device, input: RanksInput): Promise<Ranks> {
  try {
    return await rank(device, input);
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== "device-out-of-memory") throw error;
    const bytes = 32 + (input.weights ? 16 : 0) + (input.counts ? 8 : 0);
    throw new AssayError(
      "data-too-large",
      `ranks: ${input.scores.length} rows need about ${bytes * input.scores.length} bytes, more than ${device.name} has left; use more shards`,
      { cause: error },
    );
  }
}

async function rank(device: Device, input: RanksInput): Promise<Ranks> {
  const { scores, weights, strata, parts, counts, order } = input;
  const rows = scores.length;
  const partCount = parts?.size ?? 1;
  const strataCount = strata.size - 1;
  return useBuffers(device, async (take) => {
    const none = take(8, "any");
    const uploaded = (values: Float64Array | RankCodes["codes"] | null | undefined) => {
      if (!values) return none;
      const buffer = take(values.byteLength, "any");
      device.upload(buffer, values);
      return buffer;
    };
    const scoreBuffer = uploaded(scores);
    const weightBuffer = uploaded(weights);
    const strataBuffer = uploaded(strata.codes);
    const partBuffer = uploaded(parts?.codes);
    const countBuffer = uploaded(counts);
    const hasWeights = weights ? 1 : 0;
    const hasCounts = counts ? 1 : 0;
    const keys = [scoreBuffer, weightBuffer, hasWeights] as const;
    const strataCodes = [strataBuffer, strata.codes.BYTES_PER_ELEMENT] as const;
    const partCodes = [partBuffer, parts?.codes.BYTES_PER_ELEMENT ?? 0] as const;

    const segmentsWished = Math.ceil(rows / segmentRows / partCount);
    let stretches = 1;
    while (stretches < Math.min(segmentsWished, mostStretches) && 2 * stretches * partCount <= mostSegments)
      stretches *= 2;
    const segments = partCount * stretches;
    const blocks = rows < rowsForBlocks || segments > mostSegments ? 1 : mostBlocks;
    const blockRows = Math.ceil(rows / blocks);
    const what = [countBuffer, hasCounts, rows, blockRows] as const;

    const status = take(4, "zero");
    const range = take(blocks * 16, "any");
    const checked = [...strataCodes, strata.size, ...partCodes, partCount] as const;
    await device.dispatch("ranksRange", [...keys, ...checked, ...what, range, status], blocks);
    const [fault = 0] = await device.download(status, new Uint32Array(1));
    if (fault !== 0) throw faultOf(input);
    const ends = await device.download(range, new Float64Array(2 * blocks));
    const lows = ends.filter((_, index) => index % 2 === 0);
    const highs = ends.filter((_, index) => index % 2 === 1);
    const [low, high] = [Math.min(...lows), Math.max(...highs)];
    // Without finite scores, or ones too far apart for a double, all are one stretch.
    const scale = high > low && high - low < Number.POSITIVE_INFINITY ? stretches / (high - low) : 0;
    const spread = [blocks, Number.isFinite(low) ? low : 0, scale, stretches] as const;

    const starts = take((segments * blocks + 1) * 4, "zero");
    const located = [...keys, ...strataCodes, ...partCodes, ...what, ...spread, starts] as const;
    await device.dispatch("ranksCount", located, blocks);
    const total = take(4, "any");
    await scan(device, take, starts, segments * blocks, total);
    const [kept = 0] = await device.download(total, new Uint32Array(1));

    const byRow = counts || order ? 1 : 0;
    const scoreKeys = take(kept * 8, "any");
    const weightKeys = weights ? take(kept * 8, "any") : none;
    const tags = take(kept * 4, "any");
    await device.dispatch("ranksLay", [...located, byRow, scoreKeys, weightKeys, tags], blocks);

    // The keys hold all that was in the doubles: their room serves the sorting.
    const spare = weights ? weightBuffer : take(kept * 8, "any");
    const uniques = take(segments * 4, "any");
    const sorted = [starts, blocks, segments, lanes, scoreKeys, weightKeys, hasWeights, scoreBuffer] as const;
    await device.dispatch("ranksSort", [...sorted, spare, take(lanes * 4096, "any"), uniques], lanes);

    const firsts = await device.download(uniques, new Uint32Array(segments));
    const sizes = new Uint32Array(partCount);
    let entries = 0;
    for (let segment = 0; segment < segments; segment++) {
      const own = firsts[segment] ?? 0;
      const part = Math.floor(segment / stretches);
      sizes[part] = (sizes[part] ?? 0) + own;
      firsts[segment] = entries;
      entries += own;
    }
    device.upload(uniques, firsts);
    const entryScores = take(entries * 8, "any");
    const entryWeights = weights ? take(entries * 8, "any") : none;
    const entryRows = take(strataCount * entries * (counts ? 8 : 4), "zero");
    const orderBuffer = order ? take(kept * 4, "any") : none;
    const from = [tags, byRow, ...strataCodes, countBuffer, hasCounts, uniques, entries] as const;
    const into = [entryScores, entryWeights, entryRows, orderBuffer, order ? 1 : 0] as const;
    await device.dispatch("ranksEntries", [...sorted, ...from, ...into], lanes);
    return {
      sizes,
      scores: await device.download(entryScores, new Float64Array(entries)),
      weights: weights && (await device.download(entryWeights, new Float64Array(entries))),
      rows: await device.download(
        entryRows,
        counts ? new Float64Array(strataCount * entries) : new Uint32Array(strataCount * entries),
      ),
      order: order ? await device.download(orderBuffer, new Uint32Array(kept)) : null,
    };
  });
}
