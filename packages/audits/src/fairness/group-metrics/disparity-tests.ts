import type { AuditContext } from "../../define.ts";
import type { Metric } from "../../metrics/index.ts";
import type { Eligible } from "./disparity.ts";
import { confusionsOf } from "./groups.ts";
import { hypothesisOf } from "./hypotheses.ts";
import { normalTest } from "./normal-test.ts";
import type { Input } from "./settings.ts";
import { type Counts, jointShareTest, shareTest } from "./share-test.ts";
import { type GroupTable, tableTests } from "./table-test.ts";

export const equalizedOdds = "equalized-odds";

/**
 * p values of "equal in all groups" by hypothesis, one test for metrics that say the same. `eligible` gives each metric's
 * groups; streams from `stream` on are used.
 */
export async function disparityTests(
  metrics: readonly Metric[],
  eligible: ReadonlyMap<string, readonly Eligible[]>,
  context: AuditContext<Input>,
  stream: number,
): Promise<ReadonlyMap<string, number>> {
  const run = { device: context.device, replicates: context.input.replicates, seed: context.plan.seed };
  const tests = new Map<string, number>();
  const groupsOf = (metric: Metric): readonly Eligible[] => eligible.get(metric.name) ?? [];
  const named = (name: string): Metric | undefined => metrics.find((metric) => metric.name === name);

  const tpr = named("true-positive-rate");
  const fpr = named("false-positive-rate");
  if (tpr && fpr && groupsOf(tpr).length > 1 && groupsOf(fpr).length > 1) {
    const joint = await jointShareTest(countsOf(groupsOf(tpr)), countsOf(groupsOf(fpr)), { ...run, stream });
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
      tests.set(key, await shareTest(countsOf(groups), { ...run, stream: next }));
    } else if (groups.some(({ one }) => one.group.weights !== null)) {
      const values = groups.map(({ estimate }) => estimate.value);
      const errors = groups.map(({ estimate }) => estimate.se);
      tests.set(key, await normalTest(values, errors, { ...run, stream: next }));
    } else {
      const same = groups.map(({ one }) => one.group.values.join("\0")).join("\n");
      const held = whole.get(same) ?? { metrics: [], groups };
      held.metrics.push(metric);
      whole.set(same, held);
    }
  }
  for (const { metrics: members, groups } of whole.values()) {
    next++;
    const tables = groups.map(({ one }): GroupTable => {
      const { tp, fp, fn, tn } = confusionsOf(one.group, "both").counts;
      return [tp, fp, fn, tn];
    });
    const ps = await tableTests(members, tables, { ...run, stream: next });
    for (const [index, metric] of members.entries()) tests.set(hypothesisOf(metric), ps[index] ?? 1);
  }
  return tests;
}

/** Counts of the share, effective ones of weighted rows, as whole rows. */
function countsOf(groups: readonly Eligible[]): Counts {
  return groups.map(({ estimate }) => {
    const share = estimate.share ?? { k: 0, n: 0 };
    const n = Math.max(1, Math.round(share.n));
    return { n, k: share.n > 0 ? Math.min(n, Math.round((n * share.k) / share.n)) : 0 };
  });
}
