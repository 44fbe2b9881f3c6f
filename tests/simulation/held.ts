import { type Device, PhiloxStream } from "@assay/compute";
import { disparities } from "../../packages/audits/src/groups/disparity.ts";
import { estimate } from "../../packages/audits/src/groups/estimate.ts";
import type { Estimated, Held } from "../../packages/audits/src/groups/group-measures.ts";
import type { Metric } from "../../packages/audits/src/metrics/index.ts";
import { rangeOf } from "../../packages/audits/src/statistics/index.ts";
import { drawFrom, truthOf } from "./pairs.ts";
import type { Groups, SizeOptions } from "./sizes.ts";

export interface HeldCoverage {
  /** Name of the gap. */
  readonly metric: string;
  /** Of the simultaneous interval alone, where the groups are equal: that it reaches 0. NaN where they differ. */
  readonly alone: number;
  /** Of the interval as reports have it. */
  readonly told: number;
  /** Reports in which p is above 0.05 and the interval as reports have it keeps clear of 0. */
  readonly contradictions: number;
}

/** Coverage of the gaps of small groups, as `disparities` gives them with their permutation tests. */
export async function heldCoverage(
  device: Device,
  metrics: readonly Metric[],
  groups: Groups,
  options: SizeOptions,
): Promise<HeldCoverage[]> {
  const random = new PhiloxStream(options.seed, groups.length);
  const truths = new Map(
    metrics.map(({ name }, at) => [name, rangeOf(groups.map(({ source }) => truthOf(metrics[at] as Metric, source)))]),
  );
  const odds = Math.max(truths.get("true-positive-rate") ?? 0, truths.get("false-positive-rate") ?? 0);
  const found = new Map<string, { runs: number; alone: number; told: number; contradictions: number; truth: number }>();
  for (let run = 0; run < options.simulations; run++) {
    const estimated = groups.map(({ n, source }, index): Estimated => {
      const table = drawFrom(random, n, source);
      const of = new Map(
        metrics.map((metric): [string, Held] => [
          metric.name,
          { estimate: estimate(metric, table), interval: null, method: null },
        ]),
      );
      return {
        group: { values: [String(index)], rows: n, known: true, counts: new Float64Array(9), weights: null },
        of,
      };
    });
    const measures = await disparities(
      estimated,
      metrics,
      ["g"],
      {
        device,
        input: { confidence: 1 - options.level, min_count: 0, replicates: options.replicates },
        plan: { seed: options.seed },
      },
      run * 100,
    );
    for (const { metric, value, low, high, p, method } of measures) {
      if (value === null || low === undefined || high === undefined || p === undefined) continue;
      if (metric === "demographic-parity-difference") continue;
      const truth = metric === "equalized-odds-difference" ? odds : truths.get(metric.replace(/-difference$/, ""));
      const held = found.get(metric) ?? { runs: 0, alone: 0, told: 0, contradictions: 0, truth: truth ?? 0 };
      held.runs++;
      if (low <= held.truth + 1e-12 && held.truth - 1e-12 <= high) held.told++;
      if (low === 0 && !method?.endsWith(" held")) held.alone++;
      if (p > options.level && low > 0) held.contradictions++;
      found.set(metric, held);
    }
  }
  return [...found].map(([metric, { runs, alone, told, contradictions, truth }]) => ({
    metric: metric.replace(/-difference$/, ""),
    alone: truth === 0 ? alone / runs : Number.NaN,
    told: told / runs,
    contradictions: contradictions / runs,
  }));
}
