import { permute } from "@assay/compute";
import type { Metric, Share } from "../metrics/index.ts";
import { type Cell, everyCell } from "../metrics/metric.ts";
import { settle } from "./sequential-test.ts";
import { replicatesFor, type TestRun } from "./share-test.ts";

/** tp, fp, fn, tn of a group as integers. */
export type GroupTable = readonly [number, number, number, number];

/**
 * Permutation tests for functions of the whole table: whole rows are shuffled over the groups and each group's estimate is
 * studentised anew in every replicate, which keeps the size right, in large samples, even where groups differ in other ways
 * than the metric (E. Chung and J. P. Romano, Annals of Statistics 41 (2013) 484–507, doi:10.1214/13-AOS1090).
 * One set of draws serves all metrics.
 */
export async function tableTests(
  metrics: readonly Metric[],
  groups: readonly GroupTable[],
  run: TestRun,
): Promise<number[]> {
  const rows = groups.length;
  const table = Float64Array.from(groups.flat());
  const statistics = metrics.map((metric) => distanceOf(metric, rows));
  const sought = statistics.map((statistic) => ({ observed: statistic(table, 0), bound: 1 }));
  return settle(sought, replicatesFor(run.replicates, rows * 4), async (first, count) => {
    const draws = await permute(run.device, {
      table,
      rows,
      columns: 4,
      replicates: count,
      first,
      seed: run.seed,
      stream: run.stream,
    });
    return statistics.map((statistic) => {
      const values = new Float64Array(count);
      for (let replicate = 0; replicate < count; replicate++)
        values[replicate] = statistic(draws, replicate * rows * 4);
      return values;
    });
  });
}

/** The greatest studentised distance over the groups' tables that start at `start`. */
function distanceOf(metric: Metric, rows: number): (source: ArrayLike<number>, start: number) => number {
  const studentise = studentiser(metric);
  const values = new Float64Array(rows);
  const variances = new Float64Array(rows);
  return (source, start) => {
    for (let group = 0; group < rows; group++) studentise(source, start + 4 * group, group, values, variances);
    return greatestDistance(values, variances);
  };
}

/**
 * Greatest distance of a group's value from the mean weighted by precision, in standard errors of that distance.
 * For two groups it is |a − b| / √(v + w).
 */
export function greatestDistance(values: Float64Array, variances: Float64Array): number {
  let weight = 0;
  let sum = 0;
  for (let group = 0; group < values.length; group++) {
    const w = 1 / (variances[group] ?? 1);
    weight += w;
    sum += w * (values[group] ?? 0);
  }
  const mean = sum / weight;
  let most = 0;
  for (let group = 0; group < values.length; group++) {
    const spread = (variances[group] ?? 1) - 1 / weight;
    const off = ((values[group] ?? 0) - mean) ** 2 / Math.max(spread, 1e-300);
    if (off > most) most = off;
  }
  return Math.sqrt(most);
}

type Studentise = (
  source: ArrayLike<number>,
  start: number,
  group: number,
  values: Float64Array,
  variances: Float64Array,
) => void;

/** Value and variance of a metric from cells at `start` (tp, fp, fn, tn), half a row added to each so that no spread is 0. */
function studentiser(metric: Metric): Studentise {
  const { shape, formula } = metric;
  if (shape.kind === "mean") {
    const shares = shape.shares.map(placesOf);
    return (source, start, group, values, variances) => {
      let value = 0;
      let variance = 0;
      for (const share of shares) {
        let k = 0.5;
        let n = 1;
        for (const place of share.of) k += source[start + place] ?? 0;
        for (const place of share.among) n += source[start + place] ?? 0;
        const rate = k / n;
        value += rate / 2;
        variance += (rate * (1 - rate)) / n / 4;
      }
      values[group] = value;
      variances[group] = variance;
    };
  }
  const cells = { tp: 0, fp: 0, fn: 0, tn: 0 };
  return (source, start, group, values, variances) => {
    cells.tp = (source[start] ?? 0) + 0.5;
    cells.fp = (source[start + 1] ?? 0) + 0.5;
    cells.fn = (source[start + 2] ?? 0) + 0.5;
    cells.tn = (source[start + 3] ?? 0) + 0.5;
    values[group] = formula(cells);
    if (shape.kind !== "table") return;
    const slope = shape.gradient(cells);
    variances[group] =
      slope.tp * slope.tp * cells.tp +
      slope.fp * slope.fp * cells.fp +
      slope.fn * slope.fn * cells.fn +
      slope.tn * slope.tn * cells.tn;
  };
}

function placesOf(share: Share): { of: readonly number[]; among: readonly number[] } {
  const places = (cells: readonly Cell[]): number[] => cells.map((cell) => everyCell.indexOf(cell));
  return { of: places(share.of), among: places(share.among) };
}
