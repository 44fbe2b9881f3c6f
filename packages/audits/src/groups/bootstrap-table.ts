import { type ConfusionMetric, type Device, resampleConfusion } from "@assay/compute";
import type { Confusion, Metric } from "../metrics/index.ts";
import { bcaInterval, type Interval } from "../statistics/index.ts";

/** A metric of the whole table. */
export interface TableMetric {
  readonly formula: Metric["formula"];
  readonly kernel: ConfusionMetric;
}

export interface TableDraws {
  readonly device: Device;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
}

/**
 * BCa intervals of functions of a table of counts from multinomial replicates of its cells: what resampling its rows would
 * give, at a cost that does not grow with them. One set of draws serves all metrics; the jackknife needs one value per cell.
 * Null where replicates have no spread.
 */
export async function bootstrapTable(
  metrics: readonly TableMetric[],
  cells: Confusion,
  run: TableDraws & { readonly confidence: number },
): Promise<((Interval & { readonly method: "bca" | "percentile" }) | null)[]> {
  return tableIntervals(metrics, cells, await drawTable(metrics, cells, run), run.confidence);
}

/** The metrics' values in replicates of the table: one array for each. */
export function drawTable(
  metrics: readonly TableMetric[],
  cells: Confusion,
  { device, replicates, seed, stream }: TableDraws,
): Promise<readonly Float64Array[]> {
  const counts = Float64Array.of(cells.tp, cells.fp, cells.fn, cells.tn);
  const kernels = metrics.map(({ kernel }) => kernel);
  return resampleConfusion(device, { counts, replicates, seed, stream }, kernels);
}

/** The intervals of `bootstrapTable` from what `drawTable` gave. */
export function tableIntervals(
  metrics: readonly TableMetric[],
  cells: Confusion,
  drawn: readonly Float64Array[],
  confidence: number,
): ((Interval & { readonly method: "bca" | "percentile" }) | null)[] {
  const names = ["tp", "fp", "fn", "tn"] as const;
  return metrics.map(({ formula }, index) => {
    const estimate = formula(cells);
    const replicates = drawn[index];
    if (Number.isNaN(estimate) || !replicates) return null;
    const jackknife = names
      .filter((name) => cells[name] > 0)
      .map((name) => ({ value: formula({ ...cells, [name]: cells[name] - 1 }), weight: cells[name] }));
    const interval = bcaInterval({ estimate, replicates, jackknife, confidence });
    return interval.high > interval.low ? interval : null;
  });
}
