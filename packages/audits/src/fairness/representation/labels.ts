import type { Measure } from "@assay/schema";
import { groupOf } from "../../groups/reading.ts";
import { agreementDifference, agreementMeasure, chanceMeasure, groupsBy } from "../../neighbours/agreement-measures.ts";
import type { AgreementSummary } from "../../neighbours/read-agreement.ts";
import type { TwinNumbers } from "../../neighbours/twins.ts";
import type { Roles } from "../../roles.ts";
import { logitInterval } from "../../statistics/index.ts";
import { reasons } from "./reasons.ts";
import type { Input } from "./settings.ts";

/** How far labels agree with those of people who are alike, and contradict each other where all features are the same. */
export function labelMeasures(labels: AgreementSummary | null, roles: Roles, input: Input): Measure[] {
  if (labels === null) return [];
  const { overall, twins } = labels;
  if (overall === null || twins === null) {
    const reason = (labels.used.length === 0 ? reasons.noFeature : reasons.fewLabels).en;
    return [
      { metric: "label-agreement", value: null, n: 0, reason },
      { metric: "label-conflict-rate", value: null, n: 0, reason },
    ];
  }
  const measures: Measure[] = [
    agreementMeasure("label-agreement", overall, input.confidence),
    chanceMeasure("label-agreement-by-chance", labels),
    conflictMeasure(twins, input.confidence),
  ];
  for (const by of roles.groupings) {
    const groups = groupsBy(labels, by);
    for (const { values, numbers, twins: own } of groups) {
      const group = groupOf(by, values);
      measures.push({ ...agreementMeasure("label-agreement", numbers, input.confidence), group });
      measures.push({ ...conflictMeasure(own, input.confidence), group });
    }
    measures.push(agreementDifference("label-agreement-difference", by, groups, input));
  }
  return measures;
}

function conflictMeasure({ n, value, standardError }: TwinNumbers, confidence: number): Measure {
  const metric = "label-conflict-rate";
  if (value === null) return { metric, value: null, n, reason: reasons.noTwins.en };
  const interval = standardError === null ? null : logitInterval(value, standardError, confidence);
  return {
    metric,
    value,
    n,
    ...(interval === null ? {} : { ...interval, confidence, method: "over points, logit" }),
  };
}
