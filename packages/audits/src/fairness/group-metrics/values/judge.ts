import type { Finding } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { gapFinding } from "../../../groups/gap-finding.ts";
import type { Reading } from "../../../groups/reading.ts";
import { judgeStrata } from "../judge-strata.ts";
import { leftOutGroups, leftOutRows, manyGroups, unknownGroups } from "../judge-who.ts";
import type { Input } from "../settings.ts";
import { largeShare, valueClaims } from "./claims.ts";
import { stratifiedMeans, valuesFor } from "./given.ts";

export function judgeValues(reading: Reading, context: AuditContext<Input>): Finding[] {
  const { roles } = context;
  const names = new Set(valuesFor(roles).map(({ name }) => name));
  const spread = reading.find({ metric: "label-standard-deviation" })?.value ?? null;
  const large = spread !== null && spread > 0 ? largeShare * spread : null;
  const findings: Finding[] = [];
  for (const by of roles.groupings) {
    for (const claim of valueClaims) {
      if (!names.has(claim.metric)) continue;
      findings.push(...gapFinding({ large, ...claim }, by, reading, context, "disparities"));
    }
    findings.push(...leftOutGroups(by, reading, context, valuesFor(roles)));
  }
  const noLabel: Finding[] =
    roles.labelText === null
      ? [
          {
            id: "no-label",
            verdict: "info",
            severity: "low",
            text: {
              en: "**Only predictions are compared, not errors.** The plan names no label, so residuals and errors are left out.",
              "zh-CN": "**只比较了预测值，没有比较误差。** 计划没有给出标签，因此略去残差与各项误差。",
            },
            measures: [],
          },
        ]
      : [];
  return [
    ...findings,
    ...judgeStrata(reading, stratifiedMeans(roles), context),
    ...leftOutRows(reading, ["prediction", "label", "weight"]),
    ...noLabel,
    ...unknownGroups(reading, context),
    ...manyGroups(reading, context),
  ];
}
