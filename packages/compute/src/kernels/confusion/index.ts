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
    const outs = metrics.map(() => new Float64Array(count));
    await values(host, take, metrics)(buffer, 0, count, outs);
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
    const outs = metrics.map(() => new Float64Array(count));
    await distances(host, take, groups, metrics, count)(buffer, 0, count, outs);
    return outs;
  });
}

/** `confusionValues` of the bootstrap replicates that `resample` draws of one table; the draws stay where they are. */
export async function resampleConfusion(
  { host }: Device,
  input: ResampleInput,
  metrics: readonly ConfusionMetric[],
): Promise<Float64Array[]> {
  countOf("resampleConfusion", input.counts, 4, 1);
  return useBuffers(host, async (take) => {
    const outs = metrics.map(() => new Float64Array(input.replicates));
    const each = values(host, take, metrics);
    await drawReplicates(host, take, input, (buffer, start, end) => each(buffer, start, end, outs));
    return outs;
  });
}

/** `confusionDistances` of the null tables that `permute` draws: a row a group, its four cells the columns. */
export async function permuteConfusion(
  { host }: Device,
  input: Omit<PermuteInput, "columns">,
  metrics: readonly ConfusionMetric[],
): Promise<Float64Array[]> {
  return useBuffers(host, async (take) => {
    const outs = metrics.map(() => new Float64Array(input.replicates));
    let each: Measured | null = null;
    await drawNullTables(host, take, { ...input, columns: 4 }, (buffer, start, end) => {
      // The first piece is the longest.
      each ??= distances(host, take, input.rows, metrics, end - start);
      return each(buffer, start, end, outs);
    });
    return outs;
  });
}

/** Measures the tables or sets `start` to `end`, which the buffer begins with. */
type Measured = (buffer: DeviceBuffer, start: number, end: number, outs: readonly Float64Array[]) => Promise<void>;

function values(host: Device, take: TakeBuffer, metrics: readonly ConfusionMetric[]): Measured {
  let out: DeviceBuffer | null = null;
  return async (buffer, start, end, outs) => {
    out ??= take((end - start) * 8, "any");
    for (const [index, metric] of metrics.entries()) {
      await host.dispatch("confusionValues", [buffer, confusionMetrics[metric], out], end - start);
      await host.download(out, (outs[index] ?? new Float64Array(0)).subarray(start, end));
    }
  };
}

function distances(
  host: Device,
  take: TakeBuffer,
  groups: number,
  metrics: readonly ConfusionMetric[],
  most: number,
): Measured {
  const scratch = take(most * groups * 32, "any");
  const out = take(most * 8, "any");
  return async (buffer, start, end, outs) => {
    for (const [index, metric] of metrics.entries()) {
      const what = [buffer, groups, confusionMetrics[metric], scratch, out] as const;
      await host.dispatch("confusionDistances", what, end - start);
      await host.download(out, (outs[index] ?? new Float64Array(0)).subarray(start, end));
    }
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
