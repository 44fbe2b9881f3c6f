import { type AuditDefinition, defineAudit, type GivenMetric } from "../../define.ts";
import { mergeGroups } from "../../groups/summary.ts";
import { conclude } from "./conclude.ts";
import { judge } from "./judge.ts";
import { references } from "./references.ts";
import { feedbackProblems, input } from "./settings.ts";
import { type FeedbackSummary, measureDecisions } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** What people affected reported, set against the decisions in the data. Rows are counted; reports come with the plan. */
export const feedback: AuditDefinition = defineAudit<typeof input, FeedbackSummary>({
  id: "fairness.feedback",
  version: 3,
  input,
  needs: { columns: ["protected"], uses: [] },
  problems: feedbackProblems,
  requests: (_, roles) => roles.protected.map((role) => role.request),
  gives: (_, roles): GivenMetric[] => {
    const by = roles.protected.map((role) => [role.name]);
    return [
      { metric: "feedback-count", scope: "overall", by: [] },
      { metric: "feedback-open-count", scope: "overall", by: [] },
      { metric: "feedback-rate", scope: "overall", by: [] },
      { metric: "feedback-upheld-share", scope: "overall", by: [] },
      { metric: "count", scope: "group", by },
      { metric: "feedback-count", scope: "group", by },
      { metric: "feedback-rate", scope: "group", by },
      { metric: "feedback-upheld-share", scope: "group", by },
      { metric: "feedback-rate-difference", scope: "disparity", by },
    ];
  },
  measure: (rows, _step, context) => measureDecisions(rows, context),
  merge: mergeGroups,
  conclude,
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
