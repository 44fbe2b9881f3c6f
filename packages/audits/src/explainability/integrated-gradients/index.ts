import { defineAudit } from "../../define.ts";
import { concludeIntegratedGradients } from "./conclude.ts";
import { judgeIntegratedGradients } from "./judge.ts";
import { integratedGradientsProblems } from "./problems.ts";
import { references } from "./references.ts";
import { integratedGradientsInput } from "./settings.ts";
import {
  type IntegratedGradientsSummary,
  measureIntegratedGradients,
  mergeIntegratedGradients,
  planIntegratedGradients,
} from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** How far each input moves a network's output from a baseline: over all rows, and for one decision. */
export const integratedGradients = defineAudit<typeof integratedGradientsInput, IntegratedGradientsSummary>({
  id: "explainability.integrated-gradients",
  version: 1,
  input: integratedGradientsInput,
  needs: { columns: [], uses: ["features", "protected"], model: "gradient" },
  problems: (_, roles) => integratedGradientsProblems(roles),
  requests: () => [],
  gives: (_, roles) => [
    { metric: "completeness-error", scope: "overall", by: [] },
    { metric: "count", scope: "overall", by: [] },
    { metric: "excluded-count", scope: "overall", by: [] },
    { metric: "incomplete-count", scope: "overall", by: [] },
    { metric: "integrated-gradients", scope: "feature", by: [], features: roles.model?.features ?? [] },
    { metric: "integrated-gradients-base", scope: "overall", by: [] },
  ],
  plan: (shards, _, previous) => (previous === null ? planIntegratedGradients(shards) : null),
  measure: measureIntegratedGradients,
  merge: mergeIntegratedGradients,
  conclude: concludeIntegratedGradients,
  judge: judgeIntegratedGradients,
  text: { en, "zh-CN": zhCN },
  references,
});
