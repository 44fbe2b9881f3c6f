import { type AuditDefinition, defineAudit } from "../../define.ts";
import { conclude } from "./conclude.ts";
import { judge } from "./judge.ts";
import { references } from "./references.ts";
import { input } from "./settings.ts";
import { measureCalibration, mergeCalibration } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** Whether a score means the same, and ranks as well, in every group. */
export const calibration: AuditDefinition = defineAudit({
  id: "fairness.calibration",
  version: 2,
  input,
  needs: { columns: ["label", "protected", "score"], uses: ["weight"] },
  requests: (_, roles) => [
    ...(roles.label ? [roles.label] : []),
    ...(roles.score ? [roles.score] : []),
    ...(roles.weight ? [roles.weight] : []),
    ...roles.protected.map((role) => role.request),
  ],
  gives: (_, roles) => [
    ...["calibration-gap", "expected-calibration-error"].flatMap((metric) => [
      { metric, scope: "overall" as const, by: [] },
      { metric, scope: "group" as const, by: roles.groupings },
    ]),
    { metric: "abroca", scope: "group", by: roles.groupings },
    { metric: "calibration-gap-difference", scope: "disparity", by: roles.groupings },
  ],
  measure: (rows, _, context) => measureCalibration(rows, context),
  merge: mergeCalibration,
  conclude,
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
