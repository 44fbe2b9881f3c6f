import type { ColumnRequest } from "@assay/dataset";
import { defineAudit } from "../../define.ts";
import type { Roles } from "../../roles.ts";
import { chosenNames, chosenRoles, learnsFrom, mitigationProblems } from "./chosen.ts";
import { concludeMitigation } from "./conclude.ts";
import { gaps } from "./gaps.ts";
import { judgeMitigation } from "./judge.ts";
import { references } from "./references.ts";
import { type MitigationInput, mitigationInput } from "./settings.ts";
import { type MitigationSummary, measureMitigation, mergeMitigation, planMitigation } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** Makes decisions more alike between groups, and says on held-out rows what that does and costs. */
export const mitigation = defineAudit<typeof mitigationInput, MitigationSummary>({
  id: "fairness.mitigation",
  version: 3,
  byRequest: true,
  input: mitigationInput,
  needs: { columns: ["label", "protected", ["score", "features"]], uses: ["decision", "weight"] },
  problems: mitigationProblems,
  requests: requested,
  gives: (input, roles) => [
    { metric: "accuracy-change", scope: "overall", by: [] },
    { metric: "selection-rate-change", scope: "overall", by: [] },
    ...gaps.map(({ metric }) => ({
      metric: `${metric}-change`,
      scope: "disparity" as const,
      by: [chosenNames(input, roles)],
    })),
  ],
  plan: (shards, _, previous) => (previous === null ? planMitigation(shards) : null),
  measure: measureMitigation,
  merge: mergeMitigation,
  conclude: concludeMitigation,
  judge: judgeMitigation,
  text: { en, "zh-CN": zhCN },
  references,
});

function requested(input: MitigationInput, roles: Roles): readonly ColumnRequest[] {
  const requests: ColumnRequest[] = chosenRoles(input, roles).map((role) => role.request);
  if (roles.label) requests.push(roles.label);
  if (roles.weight) requests.push(roles.weight);
  if (input.split !== "") requests.push({ kind: "text", column: input.split });
  if (learnsFrom(input.method) === "score") {
    if (roles.score) requests.push(roles.score);
    if (roles.decision) requests.push(roles.decision);
  } else requests.push(...roles.features.map((feature) => feature.request));
  return requests;
}

export { type MethodChoice, type MitigationChoices, mitigationChoices } from "./choices.ts";
export { mitigationId, mitigationPlan } from "./mitigation-plan.ts";
export { type Method, type MitigationInput, mitigationInput } from "./settings.ts";
export { type Constraint, constraints } from "./threshold/problem.ts";
