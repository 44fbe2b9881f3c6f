import type { Device } from "@assay/compute";
import { bcaInterval } from "../../statistics/bootstrap.ts";
import type { Interval } from "../../statistics/interval.ts";
import { criticalValue } from "../../statistics/normal.ts";
import { wilson } from "../../statistics/wilson.ts";
import { type ClassMetric, type ClassSums, isCounted, shareOfClass } from "./class-metric.ts";
import {
  type ClassTable,
  classSums,
  effectiveRows,
  nonZero,
  rightOfAll,
  rightOfClass,
  shifted,
} from "./class-table.ts";
import { replicateMetrics } from "./replicates.ts";
import { unseenRange } from "./unseen-range.ts";

export interface EstimateOptions {
  readonly confidence: number;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
  readonly device: Device;
}

export interface ClassEstimate {
  readonly metric: ClassMetric;
  /** NaN where it is not defined. */
  readonly value: number;
  readonly interval: Interval | null;
  readonly method: string;
}

/** Widths and shares of weight that are nothing but rounding, or rows that weigh next to nothing. */
const dust = 1e-9;

/** Estimates of several metrics of one table, from one set of replicates. */
export async function estimateClassMetrics(
  table: ClassTable,
  list: readonly ClassMetric[],
  options: EstimateOptions,
): Promise<ClassEstimate[]> {
  const sums = classSums(table.classes, table.weights?.sums ?? table.counts);
  const values = list.map((metric) => (sums.total > 0 ? within(metric, metric.formula(sums)) : Number.NaN));
  const drawn = list.filter((metric, index) => metric.shape.kind === "table" && Number.isFinite(values[index]));
  const replicates =
    table.weights === null && drawn.length > 0 && sums.total < 2 ** 32
      ? await replicateMetrics(table, drawn, options)
      : null;
  return list.map((metric, index) => {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) return { metric, value: Number.NaN, interval: null, method: "none" };
    const found = intervalOf(metric, value, table, sums, replicates?.get(metric) ?? null, options);
    return {
      metric,
      value,
      ...(found.interval.high - found.interval.low > dust ? found : widened(metric, value, table, options)),
    };
  });
}

/** Where the rows show no spread (all wrong, labels of one class only), what they may have left unseen is let in. */
function widened(
  metric: ClassMetric,
  value: number,
  table: ClassTable,
  { confidence }: EstimateOptions,
): { interval: Interval; method: string } {
  const interval = hold(unseenRange(metric, table, confidence), value);
  if (interval.high - interval.low > dust) return { interval, method: "wilson-unseen" };
  return { interval: { low: metric.range[0], high: metric.range[1] }, method: "range" };
}

function intervalOf(
  metric: ClassMetric,
  value: number,
  table: ClassTable,
  sums: ClassSums,
  replicates: Float64Array | null,
  options: EstimateOptions,
): { interval: Interval; method: string } {
  const { confidence } = options;
  const { shape } = metric;
  const effective = table.weights ? "-effective" : "";
  if (shape.kind === "share") {
    const all = rightOfAll(table);
    return { interval: hold(wilson(all.k, all.n, confidence), value), method: `wilson${effective}` };
  }
  if (shape.kind === "mean") {
    return { interval: meanOfShares(shape, value, table, sums, confidence), method: `mover-wilson${effective}` };
  }
  // A table without errors has no spread to resample: errors are let in up to Wilson's bound on the error rate.
  const wrong = sums.right.reduce((left, right) => left - right, sums.total);
  if (!(wrong > dust * sums.total)) {
    const isOneClass = sums.truth.filter((weight) => weight > 0).length < 2;
    const low = isOneClass
      ? Math.min(value, unseenRange(metric, table, confidence).low)
      : worstByChance(metric, table, sums, confidence);
    return { interval: { low, high: value }, method: "wilson-errors" };
  }
  if (replicates) {
    const jackknife = nonZero(table.counts).map((cell) => ({
      value: metric.formula(shifted(sums, table.classes, cell, -1)),
      weight: table.counts[cell] ?? 0,
    }));
    const { method, ...interval } = bcaInterval({ estimate: value, replicates, jackknife, confidence });
    const inside = { low: within(metric, interval.low), high: within(metric, interval.high) };
    return { interval: hold(inside, value), method };
  }
  // Fewer than two rows' worth of weight say nothing of spread.
  if (effectiveRows(table) < 2) return { interval: { low: metric.range[0], high: metric.range[1] }, method: "range" };
  return { interval: linearised(metric, value, table, sums, confidence), method: "linearised" };
}

/** Rounding can carry a value past the end of its metric's range. */
function within(metric: ClassMetric, value: number): number {
  return Math.max(metric.range[0], Math.min(metric.range[1], value));
}

/** An interval that resampling, or the last digit of effective counts, leaves beside its own estimate is widened to hold it. */
export function hold(interval: Interval, value: number): Interval {
  return { low: Math.min(interval.low, value), high: Math.max(interval.high, value) };
}

/** MOVER (Zou and Donner 2008, doi:10.1002/sim.3095) for a mean of independent shares. */
function meanOfShares(
  shape: Extract<ClassMetric["shape"], { kind: "mean" }>,
  value: number,
  table: ClassTable,
  sums: ClassSums,
  confidence: number,
): Interval {
  let below = 0;
  let above = 0;
  let classes = 0;
  for (let index = 0; index < table.classes; index++) {
    const share = shareOfClass(sums, shape.margin, index);
    if (isCounted(sums, share, shape.missing, index)) classes++;
    if (Number.isNaN(share)) continue;
    const { k, n } = rightOfClass(table, shape.margin, index);
    const interval = wilson(k, n, confidence);
    below += (share - interval.low) ** 2;
    above += (interval.high - share) ** 2;
  }
  return {
    low: Math.max(0, value - Math.sqrt(below) / classes),
    high: Math.min(1, value + Math.sqrt(above) / classes),
  };
}

/** Linearised: f does not change with the scale of the table, so that Var f = Σ (∂f/∂Wₖ)² Σw² over cells k. */
function linearised(
  metric: ClassMetric,
  value: number,
  table: ClassTable,
  sums: ClassSums,
  confidence: number,
): Interval {
  const squares = table.weights?.squares ?? table.counts;
  const own = table.weights?.sums ?? table.counts;
  let variance = 0;
  for (const cell of nonZero(own)) {
    // Small beside the cell: a step measured by the whole table would take more out of a rare class than it holds.
    const step = (own[cell] ?? 0) * 1e-5;
    const up = metric.formula(shifted(sums, table.classes, cell, step));
    const down = metric.formula(shifted(sums, table.classes, cell, -step));
    variance += ((up - down) / (2 * step)) ** 2 * (squares[cell] ?? 0);
  }
  const rows = effectiveRows(table);
  const half = criticalValue(confidence) * Math.sqrt(variance * (rows / (rows - 1)));
  return { low: Math.max(metric.range[0], value - half), high: Math.min(metric.range[1], value + half) };
}

/** The metric of a table of several classes with errors at Wilson's bound on their rate, spread as chance would spread them. */
function worstByChance(metric: ClassMetric, table: ClassTable, sums: ClassSums, confidence: number): number {
  const all = rightOfAll(table);
  const rate = 1 - wilson(all.k, all.n, confidence).low;
  const { classes } = table;
  const share = (index: number): number => (sums.truth[index] ?? 0) / sums.total;
  const cells = new Float64Array(classes * classes);
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const others = 1 - share(row);
      cells[row * classes + column] =
        row === column ? share(row) * (1 - rate) : others > 0 ? (share(row) * rate * share(column)) / others : 0;
    }
  }
  const worst = metric.formula(classSums(classes, cells));
  return Number.isFinite(worst) ? Math.max(metric.range[0], worst) : metric.range[0];
}
