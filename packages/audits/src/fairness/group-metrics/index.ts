import { type AuditDefinition, defineAudit } from "../../define.ts";
import { measureGroups, mergeGroups } from "../../groups/summary.ts";
import { conclude } from "./binary/conclude.ts";
import { given } from "./binary/given.ts";
import { judge } from "./binary/judge.ts";
import { references } from "./references.ts";
import { input } from "./settings.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** How a binary decision and its errors fall on groups of people. */
export const groupMetrics: AuditDefinition = defineAudit({
  id: "fairness.group-metrics",
  version: 2,
  input,
  needs: { columns: ["decision", "protected"], uses: ["control", "label", "score", "weight"] },
  requests: (_, roles) => [
    ...(roles.decision ? [roles.decision] : []),
    ...(roles.label ? [roles.label] : []),
    ...(roles.label && roles.score ? [roles.score] : []),
    ...(roles.weight ? [roles.weight] : []),
    ...[...roles.protected, ...roles.control].map((role) => role.request),
  ],
  gives: (_, roles) => given(roles),
  measure: (rows, _, context) => measureGroups(rows, context),
  merge: mergeGroups,
  conclude,
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
