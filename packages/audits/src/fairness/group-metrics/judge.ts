import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, decimalText, percentText, pText } from "../../wording/index.ts";
import { type Claim, claims } from "./claims.ts";
import { metricsFor } from "./given.ts";
import { requiredMetric } from "./group-measures.ts";
import { judgeLeftOut } from "./judge-left-out.ts";
import { judgeRows } from "./judge-rows.ts";
import { judgeStrata } from "./judge-strata.ts";
import { columnsText, figureId, groupText, Reading, ratesOf, slugsOf } from "./reading.ts";
import type { Input } from "./settings.ts";

/** A gap of this size is the one that sample sizes are told for. */
const telling = 0.1;

export function judge(conclusion: Conclusion, context: AuditContext<Input>): Finding[] {
  const reading = new Reading(conclusion.measures);
  const names = new Set(metricsFor(context.roles).map((metric) => metric.name));
  const findings: Finding[] = [];
  for (const by of context.roles.groupings) {
    for (const claim of claims) {
      if (names.has(claim.metric)) findings.push(...gapFinding(claim, by, reading, context));
    }
    findings.push(...judgeLeftOut(by, reading, context));
  }
  return [...findings, ...judgeStrata(reading, context), ...judgeRows(reading, context)];
}

function points(gap: number): string {
  return decimalText(gap * 100, 1);
}

function gapFinding(claim: Claim, by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  const { confidence, min_count: minCount } = context.input;
  const place = reading.place({ metric: `${claim.metric}-difference`, by: [...by] });
  const gap = place === null ? undefined : reading.measures[place];
  if (place === null || !gap || gap.value === null || gap.low === undefined || gap.high === undefined) return [];
  const rates = ratesOf(claim.metric, by, reading).filter((rate) => rate.people >= minCount);
  const sorted = [...rates].sort((a, b) => b.value - a.value);
  const most = sorted[0];
  const least = sorted.at(-1);
  // Where only the largest groups are printed, the extreme ones may be unprinted: then the gap stands alone.
  const named = most && least && most !== least && Math.abs(most.value - least.value - gap.value) < 1e-12;
  const metric = requiredMetric(claim.metric);
  const columns = columnsText(by);
  const level = percentText(confidence, 0);
  const adjusted = gap.p_adjusted ?? 1;
  const significant = adjusted < 1 - confidence;
  const size = points(gap.value);
  const interval = { en: `${points(gap.low)} to ${points(gap.high)}`, zh: `${points(gap.low)} 至 ${points(gap.high)}` };
  const sure = {
    en: `${level} simultaneous interval ${interval.en}; adjusted ${pText(adjusted)}`,
    zh: `${level} 同时区间 ${interval.zh}；校正后 ${pText(adjusted)}`,
  };
  const among = { en: `${claim.among.en}, `, zh: `${claim.among["zh-CN"]}，` };
  const numbers: LocalizedText =
    named && most && least
      ? {
          en: `${among.en}${percentText(most.value)} of ${groupText(most.values).en} and ${percentText(least.value)} of ${groupText(least.values).en} ${claim.outcome.en}: a gap of ${size} points (${sure.en}; n = ${countText(most.measure.n ?? 0)} and ${countText(least.measure.n ?? 0)}).`,
          "zh-CN": `${among.zh}${groupText(most.values)["zh-CN"]} 有 ${percentText(most.value)}、${groupText(least.values)["zh-CN"]} 有 ${percentText(least.value)} ${claim.outcome["zh-CN"]}，相差 ${size} 个百分点（${sure.zh}；n = ${countText(most.measure.n ?? 0)} 与 ${countText(least.measure.n ?? 0)}）。`,
        }
      : {
          en: `${among.en}the share that ${claim.outcome.en} spreads over ${size} points (${sure.en}).`,
          "zh-CN": `${among.zh}各组${claim.outcome["zh-CN"]}的比例相差达 ${size} 个百分点（${sure.zh}）。`,
        };
  const head = {
    id: `${claim.metric}-gap-by-${slugsOf(context.roles).get(JSON.stringify(by)) ?? "group"}`,
    measures: [place, ...(named && most && least ? [most.place, least.place] : [])],
    figure: figureId(claim.metric, by, slugsOf(context.roles)),
    table: "disparities",
  };
  if (significant) {
    const severity = gap.low >= 0.1 ? "high" : gap.value >= 0.05 ? "medium" : "low";
    return [
      {
        ...head,
        verdict: "info",
        severity,
        text: {
          en: `**${claim.subject.en} ${claim.verb} by ${columns}.** ${numbers.en} Chance alone does not explain it; find out what drives it before relying on these decisions.`,
          "zh-CN": `**${claim.subject["zh-CN"]}因 ${columns} 而异。** ${numbers["zh-CN"]}仅凭偶然难以解释；采信这些决定之前，应先查明成因。`,
        },
      },
    ];
  }
  const ruledOut = gap.high <= telling;
  return [
    {
      ...head,
      verdict: ruledOut ? "info" : "indeterminate",
      severity: "low",
      text: ruledOut
        ? {
            en: `**No large gap in ${metric.label.en.toLowerCase()} by ${columns}.** ${numbers.en} The data rule out a gap above ${points(gap.high)} points.`,
            "zh-CN": `**按 ${columns}，${metric.label["zh-CN"]}没有大的差距。** ${numbers["zh-CN"]}数据排除了超过 ${points(gap.high)} 个百分点的差距。`,
          }
        : {
            en: `**Cannot tell yet whether ${metric.label.en.toLowerCase()} differs by ${columns}.** ${numbers.en} Groups without any difference could show such a gap by chance; a gap of up to ${points(gap.high)} points is not ruled out.`,
            "zh-CN": `**尚不能判断${metric.label["zh-CN"]}是否因 ${columns} 而异。** ${numbers["zh-CN"]}即使各组毫无差异，也可能偶然出现这样的差距；尚不能排除高达 ${points(gap.high)} 个百分点的差距。`,
          },
    },
  ];
}
