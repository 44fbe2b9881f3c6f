import type { GivenMetric } from "../../../define.ts";
import { referenceOf } from "../../../groups/reference.ts";
import { type ValueMetric, valueMetrics } from "../../../metrics/values/index.ts";
import type { Roles } from "../../../roles.ts";
import type { StratifiedMetric } from "../strata-figures.ts";

/** The metrics that the plan's columns allow: without a label, those of the prediction alone. */
export function valuesFor(roles: Roles): readonly ValueMetric[] {
  return valueMetrics.filter((metric) => roles.labelText !== null || metric.needs === "prediction");
}

const stratified = ["mean-prediction", "mean-residual", "mean-absolute-error"];

/** Means that are given within each stratum of the control columns. */
export function stratifiedMeans(roles: Roles): readonly (ValueMetric & StratifiedMetric)[] {
  if (roles.control.length === 0) return [];
  return valuesFor(roles)
    .filter(({ name }) => stratified.includes(name))
    .map((metric) => ({ ...metric, unit: "number" }));
}

/** What rules may speak of. */
export function givenValues(roles: Roles): GivenMetric[] {
  const by = roles.groupings;
  const withReference = by.filter((names) => referenceOf(roles, names) !== null);
  const all = valuesFor(roles);
  const names = ["count", ...all.map(({ name }) => name)];
  const told = roles.labelText === null ? names : [...names, "label-standard-deviation"];
  return [
    ...told.map((metric): GivenMetric => ({ metric, scope: "overall", by: [] })),
    ...names.map((metric): GivenMetric => ({ metric, scope: "group", by })),
    ...all.flatMap(({ name, hasRatio }): GivenMetric[] => [
      { metric: `${name}-difference`, scope: "disparity", by },
      ...(hasRatio ? [{ metric: `${name}-ratio`, scope: "disparity" as const, by }] : []),
      ...(withReference.length === 0
        ? []
        : [
            { metric: `${name}-difference-to-reference`, scope: "group" as const, by: withReference },
            ...(hasRatio ? [{ metric: `${name}-ratio-to-reference`, scope: "group" as const, by: withReference }] : []),
          ]),
    ]),
    ...stratifiedMeans(roles).map(
      ({ name }): GivenMetric => ({
        metric: `${name}-difference-pooled`,
        scope: "group",
        by: roles.protected.map((role) => [role.name]),
      }),
    ),
  ];
}
