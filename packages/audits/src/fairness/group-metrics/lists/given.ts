import type { GivenMetric } from "../../../define.ts";
import { type ListMetric, listMetrics } from "../../../metrics/lists/index.ts";
import type { Roles } from "../../../roles.ts";

/** The metrics that the plan's columns allow: without a label, those of places alone. */
export function listsFor(roles: Roles): readonly ListMetric[] {
  return listMetrics.filter((metric) => roles.relevance !== null || !metric.needsRelevance);
}

/** What rules may speak of: what has ends, so that too few lists leave a rule open. */
export function givenOfLists(roles: Roles): GivenMetric[] {
  const by = roles.groupings;
  const hasEnds = ({ range }: ListMetric): boolean => range.every(Number.isFinite);
  return listsFor(roles).flatMap((metric): GivenMetric[] => [
    ...(hasEnds(metric) ? [{ metric: metric.name, scope: "group" as const, by }] : []),
    ...metric.gaps
      .filter((gap) => gap === "ratio" || hasEnds(metric))
      .map((gap): GivenMetric => ({ metric: `${metric.name}-${gap}`, scope: "disparity", by })),
  ]);
}
