import { givesProbabilities } from "../../../class-probabilities.ts";
import type { GivenMetric } from "../../../define.ts";
import { requiredMetric } from "../../../groups/group-measures.ts";
import { referenceOf } from "../../../groups/reference.ts";
import { debiasedError } from "../../../groups/score-estimates.ts";
import { type ClassMetric, classMetrics } from "../../../metrics/classes/index.ts";
import type { Metric } from "../../../metrics/index.ts";
import type { ScoreMetric } from "../../../metrics/scores/index.ts";
import type { Roles } from "../../../roles.ts";
import type { StratifiedMetric } from "../strata-figures.ts";
import { probabilityMetrics } from "./probabilities.ts";

const ofTables = ["cohen-kappa", "f1-macro", "f1-weighted", "mcc"];
const ofClasses = ["selection-rate", "true-positive-rate", "false-positive-rate", "positive-predictive-value"];

/** Whether a prediction is the label, as a share of rows. */
export const accuracy = requiredMetric("accuracy");

/** Metrics of the whole table that groups are compared by. Empty without a label. */
export function tableMetrics(roles: Roles): readonly ClassMetric[] {
  return roles.labelText === null ? [] : classMetrics.filter(({ name }) => ofTables.includes(name));
}

/** Metrics of the probability of each class. Empty where nothing gives it, or there is no label. */
export function probabilitiesFor(roles: Roles): readonly ScoreMetric[] {
  return givesProbabilities(roles) ? probabilityMetrics : [];
}

/** Rates of one class against the rest: without a label, how often it is predicted. */
export function ratesFor(roles: Roles): readonly Metric[] {
  const names = roles.labelText === null ? ofClasses.slice(0, 1) : ofClasses;
  return names.map(requiredMetric);
}

/** Names of what is told of a class, as a reader of a table or a figure meets them. */
export function labelOf(metric: Pick<Metric, "label">, of: string): { en: string; "zh-CN": string } {
  return { en: `${metric.label.en}, ${of}`, "zh-CN": `${metric.label["zh-CN"]}（${of}）` };
}

/** Accuracy, and the rates of every class, within strata. */
export function stratifiedOfClasses(
  roles: Roles,
  names: readonly { name: string; text: string }[],
): StratifiedMetric[] {
  if (roles.control.length === 0) return [];
  const whole: StratifiedMetric[] =
    roles.labelText === null ? [] : [{ name: accuracy.name, label: accuracy.label, unit: "points" }];
  return [
    ...whole,
    ...ratesFor(roles).flatMap((metric) =>
      names.map(({ name, text }): StratifiedMetric => {
        return { name: metric.name, label: labelOf(metric, text), unit: "points", class: name };
      }),
    ),
  ];
}

/** What rules may speak of: a rule names no class, so the rates of one class stand outside, and their greatest gaps inside. */
export function givenOfClasses(roles: Roles): GivenMetric[] {
  const by = roles.groupings;
  const withReference = by.filter((names) => referenceOf(roles, names) !== null);
  const whole = roles.labelText === null ? [] : [accuracy.name, ...ofTables];
  const probable = probabilitiesFor(roles).map(({ name }) => name);
  const valued = [...whole, ...probable];
  const disparities = [
    ...valued.flatMap((name) => [`${name}-difference`, `${name}-ratio`]),
    "demographic-parity-difference",
    "demographic-parity-ratio",
    ...(roles.labelText === null ? [] : ["equalized-odds-difference", "equalized-odds-ratio"]),
  ];
  return [
    ...["count", ...valued, ...(probable.length > 0 ? [debiasedError.name] : [])].flatMap((metric): GivenMetric[] => [
      { metric, scope: "overall", by: [] },
      { metric, scope: "group", by },
    ]),
    ...disparities.map((metric): GivenMetric => ({ metric, scope: "disparity", by })),
    ...(withReference.length === 0 ? [] : valued).flatMap((name): GivenMetric[] => [
      { metric: `${name}-difference-to-reference`, scope: "group", by: withReference },
      { metric: `${name}-ratio-to-reference`, scope: "group", by: withReference },
    ]),
    ...(roles.control.length > 0 && roles.labelText !== null
      ? [
          {
            metric: `${accuracy.name}-difference-pooled`,
            scope: "group" as const,
            by: roles.protected.map((role) => [role.name]),
          },
        ]
      : []),
  ];
}
