import type { ColumnRequest } from "@assay/dataset";
import { defineAudit, type GivenMetric } from "../../define.ts";
import { classMetrics } from "../../metrics/classes/index.ts";
import { scoreMetrics } from "../../metrics/scores/index.ts";
import type { Roles } from "../../roles.ts";
import { concludeClassification } from "./conclude.ts";
import { judgeClassification } from "./judge.ts";
import { references } from "./references.ts";
import { classificationInput } from "./settings.ts";
import { type ClassificationSummary, measureClassification, mergeClassification } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** How right decisions, predictions and scores are, class by class. */
export const classification = defineAudit<typeof classificationInput, ClassificationSummary>({
  id: "impact.classification",
  version: 1,
  input: classificationInput,
  needs: { columns: ["label", ["decision", "prediction", "score"]], uses: ["weight"] },
  problems: (_, roles) =>
    roles.prediction?.kind === "model" && roles.prediction.output === "score" && roles.score === null
      ? [
          {
            at: "columns",
            message:
              "the model predicts numbers, and classes have other measures: leave this audit out, or name columns.positive",
            reason: {
              en: "The model predicts numbers: it is no classification. fairness.group-metrics measures its errors.",
              "zh-CN": "模型预测的是数值，不是分类。其误差由 fairness.group-metrics 测量。",
            },
          },
        ]
      : [],
  requests: (_, roles) =>
    [roles.label, roles.labelText, roles.decision ?? roles.prediction, roles.score, roles.weight].filter(
      (request): request is ColumnRequest => request !== null,
    ),
  gives: (_, roles) => given(roles),
  measure: (rows, _, context) => measureClassification(rows, context),
  merge: mergeClassification,
  conclude: concludeClassification,
  judge: judgeClassification,
  text: { en, "zh-CN": zhCN },
  references,
});

/** Overall metrics of what the plan gives: those of the table for a decision or prediction, those of scores for a score. */
function given(roles: Roles): GivenMetric[] {
  const names = new Set<string>(["missing-count"]);
  if (roles.decision || roles.prediction) {
    for (const metric of classMetrics) names.add(metric.name);
    for (const name of ["accuracy-gain", "baseline-accuracy", "count"]) names.add(name);
  }
  if (roles.decision) for (const name of ["f1", "precision", "recall"]) names.add(name);
  if (roles.score) {
    for (const metric of scoreMetrics) names.add(metric.name);
    for (const name of ["base-rate", "expected-calibration-error-debiased", "mean-score"]) names.add(name);
  }
  return [...names].sort().map((metric) => ({ metric, scope: "overall", by: [] }));
}
