import { defineAudit, type GivenMetric } from "../../define.ts";
import { conclude } from "./conclude.ts";
import { judge } from "./judge.ts";
import { kindsOf } from "./kinds.ts";
import { references } from "./references.ts";
import { input } from "./settings.ts";
import { measureImpact, mergeImpact, planRounds } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** Selection and scoring rates with impact ratios, as New York City's Local Law 144 defines them. */
export const impactRatio = defineAudit({
  id: "fairness.impact-ratio",
  version: 2,
  input,
  needs: { columns: [["decision", "score"], "protected"], uses: ["decision", "score"] },
  requests: (_, roles) => [
    ...roles.protected.map((role) => role.request),
    ...[roles.decision, roles.score].filter((request) => request !== null),
  ],
  gives: (_, roles): readonly GivenMetric[] => {
    const by = roles.groupings;
    return [
      { metric: "count", scope: "group", by },
      ...kindsOf(roles).flatMap((kind): GivenMetric[] => [
        { metric: kind.rate, scope: "group", by },
        { metric: kind.ratio, scope: "group", by, excludes: true },
      ]),
      ...(roles.score ? [{ metric: "median-score", scope: "overall", by: [] } as const] : []),
    ];
  },
  plan: planRounds,
  measure: measureImpact,
  merge: mergeImpact,
  conclude: async (summary, context) => conclude(summary, context),
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
