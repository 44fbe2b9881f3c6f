import type { GivenMetric } from "../../../define.ts";
import { referenceOf } from "../../../groups/reference.ts";
import { debiasedError } from "../../../groups/score-estimates.ts";
import { type Metric, metrics } from "../../../metrics/index.ts";
import { type ScoreMetric, scoreMetrics } from "../../../metrics/scores/index.ts";
import type { Roles } from "../../../roles.ts";
import type { StratifiedMetric } from "../strata-figures.ts";

/** The metrics that the plan's columns allow: without a label those of the decision alone, without a decision those of the label. */
export function metricsFor({ decision, label }: Roles): readonly Metric[] {
  const has = {
    rows: true,
    decision: decision !== null,
    label: label !== null,
    both: decision !== null && label !== null,
  };
  return metrics.filter((metric) => has[metric.needs]);
}

/** The metrics of the score, where the plan gives one and a label. */
export function scoresFor(roles: Roles): readonly ScoreMetric[] {
  return roles.score && roles.label ? scoreMetrics : [];
}

/** The rates given within each stratum of the control columns. */
export function stratifiedFor(roles: Roles): readonly Metric[] {
  const names = ["selection-rate", "true-positive-rate", "false-positive-rate", "positive-predictive-value"];
  return roles.control.length === 0 ? [] : metricsFor(roles).filter((metric) => names.includes(metric.name));
}

/** The same, as gaps within strata speak of them. */
export function stratifiedRates(roles: Roles): StratifiedMetric[] {
  return stratifiedFor(roles).map(({ name, label }) => ({ name, label, unit: "points" }));
}

/** What rules may speak of. The corrected differences stand outside: they have no interval to judge by. */
export function givenOfDecisions(roles: Roles): GivenMetric[] {
  const all = metricsFor(roles);
  const scores = scoresFor(roles);
  const scored = scores.length === 0 ? [] : [...scores, debiasedError];
  const by = roles.groupings;
  const withReference = by.filter((names) => referenceOf(roles, names) !== null);
  const disparities = all
    .filter((metric) => metric.shape.kind !== "count")
    .flatMap(({ name }) => [`${name}-difference`, `${name}-ratio`]);
  const ofScores = scores.flatMap(({ name }) => [`${name}-difference`, `${name}-ratio`]);
  const fixed = [
    ...(roles.decision ? ["demographic-parity-difference", "demographic-parity-ratio"] : []),
    ...(roles.decision && roles.label ? ["equalized-odds-difference", "equalized-odds-ratio"] : []),
  ];
  const toReference =
    withReference.length === 0 ? [] : [...all.filter((metric) => metric.shape.kind !== "count"), ...scores];
  return [
    ...[...all, ...scored].map(({ name }): GivenMetric => ({ metric: name, scope: "overall", by: [] })),
    ...[...all, ...scored].map(({ name }): GivenMetric => ({ metric: name, scope: "group", by })),
    ...[...disparities, ...ofScores, ...fixed].map((metric): GivenMetric => ({ metric, scope: "disparity", by })),
    ...toReference.flatMap(({ name }): GivenMetric[] => [
      { metric: `${name}-difference-to-reference`, scope: "group", by: withReference },
      { metric: `${name}-ratio-to-reference`, scope: "group", by: withReference },
    ]),
    ...stratifiedFor(roles).map(
      ({ name }): GivenMetric => ({
        metric: `${name}-difference-pooled`,
        scope: "group",
        by: roles.protected.map((role) => [role.name]),
      }),
    ),
  ];
}
