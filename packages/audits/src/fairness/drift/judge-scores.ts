import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import { changingText, countText, pText, shareText, significantText } from "../../wording/index.ts";
import { baselineSplit } from "./change-measure.ts";
import { driftFigureId } from "./figures.ts";
import type { Input } from "./settings.ts";
import { scoreTableId } from "./tables.ts";

/** What an alarm of the score is about. */
interface Alarm {
  readonly measure: Measure;
  readonly value: number;
  /** Null: all rows. */
  readonly by: string | null;
  readonly who: LocalizedText;
  readonly other: LocalizedText;
  /** Mean scores of the group, and of the one it is held against, in the baseline. */
  readonly before: number | null;
  readonly against: number | null;
  readonly facts: LocalizedText;
}

/** An alarm of the score is a finding as one of a rate is. */
export function judgeScores(
  measures: readonly Measure[],
  shown: ReadonlySet<string>,
  { input, roles }: AuditContext<Input>,
): Finding[] {
  const meanOf = (by: string | null, value: string | null | undefined): number =>
    measures.findIndex(
      (one) =>
        one.metric === "mean-score" &&
        one.split === baselineSplit &&
        (by === null ? one.group === undefined : one.group?.[by] === value),
    );
  return measures.flatMap((measure, at): Finding[] => {
    const word = words[measure.metric];
    const { value, low = 0, high = 0, p_adjusted: p } = measure;
    if (word === undefined || value === null || p === undefined || p > 1 - input.confidence + 1e-12) return [];
    const by = measure.group === undefined ? null : (Object.keys(measure.group)[0] ?? null);
    const own = by === null ? null : (measure.group?.[by] ?? null);
    const [ownAt, otherAt] = [meanOf(by, own), measure.reference === undefined ? -1 : meanOf(by, measure.reference)];
    const level = shareText(input.confidence);
    const span = [significantText(low), significantText(high)];
    const figure = by === null ? null : driftFigureId("mean-score", by, roles);
    const isIndex = measure.metric === "psi";
    const alarm: Alarm = {
      measure,
      value,
      by,
      who:
        by === null
          ? { en: "all rows", "zh-CN": "全部行" }
          : {
              en: `${plainText(by)} = ${groupText([own]).en}`,
              "zh-CN": `${plainText(by)} = ${groupText([own])["zh-CN"]} `,
            },
      other: groupText([measure.reference ?? null]),
      before: measures[ownAt]?.value ?? null,
      against: measures[otherAt]?.value ?? null,
      facts: {
        en: `(${level} interval ${isIndex ? "of one look" : "at all looks"} ${span.join(" to ")}; adjusted ${pText(p)}; n = ${countText(measure.n ?? 0)} after the baseline)`,
        "zh-CN": `（${isIndex ? "单次查看的" : "对所有查看时点成立的"} ${level} 区间 ${span.join(" 至 ")}；校正后 ${pText(p)}；基线之后 n = ${countText(measure.n ?? 0)}）`,
      },
    };
    const { severity, text } = word(alarm);
    const slug = by === null ? "all" : `${slugsOf(roles).get(JSON.stringify([by])) ?? "group"}-${own ?? ""}`;
    return [
      {
        id: `${measure.metric}-${slug}`,
        verdict: "fail",
        severity,
        text,
        measures: [at, ...[ownAt, otherAt].filter((one) => one >= 0)],
        ...(figure !== null && shown.has(figure) ? { figure } : {}),
        table: scoreTableId(by, roles),
      },
    ];
  });
}

type Word = (alarm: Alarm) => { readonly severity: Finding["severity"]; readonly text: LocalizedText };

const words: Readonly<Record<string, Word>> = {
  psi: ({ value, who, facts }) => ({
    severity: "medium",
    text: {
      en: `**Scores of ${who.en} are spread differently than in the baseline.** The population stability index is ${significantText(value)} ${facts.en}. See which scores became more frequent, and whether the applicants, the data or the model changed.`,
      "zh-CN": `**${who["zh-CN"]}的分数分布已不同于基线。** 群体稳定性指数为 ${significantText(value)}${facts["zh-CN"]}。应查看哪些分数变得更常见，以及变化来自申请人群、数据还是模型。`,
    },
  }),
  "mean-score-change": ({ value, who, before, facts }) => ({
    severity: "medium",
    text: {
      en: `**The mean score of ${who.en} has ${value > 0 ? "risen" : "fallen"}.** ${before === null ? "" : `From ${changingText(before, value)} in the baseline to ${changingText(before + value, value)} after it: `}${significantText(Math.abs(value))} ${value > 0 ? "more" : "less"} ${facts.en}. Look for what changed: who applies, how data are taken, or the model.`,
      "zh-CN": `**${who["zh-CN"]}的平均分数已${value > 0 ? "上升" : "下降"}。** ${before === null ? "" : `从基线的 ${changingText(before, value)} 变为其后的 ${changingText(before + value, value)}：`}${value > 0 ? "增加" : "减少"} ${significantText(Math.abs(value))}${facts["zh-CN"]}。应查明变化来自何处：申请人群、数据采集方式，还是模型。`,
    },
  }),
  "mean-score-gap-change": ({ value, who, other, before, against, facts }) => {
    const gap = before === null || against === null ? null : before - against;
    const isWider = gap !== null && Math.abs(gap + value) > Math.abs(gap);
    const way = gap === null ? "changed" : isWider ? "widened" : "narrowed";
    const wayZh = gap === null ? "发生变化" : isWider ? "已扩大" : "已缩小";
    return {
      severity: isWider ? "high" : "medium",
      text: {
        en: `**The gap in the mean score between ${who.en} and ${other.en} has ${way}.** ${gap === null ? "" : `In the baseline it was ${changingText(gap, value)}; after it, ${changingText(gap + value, value)}: `}a change of ${significantText(value)} ${facts.en}. ${isWider ? "Find out for which of the two they changed, and why, before further decisions are made." : "Check that the scores moved for the reason you think."}`,
        "zh-CN": `**${who["zh-CN"]}与${other["zh-CN"]}在平均分数上的差距${wayZh}。** ${gap === null ? "" : `基线中为 ${changingText(gap, value)}，其后为 ${changingText(gap + value, value)}：`}变化 ${significantText(value)}${facts["zh-CN"]}。${isWider ? "在继续作出决定之前，应查明是其中哪一组发生了变化，以及原因。" : "请核实分数变动的原因是否如您所想。"}`,
      },
    };
  },
};

/** Scores that are not watched, and rows without one. */
export function unwatchedScores(measures: readonly Measure[]): Finding[] {
  const tooMany = measures.findIndex((one) => one.metric === "psi" && one.group === undefined && one.value === null);
  const missing = measures.findIndex((one) => one.metric === "rows-without-score");
  const rows = measures[missing]?.value ?? 0;
  const reason = measures[tooMany]?.reason ?? "";
  const findings: Finding[] = [];
  if (tooMany >= 0 && measures[tooMany]?.split === undefined && reason.startsWith("too many")) {
    findings.push({
      id: "scores-not-watched",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: "**Scores are not watched.** There are too many groups in too many periods for their scores to be held apart. Choose a longer period, or fewer protected columns.",
        "zh-CN": "**未监测分数。** 周期与组的组合过多，无法分别保存其分数。请改用更长的周期，或减少受保护列。",
      },
      measures: [tooMany],
    });
  }
  if (rows > 0) {
    findings.push({
      id: "rows-without-score",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${countText(rows)} ${rows === 1 ? "row has" : "rows have"} no score.** ${rows === 1 ? "It is" : "They are"} left out of all that is said of scores.`,
        "zh-CN": `**有 ${countText(rows)} 行缺少分数。** 有关分数的数值都未计入这些行。`,
      },
      measures: [missing],
    });
  }
  return findings;
}
