import type { SummaryValue } from "@assay/schema";
import { defineAudit, type GivenMetric } from "../../define.ts";
import { concludeAssociations } from "./conclude.ts";
import { judgeAssociations } from "./judge.ts";
import { advance, start } from "./progress.ts";
import { references } from "./references.ts";
import { associationsInput } from "./settings.ts";
import { type AssociationsSummary, measureAssociations, mergeAssociations } from "./summary.ts";
import { targetProblems, targetRequest } from "./target.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** Without a model: what the decision follows, feature by feature and in a small tree. */
export const associations = defineAudit<typeof associationsInput, AssociationsSummary>({
  id: "explainability.associations",
  version: 1,
  input: associationsInput,
  needs: { columns: ["features", ["decision", "label"]], uses: ["protected"] },
  problems: (_, roles) => targetProblems(roles),
  requests: (_, roles) => {
    const target = targetRequest(roles);
    return [...(target ? [target] : []), ...roles.features.map((feature) => feature.request)];
  },
  gives: () =>
    [
      "count",
      "missing-count",
      "surrogate-balanced-accuracy",
      "surrogate-baseline",
      "surrogate-fidelity",
      "surrogate-fidelity-gain",
      "surrogate-roc-auc",
      "target-entropy",
    ].map((metric): GivenMetric => ({ metric, scope: "overall", by: [] })),
  plan: (shards, { input, roles }, previous) => {
    const progress = previous ? advance(previous.summary.progress, previous.summary.part, input, roles) : start;
    if (progress.stage === "done") return null;
    return shards.ranges.map((range) => ({ ...range, detail: progress satisfies SummaryValue }));
  },
  measure: measureAssociations,
  merge: mergeAssociations,
  conclude: concludeAssociations,
  judge: judgeAssociations,
  text: { en, "zh-CN": zhCN },
  references,
});
