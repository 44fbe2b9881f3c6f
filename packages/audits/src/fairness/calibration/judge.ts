import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { columnsText, groupText } from "../../groups/reading.ts";
import { countText, decimalText, percentText, pText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** A gap of this size is the one that is called large. */
const telling = 0.1;

export function judge({ measures }: Conclusion, context: AuditContext<Input>): Finding[] {
  const { roles, input } = context;
  const overall = measures.findIndex(({ metric, group, by }) => metric === "calibration-gap" && !group && !by);
  const none = measures[overall];
  if (none !== undefined && none.value === null) {
    return [
      finding("no-probability", "indeterminate", "medium", [overall], {
        en: `**Calibration cannot be told.** ${sentence(none.reason ?? "the score is not known")} Give a score between 0 and 1 that is meant as the probability of the positive label.`,
        "zh-CN": `**无法判断校准情况。** ${none.reason === undefined ? "分数未知。" : "分数缺失，或不在 0 到 1 之间，不能当作概率。"}请给出 0 到 1 之间、表示正标签概率的分数。`,
      }),
      ...roles.groupings.flatMap((by, place) => rankingOf(measures, by, place, input)),
    ];
  }
  return roles.groupings.flatMap((by, place) => [
    ...meaningOf(measures, by, place, input),
    ...groupsOf(measures, by, place, input),
    ...rankingOf(measures, by, place, input),
  ]);
}

/** Whether one score means the same in every group. */
function meaningOf(measures: readonly Measure[], by: readonly string[], place: number, input: Input): Finding[] {
  const at = measures.findIndex(
    ({ metric, by: of }) => metric === "calibration-gap-difference" && JSON.stringify(of) === JSON.stringify(by),
  );
  const gap = measures[at];
  if (gap === undefined) return [];
  const columns = columnsText(by);
  const head = { figure: by.length === 1 ? `reliability-${place + 1}` : undefined, table: `calibration-${place + 1}` };
  if (gap.value === null || gap.low === undefined || gap.high === undefined) {
    return [
      finding(
        `meaning-${place + 1}`,
        "indeterminate",
        "low",
        [at],
        {
          en: `**Cannot tell whether scores mean the same by ${columns}.** ${sentence(gap.reason ?? "not enough rows")}`,
          "zh-CN": `**尚不能判断按 ${columns}，分数的含义是否相同。** 具备分数和标签的行不足，或组数过多。`,
        },
        head,
      ),
    ];
  }
  const ofGroups = [...measures.entries()].filter(
    ([, { metric, group, value, n }]) =>
      metric === "calibration-gap" && isOf(group, by) && value !== null && (n ?? 0) >= input.min_count && known(group),
  );
  const sorted = ofGroups.sort(([, a], [, b]) => (b.value ?? 0) - (a.value ?? 0));
  const [most, least] = [sorted[0], sorted.at(-1)];
  const level = percentText(input.confidence, 0);
  const sure = {
    en: `${level} simultaneous interval ${points(gap.low)} to ${points(gap.high)}${gap.p === undefined ? "" : `; ${pText(gap.p)}`}`,
    "zh-CN": `${level} 同时区间 ${points(gap.low)} 至 ${points(gap.high)}${gap.p === undefined ? "" : `；${pText(gap.p)}`}`,
  };
  const numbers =
    most === undefined || least === undefined
      ? { en: "", "zh-CN": "" }
      : {
          en: `Outcomes lie ${signed(most[1].value ?? 0)} points from what the scores say for ${nameOf(most[1], by).en} and ${signed(least[1].value ?? 0)} points for ${nameOf(least[1], by).en}: a difference of ${points(gap.value)} points (${sure.en}; n = ${countText(most[1].n ?? 0)} and ${countText(least[1].n ?? 0)}).`,
          "zh-CN": `实际结果与分数相比，${nameOf(most[1], by)["zh-CN"]} 相差 ${signed(most[1].value ?? 0)} 个百分点，${nameOf(least[1], by)["zh-CN"]} 相差 ${signed(least[1].value ?? 0)} 个百分点，两者差异为 ${points(gap.value)} 个百分点（${sure["zh-CN"]}；n = ${countText(most[1].n ?? 0)} 与 ${countText(least[1].n ?? 0)}）。`,
        };
  const places = [at, ...(most ? [most[0]] : []), ...(least ? [least[0]] : [])];
  const significant = gap.low > 0 && (gap.p ?? 0) <= 1 - input.confidence;
  if (significant) {
    const severity = gap.low >= telling ? "high" : gap.value >= telling / 2 ? "medium" : "low";
    return [
      finding(
        `meaning-${place + 1}`,
        "info",
        severity,
        places,
        {
          en: `**The same score means different things by ${columns}.** ${numbers.en} A threshold that is right for one group is wrong for the other; recalibrate, or find out what the score leaves out.`,
          "zh-CN": `**按 ${columns}，同一分数的含义不同。** ${numbers["zh-CN"]}对一组合适的阈值对另一组并不合适；请重新校准，或查明分数遗漏了什么。`,
        },
        head,
      ),
    ];
  }
  const ruledOut = gap.high <= telling;
  return [
    finding(
      `meaning-${place + 1}`,
      ruledOut ? "info" : "indeterminate",
      "low",
      places,
      ruledOut
        ? {
            en: `**Scores mean much the same by ${columns}.** ${numbers.en} The data rule out a difference above ${points(gap.high)} points.`,
            "zh-CN": `**按 ${columns}，分数的含义大致相同。** ${numbers["zh-CN"]}数据排除了超过 ${points(gap.high)} 个百分点的差异。`,
          }
        : {
            en: `**Cannot tell yet whether scores mean the same by ${columns}.** ${numbers.en} Groups without any difference could show this by chance; one of up to ${points(gap.high)} points is not ruled out.`,
            "zh-CN": `**尚不能判断按 ${columns}，分数的含义是否相同。** ${numbers["zh-CN"]}即使毫无差异，也可能偶然如此；尚不能排除高达 ${points(gap.high)} 个百分点的差异。`,
          },
      head,
    ),
  ];
}

/** Groups whose outcomes the scores get wrong on average, the largest gaps first. */
function groupsOf(measures: readonly Measure[], by: readonly string[], place: number, input: Input): Finding[] {
  const wrong = [...measures.entries()]
    .filter(
      ([, { metric, group, p_adjusted: p, low, high }]) =>
        metric === "calibration-gap" &&
        isOf(group, by) &&
        known(group) &&
        (p ?? 1) <= 1 - input.confidence &&
        (low ?? 0) * (high ?? 0) > 0,
    )
    .sort(([, a], [, b]) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0));
  return wrong.slice(0, 5).map(([at, measure], rank) => {
    const name = nameOf(measure, by);
    const over = (measure.value ?? 0) < 0;
    const level = percentText(input.confidence, 0);
    const size = points(Math.abs(measure.value ?? 0));
    const [low, high] = [points(measure.low ?? 0), points(measure.high ?? 0)];
    return finding(
      `gap-${place + 1}-${rank + 1}`,
      "info",
      Math.abs(measure.value ?? 0) >= telling ? "medium" : "low",
      [at],
      {
        en: `**Scores say too ${over ? "much" : "little"} for ${name.en}.** Outcomes lie ${size} points ${over ? "below" : "above"} the mean score (${level} interval ${low} to ${high}; adjusted ${pText(measure.p_adjusted ?? 1)}; n = ${countText(measure.n ?? 0)}).`,
        "zh-CN": `**${name["zh-CN"]} 的分数偏${over ? "高" : "低"}。** 实际结果比平均分数${over ? "低" : "高"} ${size} 个百分点（${level} 区间 ${low} 至 ${high}；校正后 ${pText(measure.p_adjusted ?? 1)}；n = ${countText(measure.n ?? 0)}）。`,
      },
      { figure: by.length === 1 ? `reliability-${place + 1}` : undefined, table: `calibration-${place + 1}` },
    );
  });
}

/** Groups whose rows the score ranks differently, by the area between ROC curves. */
function rankingOf(measures: readonly Measure[], by: readonly string[], place: number, input: Input): Finding[] {
  const areas = [...measures.entries()].filter(
    ([, { metric, group, value }]) => metric === "abroca" && isOf(group, by) && value !== null,
  );
  const different = areas
    .filter(([, { p_adjusted: p }]) => (p ?? 1) <= 1 - input.confidence)
    .sort(([, a], [, b]) => (b.value ?? 0) - (a.value ?? 0));
  return different.slice(0, 3).map(([at, measure], rank) => {
    const name = nameOf(measure, by);
    const level = percentText(input.confidence, 0);
    return finding(
      `ranking-${place + 1}-${rank + 1}`,
      "info",
      (measure.low ?? 0) >= 0.05 ? "medium" : "low",
      [at],
      {
        en: `**The score ranks ${name.en} differently from ${measure.reference}.** The area between their ROC curves is ${decimalText(measure.value ?? 0, 3)} (${level} interval ${decimalText(measure.low ?? 0, 3)} to ${decimalText(measure.high ?? 1, 3)}; adjusted ${pText(measure.p_adjusted ?? 1)}; n = ${countText(measure.n ?? 0)}): at some threshold one group is served better.`,
        "zh-CN": `**分数对 ${name["zh-CN"]} 的排序与 ${measure.reference} 不同。** 两组 ROC 曲线之间的面积为 ${decimalText(measure.value ?? 0, 3)}（${level} 区间 ${decimalText(measure.low ?? 0, 3)} 至 ${decimalText(measure.high ?? 1, 3)}；校正后 ${pText(measure.p_adjusted ?? 1)}；n = ${countText(measure.n ?? 0)}）：在某些阈值上，其中一组得到更好的判断。`,
      },
      { figure: by.length === 1 ? `roc-${place + 1}` : undefined, table: `calibration-${place + 1}` },
    );
  });
}

function finding(
  id: string,
  verdict: Finding["verdict"],
  severity: Finding["severity"],
  measures: readonly number[],
  text: LocalizedText,
  at: { readonly figure?: string | undefined; readonly table?: string } = {},
): Finding {
  return {
    id,
    verdict,
    severity,
    text,
    measures: [...new Set(measures)],
    ...(at.figure === undefined ? {} : { figure: at.figure }),
    ...(at.table === undefined ? {} : { table: at.table }),
  };
}

function isOf(group: Measure["group"], by: readonly string[]): boolean {
  return group !== undefined && JSON.stringify(Object.keys(group)) === JSON.stringify(by);
}

function known(group: Measure["group"]): boolean {
  return Object.values(group ?? {}).every((value) => value !== null);
}

function nameOf({ group }: Measure, by: readonly string[]): LocalizedText {
  return groupText(by.map((name) => group?.[name] ?? null));
}

function points(share: number): string {
  return decimalText(share * 100, 1);
}

function signed(share: number): string {
  return share > 0 ? `+${points(share)}` : points(share);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
