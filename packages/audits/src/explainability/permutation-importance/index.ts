import { defineAudit } from "../../define.ts";
import { concludeImportance } from "./conclude.ts";
import { groupProblems, scoreProblems, shuffledFeatures } from "./features.ts";
import { judgeImportance } from "./judge.ts";
import { references } from "./references.ts";
import { importanceInput } from "./settings.ts";
import { type ImportanceSummary, measureImportance, mergeImportance, planImportance } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** What a model's score loses when a feature is shuffled over the rows. */
export const permutationImportance = defineAudit<typeof importanceInput, ImportanceSummary>({
  id: "explainability.permutation-importance",
  version: 1,
  input: importanceInput,
  needs: { columns: ["label"], uses: ["features", "protected"], model: "predict" },
  asks: (input, roles) => shuffledFeatures(input, roles).length * input.repeats,
  problems: (input, roles) => [...scoreProblems(input, roles), ...groupProblems(input, roles)],
  requests: (_, roles) => [roles.label, roles.labelText].filter((request) => request !== null),
  gives: (input, roles) => [
    { metric: "baseline-score", scope: "overall", by: [] },
    { metric: "count", scope: "overall", by: [] },
    { metric: "missing-count", scope: "overall", by: [] },
    {
      metric: "permutation-importance",
      scope: "feature",
      by: [],
      features: shuffledFeatures(input, roles).map((feature) => feature.name),
    },
  ],
  plan: (shards, context, previous) => (previous === null ? planImportance(shards, context) : null),
  measure: measureImportance,
  merge: mergeImportance,
  conclude: concludeImportance,
  judge: judgeImportance,
  text: { en, "zh-CN": zhCN },
  references,
});
