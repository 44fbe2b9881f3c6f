import type { Measure } from "@assay/schema";
import {
  type Bounded,
  normalCdf,
  rangeDifferenceInterval,
  rangeOf,
  simultaneousCritical,
} from "../statistics/index.ts";
import { agreementInterval } from "./agreement-interval.ts";
import type { AgreementNumbers, AgreementSummary } from "./read-agreement.ts";

/** A consistency as a measure, without what it is of. */
export function agreementMeasure(
  metric: string,
  numbers: AgreementNumbers,
  confidence: number,
): Pick<Measure, "metric" | "value" | "n"> & Partial<Measure> {
  const interval = agreementInterval(numbers, confidence);
  return {
    metric,
    value: numbers.value,
    n: numbers.n,
    ...(interval === null ? {} : { ...interval, confidence, method: "jackknife, logit" }),
  };
}

/** What two people drawn at random would agree to. */
export function chanceMeasure(metric: string, { neighbours, positive }: AgreementSummary): Measure {
  const value = neighbours < 2 ? 1 : 1 - (2 * positive * (neighbours - positive)) / (neighbours * (neighbours - 1));
  return { metric, value, n: neighbours, method: "two people drawn at random" };
}

/** The groups of one grouping. */
export function groupsBy(summary: AgreementSummary, by: readonly string[]): AgreementSummary["groups"] {
  return summary.groups.filter((one) => one.by.length === by.length && one.by.every((name, at) => name === by[at]));
}

/** Greatest less least consistency over known groups of enough people, with an interval that holds for all pairs at once. */
export function agreementDifference(
  metric: string,
  by: readonly string[],
  groups: AgreementSummary["groups"],
  { confidence, min_count }: { readonly confidence: number; readonly min_count: number },
): Measure {
  const names = [...by];
  const fewest = Math.max(2, min_count);
  const compared = groups.filter(
    ({ values, numbers }) => !values.includes(null) && numbers.n >= fewest && numbers.standardError !== null,
  );
  if (compared.length < 2) {
    return { metric, value: null, by: names, reason: `fewer than two known groups of at least ${fewest} people` };
  }
  const critical = simultaneousCritical(confidence, compared.length);
  const level = 2 * normalCdf(critical) - 1;
  const bounded = compared.flatMap(({ numbers }): Bounded[] => {
    const interval = agreementInterval(numbers, level);
    return interval === null ? [] : [{ value: numbers.value, ...interval }];
  });
  return {
    metric,
    value: rangeOf(bounded.map(({ value }) => value)),
    by: names,
    ...rangeDifferenceInterval(bounded),
    confidence,
    n: compared.reduce((sum, { numbers }) => sum + numbers.n, 0),
    method: "tukey-mover of jackknife intervals",
  };
}
