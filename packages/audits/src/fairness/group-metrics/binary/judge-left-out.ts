import type { Finding } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { requiredMetric } from "../../../groups/group-measures.ts";
import { columnsText, groupOf, groupText, type Reading, ratesOf, slugsOf } from "../../../groups/reading.ts";
import { tooMany } from "../../../groups/score-estimates.ts";
import { noProbability } from "../../../metrics/scores/index.ts";
import { normalQuantile } from "../../../statistics/index.ts";
import { countText, listText, percentText } from "../../../wording/index.ts";
import type { Input } from "../settings.ts";
import { claims } from "./claims.ts";
import { metricsFor, scoresFor } from "./given.ts";
import { scoreClaims } from "./score-claims.ts";

/** The gap that sample sizes are told for, and the chance to see it. */
const telling = 0.1;
const power = 0.8;

/** Who stands outside a comparison, and why. */
export function judgeLeftOut(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  return [...smallGroups(by, reading, context), ...undefinedRates(by, reading, context)];
}

/** Groups too small for a verdict, with how many people it takes. */
function smallGroups(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  const { min_count: minCount, confidence } = context.input;
  const small = ratesOf("count", by, reading).filter((rate) => rate.people < minCount);
  if (small.length === 0) return [];
  const rates = small.map((rate) => {
    const place = reading.place({ metric: "selection-rate", group: groupOf(by, rate.values) });
    return { rate, place, measure: place === null ? undefined : reading.measures[place] };
  });
  const largest = [...rates].sort((a, b) => b.rate.people - a.rate.people)[0];
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
  const shown = largest?.measure;
  const interval =
    shown && shown.low !== undefined && shown.high !== undefined && largest
      ? {
          en: ` The selection rate's interval${small.length > 1 ? ` of the largest, ${groupText(largest.rate.values).en},` : ""} runs from ${percentText(shown.low, 0)} to ${percentText(shown.high, 0)}.`,
          zh: `${small.length > 1 ? `其中人数最多的 ${groupText(largest.rate.values)["zh-CN"]}，` : ""}选中率的区间从 ${percentText(shown.low, 0)} 到 ${percentText(shown.high, 0)}。`,
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
        en: `**Cannot tell yet for ${small.length === 1 ? "one group" : `${small.length} groups`} by ${columnsText(by)}.** ${list.en}: fewer than ${minCount} people${small.length > 1 ? " each, so they stand" : ", so it stands"} outside the comparison.${interval.en}${need.en}`,
        "zh-CN": `**按 ${columnsText(by)}，有 ${small.length} 个组尚不能判断。** ${list.zh}：${small.length > 1 ? "每组" : ""}不足 ${minCount} 人，因此未纳入比较。${interval.zh}${need.zh}`,
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

/** Rates that some or all groups do not have, though they have people enough. */
function undefinedRates(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  const names = new Set(metricsFor(context.roles).map((metric) => metric.name));
  const places: number[] = [];
  const parts: { en: string; zh: string }[] = [];
  const rates = claims.filter(({ metric }) => names.has(metric)).map(({ metric }) => requiredMetric(metric));
  const scores = scoresFor(context.roles).filter(({ name }) => scoreClaims.some(({ metric }) => metric === name));
  for (const metric of [...rates, ...scores]) {
    const { name } = metric;
    const gap = reading.place({ metric: `${name}-difference`, by: [...by] });
    const without = reading.groups(by).flatMap((values) => {
      const group = groupOf(by, values);
      const place = reading.place({ metric: name, group });
      const people = reading.find({ metric: "count", group })?.value ?? 0;
      const isNull = place !== null && reading.measures[place]?.value === null;
      return isNull && !values.includes(null) && people >= context.input.min_count ? [{ values, place }] : [];
    });
    const reason = gap === null ? undefined : reading.measures[gap]?.reason;
    // Told once for all metrics of the score.
    if (reason === noProbability || reason === tooMany) continue;
    const isGapNull = gap !== null && reading.measures[gap]?.value === null;
    if (!isGapNull && without.length === 0) continue;
    if (isGapNull && gap !== null) places.push(gap);
    for (const { place } of without) if (place !== null) places.push(place);
    const groups = listText(without.slice(0, 5).map(({ values }) => groupText(values).en));
    const groupsZh = listText(without.slice(0, 5).map(({ values }) => groupText(values)["zh-CN"]));
    const rest = without.length > 5 ? without.length - 5 : 0;
    const who =
      without.length === 0
        ? { en: "", zh: "" }
        : {
            en: ` is not defined for ${groups.en}${rest > 0 ? ` and ${rest} more` : ""}`,
            zh: `在 ${groupsZh["zh-CN"]}${rest > 0 ? ` 等 ${without.length} 组` : ""} 中没有定义`,
          };
    const compared = isGapNull
      ? {
          en: `${who.en === "" ? "" : " and"} cannot be compared, since fewer than two groups have it`,
          zh: `${who.zh === "" ? "" : "，"}不足两个组有此数值，无法比较`,
        }
      : { en: "", zh: "" };
    parts.push({
      en: `${metric.label.en}${who.en}${compared.en}.`,
      zh: `${metric.label["zh-CN"]}${who.zh}${compared.zh}。`,
    });
  }
  if (parts.length === 0) return [];
  const slug = slugsOf(context.roles).get(JSON.stringify(by)) ?? "group";
  return [
    {
      id: `undefined-rates-by-${slug}`,
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Not everything can be compared by ${columnsText(by)}.** ${parts.map((part) => part.en).join(" ")}`,
        "zh-CN": `**按 ${columnsText(by)}，有些比率无法比较。** ${parts.map((part) => part.zh).join("")}`,
      },
      measures: [...new Set(places)],
      table: `groups-by-${slug}`,
    },
  ];
}
