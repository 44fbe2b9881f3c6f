import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import { drawNullTables, type PermuteInput } from "../permute/index.ts";
import { drawReplicates, type ResampleInput } from "../resample/index.ts";
import { type ConfusionMetric, confusionMetrics } from "./metric.ts";

/**
 * Metrics of confusion tables, cells in the order tp, fp, fn, tn: one f64 array for each metric, a value for each table, NaN
 * where it is not defined. The bits are the reference's.
 *
 * This and what follows runs on `device.host`, with all its threads: a million tables take about 20 ms of one.
 * @throws AssayError internal for tables that are not of four cells
 */
export async function confusionValues(
  { host }: Device,
  tables: Uint32Array,
  metrics: readonly ConfusionMetric[],
): Promise<Float64Array[]> {
  const count = countOf("confusionValues", tables, 4);
  return useBuffers(host, async (take) => {
    const buffer = take(tables.byteLength, "any");
    host.upload(buffer, tables);
    const out = take(count * 8, "any");
    const outs: Float64Array[] = [];
    for (const metric of metrics) {
      await host.dispatch("confusionValues", [buffer, confusionMetrics[metric], out], count);
      outs.push(await host.download(out, new Float64Array(count)));
    }
    return outs;
  });
}

/**
 * How far groups lie apart in a metric: the greatest distance of a group's value from the groups' mean weighted by precision,
 * in standard errors of that distance by the delta method, half a row added to each cell so that no spread is 0. `tables`
 * holds sets of `groups` tables; one f64 array for each metric, a distance for each set.
 * @throws AssayError internal for sets that are not whole
 */
export async function confusionDistances(
  { host }: Device,
  tables: Uint32Array,
  groups: number,
  metrics: readonly ConfusionMetric[],
): Promise<Float64Array[]> {
  const count = countOf("confusionDistances", tables, 4 * groups);
  return useBuffers(host, async (take) => {
    const buffer = take(tables.byteLength, "any");
    host.upload(buffer, tables);
    const scratch = take(count * groups * 32, "any");
    const out = take(count * 8, "any");
    const outs: Float64Array[] = [];
    for (const metric of metrics) {
      await host.dispatch("confusionDistances", [buffer, groups, confusionMetrics[metric], scratch, out], count);
      outs.push(await host.download(out, new Float64Array(count)));
    }
    return outs;
  });
}

/**
 * `confusionValues` of the bootstrap replicates that `resample` draws of one table; the draws stay where they are. On a cpu
 * device of several threads the drawing has begun on the others when this returns, before its promise is awaited.
 */
export async function resampleConfusion(
  { host }: Device,
  input: ResampleInput,
  metrics: readonly ConfusionMetric[],
): Promise<Float64Array[]> {
  countOf("resampleConfusion", input.counts, 4, 1);
  const { seed, stream } = input;
  return useBuffers(host, async (take) => {
    const gather = gathered(host, take, metrics, input.replicates);
    await drawReplicates(host, take, input, async ({ counts, drawn, first, start, end }) => {
      await gather.add(start, end, (kinds, stride, out) => {
        const what = [kinds, metrics.length, stride, out] as const;
        return host.dispatch("resampleConfusion", [counts, drawn, first, seed, stream, ...what], end - start);
      });
    });
    return gather.outs;
  });
}

/** `confusionDistances` of the null tables that `permute` draws: a row a group, its four cells the columns. */
export async function permuteConfusion(
  { host }: Device,
  input: Omit<PermuteInput, "columns">,
  metrics: readonly ConfusionMetric[],
): Promise<Float64Array[]> {
  const { rows, seed, stream } = input;
  return useBuffers(host, async (take) => {
    const gather = gathered(host, take, metrics, input.replicates);
    let held: DeviceBuffer | null = null;
    await drawNullTables(host, take, { ...input, columns: 4 }, async (chunk) => {
      const { margins, scratch, drawn, first, start, end } = chunk;
      // The first chunk is the longest.
      held ??= take((end - start) * rows * 32, "any");
      const moments = held;
      await gather.add(start, end, (kinds, stride, out) => {
        const from = [margins, rows, scratch, drawn, first, seed, stream] as const;
        const what = [kinds, metrics.length, stride, moments, out] as const;
        return host.dispatch("permuteConfusion", [...from, ...what], end - start);
      });
    });
    return gather.outs;
  });
}

/** One array for each metric, filled chunk by chunk by a kernel that lays a chunk's metrics one after another. */
function gathered(host: Device, take: TakeBuffer, metrics: readonly ConfusionMetric[], replicates: number) {
  const all = new Float64Array(metrics.length * replicates);
  const outs = metrics.map((_, index) => all.subarray(index * replicates, (index + 1) * replicates));
  const kinds = take(metrics.length * 4, "any");
  host.upload(
    kinds,
    Uint32Array.from(metrics, (metric) => confusionMetrics[metric]),
  );
  let buffer: DeviceBuffer | null = null;
  return {
    outs,
    async add(
      start: number,
      end: number,
      run: (kinds: DeviceBuffer, stride: number, out: DeviceBuffer) => Promise<void>,
    ): Promise<void> {
      const count = end - start;
      // The first chunk is the longest.
      buffer ??= take(metrics.length * count * 8, "any");
      await run(kinds, count, buffer);
      if (count === replicates) {
        await host.download(buffer, all);
        return;
      }
      const values = await host.download(buffer, new Float64Array(metrics.length * count));
      for (const [index, out] of outs.entries()) out.set(values.subarray(index * count, (index + 1) * count), start);
    },
  };
}

function countOf(where: string, cells: ArrayLike<number>, size: number, only?: number): number {
  const count = cells.length / size;
  if (!Number.isInteger(count) || (only !== undefined && count !== only)) {
    const wanted = only === undefined ? `a multiple of ${size}` : `${size * only}`;
    throw new AssayError("internal", `${where}: ${wanted} cells are needed, got ${cells.length}`);
  }
  return count;
}
