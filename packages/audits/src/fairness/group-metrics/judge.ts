import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { normalQuantile } from "../../statistics/index.ts";
import { countText, decimalText, listText, percentText, pText } from "../../wording/index.ts";
import { metricsFor } from "./given.ts";
import { requiredMetric } from "./group-measures.ts";
import { judgeRows } from "./judge-rows.ts";
import { judgeStrata } from "./judge-strata.ts";
import { columnsText, figureId, groupOf, groupText, Reading, slugsOf } from "./reading.ts";
import type { Input } from "./settings.ts";

/** Metrics that get a sentence, with the words of the claim. The true-positive rate says what the false-negative rate does. */
const claims: readonly { readonly metric: string; readonly en: string; readonly zh: string }[] = [
  { metric: "selection-rate", en: "Selection rates", zh: "选中率" },
  { metric: "false-positive-rate", en: "False alarms", zh: "误报率" },
  { metric: "false-negative-rate", en: "Misses", zh: "漏报率" },
  { metric: "positive-predictive-value", en: "The worth of a positive decision", zh: "阳性预测值" },
  { metric: "accuracy", en: "Accuracy", zh: "准确率" },
];

/** A gap of this size is the one that sample sizes are told for. */
const telling = 0.1;
const power = 0.8;

export function judge(conclusion: Conclusion, context: AuditContext<Input>): Finding[] {
  const reading = new Reading(conclusion.measures);
  const names = new Set(metricsFor(context.roles).map((metric) => metric.name));
  const findings: Finding[] = [];
  for (const by of context.roles.groupings) {
    for (const claim of claims) {
      if (names.has(claim.metric)) findings.push(...gapFinding(claim, by, reading, context));
    }
    findings.push(...leftOutFinding(by, reading, context));
  }
  return [...findings, ...judgeStrata(reading, context), ...judgeRows(reading, context)];
}

interface Rate {
  readonly values: readonly (string | null)[];
  readonly measure: Measure;
  readonly place: number;
  readonly value: number;
  readonly people: number;
}

function ratesOf(metric: string, by: readonly string[], reading: Reading): Rate[] {
  return reading.groups(by).flatMap((values): Rate[] => {
    const group = groupOf(by, values);
    const place = reading.place({ metric, group });
    const measure = place === null ? undefined : reading.measures[place];
    if (place === null || !measure || measure.value === null || values.includes(null)) return [];
    const people = reading.find({ metric: "count", group })?.value ?? 0;
    return [{ values, measure, place, value: measure.value, people }];
  });
}

export function points(gap: number): string {
  return decimalText(gap * 100, 1);
}

function gapFinding(
  claim: (typeof claims)[number],
  by: readonly string[],
  reading: Reading,
  context: AuditContext<Input>,
): Finding[] {
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
  const meaning = {
    en: metric.meaning.en.charAt(0).toUpperCase() + metric.meaning.en.slice(1),
    zh: metric.meaning["zh-CN"],
  };
  const numbers: LocalizedText =
    named && most && least
      ? {
          en: `${meaning.en}, is ${percentText(most.value)} for ${groupText(most.values).en} and ${percentText(least.value)} for ${groupText(least.values).en}: a gap of ${size} points (${sure.en}; n = ${countText(most.measure.n ?? 0)} and ${countText(least.measure.n ?? 0)}).`,
          "zh-CN": `${meaning.zh}：${groupText(most.values)["zh-CN"]} 为 ${percentText(most.value)}，${groupText(least.values)["zh-CN"]} 为 ${percentText(least.value)}，相差 ${size} 个百分点（${sure.zh}；n = ${countText(most.measure.n ?? 0)} 与 ${countText(least.measure.n ?? 0)}）。`,
        }
      : {
          en: `${meaning.en}, spreads over ${size} points (${sure.en}).`,
          "zh-CN": `${meaning.zh}：各组相差达 ${size} 个百分点（${sure.zh}）。`,
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
          en: `**${claim.en} ${claim.en.endsWith("s") && !claim.en.startsWith("The") ? "differ" : "differs"} by ${columns}.** ${numbers.en} Chance alone does not explain it; look at what drives these decisions before relying on them.`,
          "zh-CN": `**${claim.zh}因 ${columns} 而异。** ${numbers["zh-CN"]}仅凭偶然难以解释；在采信这些决定之前，应查明其成因。`,
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
            en: `**No gap of ${points(telling)} points in ${metric.label.en.toLowerCase()} by ${columns}.** ${numbers.en} The data rule out a gap above ${points(gap.high)} points.`,
            "zh-CN": `**按 ${columns}，${metric.label["zh-CN"]}不存在 ${points(telling)} 个百分点的差距。** ${numbers["zh-CN"]}数据排除了超过 ${points(gap.high)} 个百分点的差距。`,
          }
        : {
            en: `**Cannot tell yet whether ${metric.label.en.toLowerCase()} differs by ${columns}.** ${numbers.en} Groups without any difference could show such a gap by chance; a gap of up to ${points(gap.high)} points is not ruled out.`,
            "zh-CN": `**尚不能判断${metric.label["zh-CN"]}是否因 ${columns} 而异。** ${numbers["zh-CN"]}即使各组毫无差异，也可能偶然出现这样的差距；尚不能排除高达 ${points(gap.high)} 个百分点的差距。`,
          },
    },
  ];
}

/** Groups too small for a verdict, with how many people it takes. */
function leftOutFinding(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  const { min_count: minCount, confidence } = context.input;
  const small = ratesOf("count", by, reading).filter((rate) => rate.people < minCount);
  if (small.length === 0) return [];
  const rates = small.map((rate) => {
    const place = reading.place({ metric: "selection-rate", group: groupOf(by, rate.values) });
    return { rate, place, measure: place === null ? undefined : reading.measures[place] };
  });
  const smallest = [...rates].sort((a, b) => b.rate.people - a.rate.people)[0];
  const overall = reading.find({ metric: "selection-rate" });
  const needed = peopleNeeded(overall?.value ?? 0.5, overall?.n ?? 0, confidence);
  const names = rates.slice(0, 8).map(({ rate }) => groupText(rate.values));
  const rest = rates.length - names.length;
  const people = (index: number): string => countText(rates[index]?.rate.people ?? 0);
  const list = {
    en: listText([
      ...names.map((name, index) => `${name.en} (n = ${people(index)})`),
      ...(rest > 0 ? [`${rest} more`] : []),
    ]).en,
    zh: listText([
      ...names.map((name, index) => `${name["zh-CN"]}（n = ${people(index)}）`),
      ...(rest > 0 ? [`另外 ${rest} 组`] : []),
    ])["zh-CN"],
  };
  const shown = smallest?.measure;
  const interval =
    shown && shown.low !== undefined && shown.high !== undefined && smallest
      ? {
          en: ` Even of ${groupText(smallest.rate.values).en} the selection rate's interval runs from ${percentText(shown.low, 0)} to ${percentText(shown.high, 0)}.`,
          zh: `即便是${groupText(smallest.rate.values)["zh-CN"]}，选中率的区间也从 ${percentText(shown.low, 0)} 到 ${percentText(shown.high, 0)}。`,
        }
      : { en: "", zh: "" };
  const need =
    needed === null
      ? { en: "", zh: "" }
      : {
          en: ` About ${countText(needed)} people in a group are needed to see a gap of 10 points from the rest.`,
          zh: `要看出与其余人群 10 个百分点的差距，一个组约需 ${countText(needed)} 人。`,
        };
  return [
    {
      id: `small-groups-by-${slugsOf(context.roles).get(JSON.stringify(by)) ?? "group"}`,
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Cannot tell yet for ${small.length === 1 ? "one group" : `${small.length} groups`} by ${columnsText(by)}.** ${list.en}: fewer than ${minCount} people each, so they stand outside the comparison.${interval.en}${need.en}`,
        "zh-CN": `**按 ${columnsText(by)}，有 ${small.length} 个组尚不能判断。** ${list.zh}：每组不足 ${minCount} 人，因此未纳入比较。${interval.zh}${need.zh}`,
      },
      measures: rates.flatMap(({ rate, place }) => (place === null ? [rate.place] : [rate.place, place])),
      table: `groups-by-${slugsOf(context.roles).get(JSON.stringify(by)) ?? "group"}`,
    },
  ];
}

/**
 * People in a group so that a gap of 10 points from the rest is found with power 0.8 (two-sided test of two shares near
 * `share`). Null where no number is enough, the rest being too few. J. L. Fleiss, Statistical Methods for Rates and
 * Proportions, 3rd ed. (2003), chapter 4.
 */
export function peopleNeeded(share: number, rest: number, confidence: number): number | null {
  const reach = normalQuantile(0.5 + confidence / 2) + normalQuantile(power);
  const spread = Math.max(share * (1 - share), telling * (1 - telling));
  const room = telling ** 2 / (reach ** 2 * spread) - 1 / rest;
  return room > 0 ? Math.ceil(1 / room) : null;
}
