import { type AuditDefinition, defineAudit, type GivenMetric } from "../../define.ts";
import { conclude } from "./conclude.ts";
import { judge } from "./judge.ts";
import { references } from "./references.ts";
import { scoreMetrics } from "./score-measures.ts";
import { input } from "./settings.ts";
import { type DriftSummary, measureDrift, mergeDrift } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";
import { watchedMetrics } from "./watched.ts";

/** Have decisions or scores changed for any group since a baseline? Periods are a fold, and one may look as often as one likes. */
export const drift: AuditDefinition = defineAudit<typeof input, DriftSummary>({
  id: "fairness.drift",
  version: 2,
  input,
  needs: { columns: ["time", ["decision", "score"], "protected"], uses: ["label", "score"] },
  requests: (_, roles) =>
    [roles.time, roles.decision, roles.label, roles.score, ...roles.protected.map((role) => role.request)].filter(
      (request) => request !== null,
    ),
  gives: (_, roles): GivenMetric[] => {
    const by = roles.protected.map((role) => [role.name]);
    return [
      { metric: "drift-alarms", scope: "overall", by: [] },
      { metric: "undated-count", scope: "overall", by: [] },
      ...watchedMetrics(roles).flatMap(({ name }): GivenMetric[] => [
        { metric: `${name}-change`, scope: "overall", by: [] },
        { metric: `${name}-change`, scope: "group", by },
        { metric: `${name}-gap-change`, scope: "group", by },
      ]),
      ...(roles.score === null ? [] : scoreMetrics).flatMap((metric): GivenMetric[] => [
        ...(metric === "mean-score-gap-change" ? [] : [{ metric, scope: "overall" as const, by: [] }]),
        { metric, scope: "group", by },
      ]),
    ];
  },
  measure: (rows, _step, context) => measureDrift(rows, context),
  merge: mergeDrift,
  conclude,
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
