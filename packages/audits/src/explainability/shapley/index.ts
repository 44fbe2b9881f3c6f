import { defineAudit } from "../../define.ts";
import { concludeShapley } from "./conclude.ts";
import { judgeShapley } from "./judge.ts";
import { shapleyProblems } from "./problems.ts";
import { references } from "./references.ts";
import { shapleyInput } from "./settings.ts";
import { measureShapley, mergeShapley, planShapley, type ShapleySummary } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** How far each feature moves a tree ensemble's output: over all rows, and for one decision. */
export const shapley = defineAudit<typeof shapleyInput, ShapleySummary>({
  id: "explainability.shapley",
  version: 1,
  input: shapleyInput,
  needs: { columns: [], uses: ["features", "protected"], model: "trees" },
  problems: shapleyProblems,
  requests: () => [],
  gives: (_, roles) => [
    { metric: "additivity-error", scope: "overall", by: [] },
    { metric: "count", scope: "overall", by: [] },
    { metric: "shapley-base", scope: "overall", by: [] },
    { metric: "shapley-value", scope: "feature", by: [], features: roles.model?.features ?? [] },
  ],
  plan: (shards, context, previous) => (previous === null ? planShapley(shards, context) : null),
  measure: measureShapley,
  merge: mergeShapley,
  conclude: concludeShapley,
  judge: judgeShapley,
  text: { en, "zh-CN": zhCN },
  references,
});
