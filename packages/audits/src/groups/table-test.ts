import { type ConfusionMetric, confusionDistances, permuteConfusion } from "@assay/compute";
import type { Metric } from "../metrics/index.ts";
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
  const { device, seed, stream } = run;
  const rows = groups.length;
  const table = Float64Array.from(groups.flat());
  const kernels = metrics.map(kernelOf);
  const observed = await confusionDistances(device, Uint32Array.from(table), rows, kernels);
  const sought = observed.map(([distance = 0]) => ({ observed: distance, bound: 1 }));
  return settle(sought, replicatesFor(run.replicates, rows * 4), (first, count) =>
    permuteConfusion(device, { table, rows, replicates: count, first, seed, stream }, kernels),
  );
}

function kernelOf({ name, shape }: Metric): ConfusionMetric {
  if (shape.kind === "mean" || shape.kind === "table") return shape.kernel;
  throw new Error(`table tests: ${name} is no function of the whole table`);
}
