import { type Device, PhiloxStream } from "@assay/compute";
import { countsOf, tableOf } from "../../packages/audits/src/groups/disparity-tests.ts";
import { estimate } from "../../packages/audits/src/groups/estimate.ts";
import { jointShareTest, shareTest } from "../../packages/audits/src/groups/share-test.ts";
import { tableTests } from "../../packages/audits/src/groups/table-test.ts";
import type { Metric } from "../../packages/audits/src/metrics/index.ts";
import { drawFrom, type Source } from "./pairs.ts";

export interface SizeOptions {
  readonly simulations: number;
  readonly replicates: number;
  readonly level: number;
  readonly seed: number;
}

export type Groups = readonly { readonly n: number; readonly source: Source }[];

/** How often a metric's disparity test rejects; groups are to be equal in the metric. */
export async function testSize(device: Device, metric: Metric, groups: Groups, options: SizeOptions): Promise<number> {
  const random = new PhiloxStream(options.seed, groups.length);
  let rejected = 0;
  for (let run = 0; run < options.simulations; run++) {
    const estimates = groups.map(({ n, source }) => estimate(metric, drawFrom(random, n, source)));
    const how = { device, replicates: options.replicates, seed: options.seed, stream: run };
    const p =
      metric.shape.kind === "rate"
        ? await shareTest(countsOf(estimates), how)
        : ((await tableTests([metric], estimates.map(tableOf), how))[0] ?? 1);
    if (p <= options.level) rejected++;
  }
  return rejected / options.simulations;
}

/** The same for functions of the whole table, all on the same draws. */
export async function tableSizes(
  device: Device,
  metrics: readonly Metric[],
  groups: Groups,
  options: SizeOptions,
): Promise<number[]> {
  const random = new PhiloxStream(options.seed, groups.length);
  const rejected = metrics.map(() => 0);
  for (let run = 0; run < options.simulations; run++) {
    const counts = groups.map(({ n, source }) => {
      const { tp, fp, fn, tn } = drawFrom(random, n, source).counts;
      return [tp, fp, fn, tn] as const;
    });
    const how = { device, replicates: options.replicates, seed: options.seed, stream: run };
    for (const [index, p] of (await tableTests(metrics, counts, how)).entries()) {
      if (p <= options.level) rejected[index] = (rejected[index] ?? 0) + 1;
    }
  }
  return rejected.map((count) => count / options.simulations);
}

/** How often the joint test of both error rates (equalized odds) rejects. */
export async function oddsSize(
  device: Device,
  rates: readonly [Metric, Metric],
  groups: Groups,
  options: SizeOptions,
): Promise<number> {
  const random = new PhiloxStream(options.seed, groups.length);
  let rejected = 0;
  for (let run = 0; run < options.simulations; run++) {
    const tables = groups.map(({ n, source }) => drawFrom(random, n, source));
    const [first, second] = rates.map((metric) => countsOf(tables.map((table) => estimate(metric, table))));
    if (!first || !second) continue;
    const how = { device, replicates: options.replicates, seed: options.seed, stream: 2 * run };
    if ((await jointShareTest(first, second, how)).both <= options.level) rejected++;
  }
  return rejected / options.simulations;
}
