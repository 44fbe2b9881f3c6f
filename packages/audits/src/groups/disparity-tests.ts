import type { Device } from "@assay/compute";
import type { Metric } from "../metrics/index.ts";
import type { Eligible } from "./disparity.ts";
import type { Estimate } from "./estimate.ts";
import { hypothesisOf } from "./hypotheses.ts";
import type { GroupSettings } from "./settings.ts";
import { type Counts, jointShareTest, shareTest } from "./share-test.ts";
import { type GroupTable, tableTests } from "./table-test.ts";

/** What disparities need of an audit's context. */
export interface DisparityContext {
  readonly device: Device;
  readonly input: Pick<GroupSettings, "confidence" | "min_count" | "replicates">;
  readonly plan: { readonly seed: number };
}

export const equalizedOdds = "equalized-odds";

/**
 * p values of "equal in all groups" by hypothesis, one test for metrics that say the same. `eligible` gives each metric's
 * groups; streams from `stream` on are used.
 */
export async function disparityTests(
  metrics: readonly Metric[],
  eligible: ReadonlyMap<string, readonly Eligible[]>,
  context: DisparityContext,
  stream: number,
): Promise<ReadonlyMap<string, number>> {
  const run = { device: context.device, replicates: context.input.replicates, seed: context.plan.seed };
  const tests = new Map<string, number>();
  const groupsOf = (metric: Metric): readonly Eligible[] => eligible.get(metric.name) ?? [];
  const estimatesOf = (metric: Metric): Estimate[] => groupsOf(metric).map(({ estimate }) => estimate);
  const named = (name: string): Metric | undefined => metrics.find((metric) => metric.name === name);

  const tpr = named("true-positive-rate");
  const fpr = named("false-positive-rate");
  if (tpr && fpr && groupsOf(tpr).length > 1 && groupsOf(fpr).length > 1) {
    const joint = await jointShareTest(countsOf(estimatesOf(tpr)), countsOf(estimatesOf(fpr)), { ...run, stream });
    tests.set(hypothesisOf(tpr), joint.first);
    tests.set(hypothesisOf(fpr), joint.second);
    tests.set(equalizedOdds, joint.both);
  }

  let next = stream + 2;
  // Metrics defined in the same groups share their draws.
  const whole = new Map<string, { metrics: Metric[]; groups: readonly Eligible[] }>();
  for (const metric of metrics) {
    const key = hypothesisOf(metric);
    const groups = groupsOf(metric);
    if (metric.shape.kind === "count" || tests.has(key) || groups.length < 2) continue;
    next++;
    if (metric.shape.kind === "rate") {
      tests.set(key, await shareTest(countsOf(estimatesOf(metric)), { ...run, stream: next }));
    } else {
      // Weighted rows have effective tables of their own for each metric.
      const weighted = groups.some(({ one }) => one.group.weights !== null);
      const same = `${weighted ? key : ""}${JSON.stringify(groups.map(({ one }) => one.group.values))}`;
      const held = whole.get(same) ?? { metrics: [], groups };
      held.metrics.push(metric);
      whole.set(same, held);
    }
  }
  for (const { metrics: members, groups } of whole.values()) {
    next++;
    const tables = groups.map(({ estimate }) => tableOf(estimate));
    const ps = await tableTests(members, tables, { ...run, stream: next });
    for (const [index, metric] of members.entries()) tests.set(hypothesisOf(metric), ps[index] ?? 1);
  }
  return tests;
}

/** Counts of the share, effective ones of weighted rows, as whole rows. */
export function countsOf(estimates: readonly Estimate[]): Counts {
  return estimates.map((estimate) => {
    const share = estimate.share ?? { k: 0, n: 0 };
    const n = Math.max(1, Math.round(share.n));
    return { n, k: share.n > 0 ? Math.min(n, Math.round((n * share.k) / share.n)) : 0 };
  });
}

/** Cells of a table, effective ones of weighted rows, as whole rows. */
export function tableOf(estimate: Estimate): GroupTable {
  const { tp, fp, fn, tn } = estimate.table ?? { tp: 0, fp: 0, fn: 0, tn: 0 };
  return [Math.round(tp), Math.round(fp), Math.round(fn), Math.round(tn)];
}
