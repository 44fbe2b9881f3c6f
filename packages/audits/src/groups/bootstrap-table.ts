import { type Device, resample } from "@assay/compute";
import type { Confusion, Metric } from "../metrics/index.ts";
import { bcaInterval, type Interval } from "../statistics/index.ts";

/**
 * BCa intervals of functions of a table of counts from multinomial replicates of its cells: what resampling its rows would
 * give, at a cost that does not grow with them. One set of draws serves all metrics; the jackknife needs one value per cell.
 * Null where replicates have no spread.
 */
export async function bootstrapTable(
  metrics: readonly Metric[],
  cells: Confusion,
  run: {
    readonly device: Device;
    readonly replicates: number;
    readonly seed: number;
    readonly stream: number;
    readonly confidence: number;
  },
): Promise<((Interval & { readonly method: "bca" | "percentile" }) | null)[]> {
  const counts = Float64Array.of(cells.tp, cells.fp, cells.fn, cells.tn);
  const draws = await resample(run.device, { counts, replicates: run.replicates, seed: run.seed, stream: run.stream });
  const names = ["tp", "fp", "fn", "tn"] as const;
  return metrics.map((metric) => {
    const estimate = metric.formula(cells);
    if (Number.isNaN(estimate)) return null;
    const replicates = new Float64Array(run.replicates);
    const cell = { tp: 0, fp: 0, fn: 0, tn: 0 };
    for (let replicate = 0; replicate < run.replicates; replicate++) {
      const start = replicate * 4;
      cell.tp = draws[start] ?? 0;
      cell.fp = draws[start + 1] ?? 0;
      cell.fn = draws[start + 2] ?? 0;
      cell.tn = draws[start + 3] ?? 0;
      replicates[replicate] = metric.formula(cell);
    }
    const jackknife = names
      .filter((name) => cells[name] > 0)
      .map((name) => ({ value: metric.formula({ ...cells, [name]: cells[name] - 1 }), weight: cells[name] }));
    const interval = bcaInterval({ estimate, replicates, jackknife, confidence: run.confidence });
    return interval.high > interval.low ? interval : null;
  });
}
