import type { Device } from "@assay/compute";
import { permute } from "@assay/compute";
import type { Metric, Share } from "../../metrics/index.ts";
import { type Cell, everyCell } from "../../metrics/metric.ts";
import type { Estimate } from "./estimate.ts";

/** A group that enters a disparity: its estimate and its cells as whole rows, effective ones where rows are weighted. */
export interface TestGroup {
  readonly estimate: Estimate;
  /** tp, fp, fn, tn as integers. */
  readonly table: readonly [number, number, number, number];
}

export interface TestRun {
  readonly device: Device;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
}

export interface DisparityTest {
  readonly p: number;
  /** Replicates used: fewer than asked where there are very many groups. */
  readonly replicates: number;
  readonly observed: number;
  /** The statistic in every replicate. */
  readonly null: Float64Array;
}

/** Draws of one cell each, per test, at most. */
const mostDraws = 4_000_000;

export function replicatesFor(asked: number, groups: number, columns: number): number {
  return Math.min(asked, Math.max(199, Math.floor(mostDraws / (groups * columns))));
}

/**
 * What a metric's test asks: two metrics with the same key are equal over groups exactly when the other is (a rate and its
 * complement, F1 and its share), so they share one test and count once among the tests adjusted for.
 */
export function hypothesisOf(metric: Metric): string {
  const { shape } = metric;
  if (shape.kind !== "rate") return metric.name;
  const text = (cells: readonly Cell[]): string => everyCell.filter((cell) => cells.includes(cell)).join("+");
  const others = shape.share.among.filter((cell) => !shape.share.of.includes(cell));
  const sides = [text(shape.share.of), text(others)].sort().join("|");
  return metric.needs === "both" ? sides : `${metric.needs}: ${sides}`;
}

/**
 * Permutation test that a share is equal in all groups: who is counted is shuffled over the groups, both margins kept
 * (multivariate hypergeometric). The statistic is the greatest standardised distance of a group from the pooled share, so
 * that a small group's noise does not drown a large group's gap. The p value is exact but for the number of replicates:
 * (1 + as extreme) / (1 + replicates). B. Phipson and G. K. Smyth, SAGMB 9 (2010), doi:10.2202/1544-6115.1585.
 */
export async function shareTest(counts: readonly { k: number; n: number }[], run: TestRun): Promise<DisparityTest> {
  const groups = counts.length;
  let n = 0;
  let k = 0;
  const table = new Float64Array(groups * 2);
  for (const [index, group] of counts.entries()) {
    table[2 * index] = group.k;
    table[2 * index + 1] = group.n - group.k;
    n += group.n;
    k += group.k;
  }
  const pooled = k / n;
  const expected = counts.map((group) => group.n * pooled);
  const scale = counts.map((group) => 1 / Math.sqrt(Math.max(group.n * (1 - group.n / n), 1e-300)));
  const observed = distance(table, 0, expected, scale);
  const replicates = replicatesFor(run.replicates, groups, 2);
  const draws = await permute(run.device, { table, rows: groups, columns: 2, ...run, replicates });
  const nulls = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    nulls[replicate] = distance(draws, replicate * groups * 2, expected, scale);
  }
  return { p: tail(observed, nulls), replicates, observed, null: nulls };
}

function distance(
  table: ArrayLike<number>,
  start: number,
  expected: readonly number[],
  scale: readonly number[],
): number {
  let most = 0;
  for (let group = 0; group < expected.length; group++) {
    const off = Math.abs((table[start + 2 * group] ?? 0) - (expected[group] ?? 0)) * (scale[group] ?? 0);
    if (off > most) most = off;
  }
  return most;
}

/** Chance under the null of a statistic at least as large; ties count, whatever their rounding. */
export function tail(observed: number, nulls: Float64Array): number {
  const bound = observed * (1 - 1e-9);
  let extreme = 0;
  for (const value of nulls) if (value >= bound) extreme++;
  return (1 + extreme) / (1 + nulls.length);
}

/**
 * Permutation tests for functions of the whole table: whole rows are shuffled over the groups and each group's estimate is
 * studentised anew in every replicate, which keeps the size right, in large samples, even where groups differ in other ways
 * than the metric (E. Chung and J. P. Romano, Annals of Statistics 41 (2013) 484–507, doi:10.1214/13-AOS1090).
 * One set of draws serves all metrics.
 */
export async function tableTests(
  metrics: readonly Metric[],
  groups: readonly TestGroup["table"][],
  run: TestRun,
): Promise<(DisparityTest | null)[]> {
  const rows = groups.length;
  const table = Float64Array.from(groups.flat());
  const replicates = replicatesFor(run.replicates, rows, 4);
  const draws = await permute(run.device, { table, rows, columns: 4, ...run, replicates });
  const values = new Float64Array(rows);
  const variances = new Float64Array(rows);
  return metrics.map((metric) => {
    const studentise = studentiser(metric);
    const at = (source: ArrayLike<number>, start: number): number => {
      for (let group = 0; group < rows; group++) studentise(source, start + 4 * group, group, values, variances);
      return greatestDistance(values, variances);
    };
    const observed = at(table, 0);
    if (Number.isNaN(observed)) return null;
    const nulls = new Float64Array(replicates);
    for (let replicate = 0; replicate < replicates; replicate++) nulls[replicate] = at(draws, replicate * rows * 4);
    return { p: tail(observed, nulls), replicates, observed, null: nulls };
  });
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
    const [first, second] = shape.shares.map(cellPlaces);
    return (source, start, group, values, variances) => {
      let value = 0;
      let variance = 0;
      for (const share of [first, second]) {
        if (!share) continue;
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
  return (source, start, group, values, variances) => {
    const cells = {
      tp: (source[start] ?? 0) + 0.5,
      fp: (source[start + 1] ?? 0) + 0.5,
      fn: (source[start + 2] ?? 0) + 0.5,
      tn: (source[start + 3] ?? 0) + 0.5,
    };
    values[group] = formula(cells);
    if (shape.kind !== "table") return;
    const slope = shape.gradient(cells);
    variances[group] =
      slope.tp ** 2 * cells.tp + slope.fp ** 2 * cells.fp + slope.fn ** 2 * cells.fn + slope.tn ** 2 * cells.tn;
  };
}

function cellPlaces(share: Share): { of: readonly number[]; among: readonly number[] } {
  const places = (cells: readonly Cell[]): number[] => cells.map((cell) => everyCell.indexOf(cell));
  return { of: places(share.of), among: places(share.among) };
}
