import { type Device, PhiloxStream } from "@assay/compute";
import { bootstrapTable, type TableMetric } from "../../packages/audits/src/groups/bootstrap-table.ts";
import { estimate } from "../../packages/audits/src/groups/estimate.ts";
import type { Confusion, Metric } from "../../packages/audits/src/metrics/index.ts";
import { criticalValue } from "../../packages/audits/src/statistics/index.ts";
import { drawTable, drawWeighted, sharesOf, type WeightClass, type World, weightedShares } from "./draw.ts";
import { binomialOutcomes } from "./exact.ts";

export interface Coverage {
  readonly average: number;
  readonly least: number;
  readonly most: number;
  /** Where the least was met. */
  readonly at: string;
}

export function summarise(rows: readonly { readonly chance: number; readonly at: string }[]): Coverage {
  let sum = 0;
  let least = { chance: 2, at: "" };
  let most = -1;
  for (const row of rows) {
    sum += row.chance;
    if (row.chance < least.chance) least = row;
    most = Math.max(most, row.chance);
  }
  return { average: sum / rows.length, least: least.chance, most, at: least.at };
}

/** Exact coverage of a share's interval at n over a grid of rates. */
export function shareCoverage(metric: Metric, n: number, rates: readonly number[], confidence: number): Coverage {
  const { shape } = metric;
  if (shape.kind !== "rate") throw new Error(`${metric.name} is no share`);
  const z = criticalValue(confidence);
  const { of, among } = shape.share;
  const [other] = among.filter((cell) => !(of as readonly string[]).includes(cell));
  const curve = shape.curve ?? ((share: number) => share);
  const known = new Map<number, { low: number; high: number }>();
  const intervalAt = (k: number): { low: number; high: number } => {
    let interval = known.get(k);
    if (!interval) {
      const counts: Confusion = { tp: 0, fp: 0, fn: 0, tn: 0, [of[0] ?? "tp"]: k, [other ?? "tn"]: n - k };
      interval = estimate(metric, { counts, weights: null }).interval(z);
      known.set(k, interval);
    }
    return interval;
  };
  return summarise(
    rates.map((rate) => {
      const { first, chances } = binomialOutcomes(n, rate);
      const truth = curve(rate);
      let chance = 0;
      for (const [offset, one] of chances.entries()) {
        const { low, high } = intervalAt(first + offset);
        if (low <= truth && truth <= high) chance += one;
      }
      return { chance, at: `rate ${rate}` };
    }),
  );
}

/** Simulated coverage of a metric's own interval, not resampled. */
export function simulatedCoverage(
  metric: Metric,
  n: number,
  source: World | readonly WeightClass[],
  options: { readonly simulations: number; readonly confidence: number; readonly seed: number },
): number {
  const random = new PhiloxStream(options.seed, n);
  const z = criticalValue(options.confidence);
  const truth = metric.formula("base" in source ? sharesOf(source) : weightedShares(source));
  let held = 0;
  let defined = 0;
  for (let run = 0; run < options.simulations; run++) {
    const one = estimate(metric, "base" in source ? drawTable(random, n, source) : drawWeighted(random, n, source));
    if (Number.isNaN(one.value)) continue;
    defined++;
    const { low, high } = one.interval(z);
    if (low <= truth && truth <= high) held++;
  }
  return held / defined;
}

/** Simulated coverage of BCa intervals, each from `replicates` draws; where they have no spread, of what stands in. */
export async function bootstrapCoverage(
  device: Device,
  metrics: readonly Metric[],
  n: number,
  world: World,
  options: {
    readonly simulations: number;
    readonly replicates: number;
    readonly confidence: number;
    readonly seed: number;
  },
): Promise<number[]> {
  const random = new PhiloxStream(options.seed, n);
  const z = criticalValue(options.confidence);
  const tables = metrics.map(({ name, formula, shape }): TableMetric => {
    if (shape.kind !== "table") throw new Error(`${name} is not resampled`);
    return { formula, kernel: shape.kernel };
  });
  const truths = metrics.map((metric) => metric.formula(sharesOf(world)));
  const held = metrics.map(() => 0);
  const defined = metrics.map(() => 0);
  for (let run = 0; run < options.simulations; run++) {
    const table = drawTable(random, n, world);
    const intervals = await bootstrapTable(tables, table.counts, {
      device,
      replicates: options.replicates,
      seed: options.seed,
      stream: run,
      confidence: options.confidence,
    });
    for (const [index, metric] of metrics.entries()) {
      const one = estimate(metric, table);
      if (Number.isNaN(one.value)) continue;
      defined[index] = (defined[index] ?? 0) + 1;
      const { low, high } = intervals[index] ?? one.interval(z);
      const truth = truths[index] ?? 0;
      if (low <= truth && truth <= high) held[index] = (held[index] ?? 0) + 1;
    }
  }
  return held.map((count, index) => count / (defined[index] ?? 1));
}
