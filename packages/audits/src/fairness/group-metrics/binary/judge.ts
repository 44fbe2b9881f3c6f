import type { Finding } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { type GapClaim, gapFinding } from "../../../groups/gap-finding.ts";
import { requiredMetric } from "../../../groups/group-measures.ts";
import type { Reading } from "../../../groups/reading.ts";
import { percentText } from "../../../wording/index.ts";
import { judgeStrata } from "../judge-strata.ts";
import type { Input } from "../settings.ts";
import { type Claim, claims } from "./claims.ts";
import { metricsFor, scoresFor, stratifiedRates } from "./given.ts";
import { judgeLeftOut } from "./judge-left-out.ts";
import { judgeRows } from "./judge-rows.ts";
import { scoreClaims } from "./score-claims.ts";

export function judgeBinary(reading: Reading, context: AuditContext<Input>): Finding[] {
  const names = new Set(metricsFor(context.roles).map((metric) => metric.name));
  const findings: Finding[] = [];
  for (const by of context.roles.groupings) {
    for (const claim of claims) {
      if (names.has(claim.metric)) findings.push(...gapFinding(rateGap(claim), by, reading, context, "disparities"));
    }
    if (scoresFor(context.roles).length > 0) {
      for (const claim of scoreClaims) findings.push(...gapFinding(claim, by, reading, context, "score-disparities"));
    }
    findings.push(...judgeLeftOut(by, reading, context));
  }
  return [
    ...findings,
    ...judgeStrata(reading, stratifiedRates(context.roles), context),
    ...judgeRows(reading, context),
  ];
}

/** The gap of a rate, in the words of its claim. */
export function rateGap(claim: Claim): GapClaim {
  const { among, outcome, metric, subject, verb } = claim;
  const { label } = requiredMetric(metric);
  return {
    metric,
    label: { en: label.en.toLowerCase(), "zh-CN": label["zh-CN"] },
    subject,
    verb,
    between: (most, least) => ({
      en: `${among.en}, ${percentText(most.value)} of ${most.name.en} and ${percentText(least.value)} of ${least.name.en} ${outcome.en}`,
      "zh-CN": `${among["zh-CN"]}，${most.name["zh-CN"]} 有 ${percentText(most.value)}、${least.name["zh-CN"]} 有 ${percentText(least.value)} ${outcome["zh-CN"]}`,
    }),
    spread: {
      en: `${among.en}, the share that ${outcome.en}`,
      "zh-CN": `${among["zh-CN"]}，${outcome["zh-CN"]}的比例`,
    },
    advice: {
      en: "Chance alone does not explain it; find out what drives it before relying on these decisions.",
      "zh-CN": "仅凭偶然难以解释；采信这些决定之前，应先查明成因。",
    },
  };
}
