import type { GivenMetric } from "../../../define.ts";
import { type ListMetric, listMetrics } from "../../../metrics/lists/index.ts";
import type { Roles } from "../../../roles.ts";
import type { StratifiedMetric } from "../strata-figures.ts";

/** The metrics that the plan's columns allow: without a label, those of places alone. */
export function listsFor(roles: Roles): readonly ListMetric[] {
  return listMetrics.filter((metric) => roles.relevance !== null || !metric.needsRelevance);
}

/** Means over rows, which may be told apart within a list. */
export const rowMetrics: readonly string[] = ["exposure", "exposure-per-relevance", "pairwise-accuracy"];

/** Metrics whose gaps are pooled over the strata of the control columns: a skew is a logarithm, of which no mean is taken. */
export function pooledLists(roles: Roles): readonly StratifiedMetric[] {
  if (roles.control.length === 0) return [];
  return listsFor(roles)
    .filter(({ value, gaps }) => value === "ratio" && gaps.includes("difference"))
    .map(({ name, label, unit }) => ({ name, label, unit: unit === "percent" ? "points" : unit }));
}

/** What rules may speak of: what has ends, so that too few lists leave a rule open. */
export function givenOfLists(roles: Roles): GivenMetric[] {
  const by = roles.groupings;
  const hasEnds = ({ range }: ListMetric): boolean => range.every(Number.isFinite);
  const pooled = pooledLists(roles).map(
    ({ name }): GivenMetric => ({
      metric: `${name}-difference-pooled`,
      scope: "group",
      by: roles.protected.map((role) => [role.name]),
    }),
  );
  const metrics = listsFor(roles).flatMap((metric): GivenMetric[] => [
    ...(hasEnds(metric) ? [{ metric: metric.name, scope: "group" as const, by }] : []),
    ...metric.gaps
      .filter((gap) => gap === "ratio" || hasEnds(metric))
      .map((gap): GivenMetric => ({ metric: `${metric.name}-${gap}`, scope: "disparity", by })),
  ]);
  return [...metrics, ...pooled];
}
