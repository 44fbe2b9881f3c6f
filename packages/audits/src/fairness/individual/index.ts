import { type AuditDefinition, defineAudit, type GivenMetric } from "../../define.ts";
import { noPositiveClass } from "../../no-positive-class.ts";
import { conclude } from "./conclude.ts";
import { mostValues, protectedInputs } from "./flips.ts";
import { judge } from "./judge.ts";
import { references } from "./references.ts";
import { input } from "./settings.ts";
import {
  type IndividualSummary,
  likeness,
  measureIndividual,
  mergeIndividual,
  outcomeOf,
  planIndividual,
  requestsOf,
} from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** Are people who are alike treated alike, and would anyone be treated otherwise as a member of another group? */
export const individual: AuditDefinition = defineAudit<typeof input, IndividualSummary>({
  id: "fairness.individual",
  version: 1,
  input,
  needs: { columns: ["features", ["decision", "label"]], uses: ["decision", "label", "protected"], usesModel: true },
  asks: (_, roles) => protectedInputs(roles).read.length * mostValues,
  problems: (settings, roles) => {
    if (outcomeOf(roles) === null) return [noPositiveClass];
    return likeness(settings, roles).length > 0 || roles.features.length === 0
      ? []
      : [
          {
            at: "with_protected",
            message: "every feature is a protected column or the outcome itself: nothing says how alike people are",
            reason: {
              en: "every feature is a protected column or the outcome itself",
              "zh-CN": "所有特征都是受保护列或结果本身",
            },
          },
        ];
  },
  requests: requestsOf,
  gives: (_, roles): GivenMetric[] => {
    const single = roles.protected.map((role) => [role.name]);
    const { read } = protectedInputs(roles);
    const readOnes = read.map((role) => [role.name]);
    return [
      { metric: "consistency", scope: "overall", by: [] },
      { metric: "consistency-by-chance", scope: "overall", by: [] },
      ...(single.length === 0
        ? []
        : ([
            { metric: "consistency", scope: "group", by: roles.groupings },
            { metric: "consistency-difference", scope: "disparity", by: roles.groupings },
          ] as const)),
      ...(roles.model === null || single.length === 0
        ? []
        : ([{ metric: "counterfactual-flip-rate", scope: "disparity", by: single }] as const)),
      ...(readOnes.length === 0
        ? []
        : ([
            { metric: "counterfactual-flip-rate", scope: "group", by: readOnes },
            { metric: "counterfactual-gain-rate", scope: "group", by: readOnes },
            { metric: "counterfactual-loss-rate", scope: "group", by: readOnes },
            { metric: "counterfactual-score-shift", scope: "group", by: readOnes },
          ] as const)),
    ];
  },
  plan: (shards, context, previous) => (previous === null ? planIndividual(shards, context) : null),
  measure: measureIndividual,
  merge: mergeIndividual,
  conclude: async (summary, context) => conclude(summary, context),
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
