import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { lowered } from "../../groups/gap-finding.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import { metrics } from "../../metrics/index.ts";
import { countText, decimalText, percentText, pText, shareText, tidyChinese } from "../../wording/index.ts";
import { baselineSplit } from "./change-measure.ts";
import { driftFigureId } from "./figures.ts";
import { judgeScores, unwatchedScores } from "./judge-scores.ts";
import { reasonOf } from "./reasons.ts";
import type { Input } from "./settings.ts";
import { driftTableId } from "./tables.ts";
import { watchedNames } from "./watched.ts";

/** Pure. An alarm fails; where the data could tell and none was raised, the audit says so, and how often it would be wrong. */
export function judge({ measures, figures }: Conclusion, context: AuditContext<Input>): Finding[] {
  const shown = new Set(figures.map(({ id }) => id));
  const findings = [
    summaryFinding(measures, context),
    ...measures.flatMap((measure, at) => alarmFinding(measure, at, measures, shown, context)),
    ...judgeScores(measures, shown, context),
    ...untested(measures),
    ...unwatchedScores(measures),
    ...undated(measures),
  ];
  return findings.map((one) => ({ ...one, text: { en: one.text.en, "zh-CN": tidyChinese(one.text["zh-CN"]) } }));
}

function summaryFinding(measures: readonly Measure[], { input }: AuditContext<Input>): Finding {
  const at = measures.findIndex((one) => one.metric === "drift-alarms");
  const found = measures[at];
  const head = { id: "drift", measures: at < 0 ? [] : [at] };
  const alpha = shareText(1 - input.confidence);
  if (found?.value == null) {
    const reason = found?.reason ?? "";
    const why = reasonOf(reason);
    return {
      ...head,
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Cannot tell yet whether anything drifts.** ${why.en}. Add later rows, or choose an earlier end of the baseline or a shorter period.`,
        "zh-CN": `**尚不能判断是否发生漂移。** ${why["zh-CN"]}。请补充其后的数据，或提前基线的截止日期，或改用更短的周期。`,
      },
    };
  }
  const tests = countText(found.n ?? 0);
  const rate: LocalizedText = {
    en: `Were nothing to change, the chance that any of the ${tests} tests ever raised an alarm would be at most ${alpha}, however often one looks (gaps and scores: in large samples).`,
    "zh-CN": `若一切未变，则无论查看多少次，这 ${tests} 项检验中任何一项发出警报的概率至多为 ${alpha}（差距与分数的检验：大样本下成立）。`,
  };
  if (found.value === 0) {
    return {
      ...head,
      verdict: "pass",
      severity: "low",
      text: {
        en: `**No alarm: no change since the baseline is shown.** ${rate.en} No alarm is no proof that nothing changed: the intervals of the changes tell what may have gone unseen.`,
        "zh-CN": `**没有警报：未显示自基线以来的变化。** ${rate["zh-CN"]} 没有警报并不证明没有变化：各项变化的区间表明可能有多大的变化未被发现。`,
      },
    };
  }
  const n = found.value;
  return {
    ...head,
    verdict: "fail",
    severity: "medium",
    text: {
      en: `**${n === 1 ? "One change" : `${countText(n)} changes`} since the baseline ${n === 1 ? "is" : "are"} shown.** ${rate.en}`,
      "zh-CN": `**显示了 ${countText(n)} 项自基线以来的变化。** ${rate["zh-CN"]}`,
    },
  };
}

/** What a measure tells: which rate, of whom, of the rate itself or of its gap to another group. */
function aboutOf(measure: Measure): { readonly name: string; readonly isGap: boolean } | null {
  for (const name of watchedNames) {
    if (measure.metric === `${name}-change`) return { name, isGap: false };
    if (measure.metric === `${name}-gap-change`) return { name, isGap: true };
  }
  return null;
}

function alarmFinding(
  measure: Measure,
  at: number,
  measures: readonly Measure[],
  shown: ReadonlySet<string>,
  { input, roles }: AuditContext<Input>,
): Finding[] {
  const about = aboutOf(measure);
  const { value, low = -1, high = 1, p_adjusted: p } = measure;
  if (about === null || value === null || p === undefined || p > 1 - input.confidence + 1e-12) return [];
  const by = measure.group === undefined ? null : (Object.keys(measure.group)[0] ?? null);
  const own = by === null ? null : (measure.group?.[by] ?? null);
  const who: LocalizedText = by === null ? { en: "all rows", "zh-CN": "全部行" } : groupText([own]);
  const label = metrics.find((metric) => metric.name === about.name)?.label ?? { en: about.name, "zh-CN": about.name };
  const beforeAt = measures.findIndex(
    (one) => one.metric === about.name && one.split === baselineSplit && sameGroup(one, measure),
  );
  const before = measures[beforeAt]?.value ?? null;
  const level = shareText(input.confidence);
  const size = decimalText(Math.abs(value) * 100, 1);
  const span = `${decimalText(low * 100, 1)} to ${decimalText(high * 100, 1)}`;
  const spanZh = `${decimalText(low * 100, 1)} 至 ${decimalText(high * 100, 1)}`;
  const figure = by === null ? null : driftFigureId(about.name, by, roles);
  const shownBy = {
    measures: [at, ...(beforeAt < 0 ? [] : [beforeAt])],
    ...(figure !== null && shown.has(figure) ? { figure } : {}),
    table: driftTableId(by, roles),
  };
  const slug = by === null ? "all" : `${slugsOf(roles).get(JSON.stringify([by])) ?? "group"}-${own ?? ""}`;
  if (about.isGap) {
    const other = groupText([measure.reference ?? null]);
    const gap = gapBefore(measures, about.name, by, own, measure.reference ?? null);
    const wider = gap !== null && Math.abs(gap + value) > Math.abs(gap);
    const narrower = gap !== null && Math.abs(gap + value) < Math.abs(gap);
    const way = wider ? "widened" : narrower ? "narrowed" : "changed";
    const wayZh = wider ? "扩大" : narrower ? "缩小" : "变化";
    return [
      {
        id: `gap-${about.name}-${slug}`,
        verdict: "fail",
        severity: wider ? "high" : "medium",
        text: {
          en: `**The gap in ${lowered(label.en)} between ${who.en} and ${other.en} has ${way}.** ${gap === null ? "" : `In the baseline it was ${decimalText(gap * 100, 1)} points; after it, ${decimalText((gap + value) * 100, 1)}: `}a change of ${decimalText(value * 100, 1)} points (${level} interval at all looks ${span}; adjusted ${pText(p)}). ${wider ? "Find out for which of the two it changed, and why, before further decisions are made." : "Check that the rates moved for the reason you think."}`,
          "zh-CN": `**${who["zh-CN"]}与${other["zh-CN"]}在${label["zh-CN"]}上的差距${wider || narrower ? `已${wayZh}` : `发生${wayZh}`}。** ${gap === null ? "" : `基线中为 ${decimalText(gap * 100, 1)} 个百分点，其后为 ${decimalText((gap + value) * 100, 1)}：`}变化 ${decimalText(value * 100, 1)} 个百分点（对所有查看时点成立的 ${level} 区间 ${spanZh}；校正后 ${pText(p)}）。${wider ? "在继续作出决定之前，应查明是其中哪一组发生了变化，以及原因。" : "请核实比率变动的原因是否如您所想。"}`,
        },
        ...shownBy,
      },
    ];
  }
  const way = value > 0 ? "risen" : "fallen";
  return [
    {
      id: `rate-${about.name}-${slug}`,
      verdict: "fail",
      severity: "medium",
      text: {
        en: `**${label.en} has ${way}${by === null ? " over all rows" : ` for ${plainText(by)} = ${who.en}`}.** ${before === null ? "" : `From ${percentText(before)} in the baseline to ${percentText(before + value)} after it: `}${size} points ${value > 0 ? "more" : "less"} (${level} interval of the change at all looks ${span}; adjusted ${pText(p)}; n = ${countText(measure.n ?? 0)} after the baseline). Look for what changed: who applies, how data are taken, or the model.`,
        "zh-CN": `**${by === null ? "全部行" : `${plainText(by)} = ${who["zh-CN"]} `}的${label["zh-CN"]}已${value > 0 ? "上升" : "下降"}。** ${before === null ? "" : `从基线的 ${percentText(before)} 变为其后的 ${percentText(before + value)}：`}${value > 0 ? "增加" : "减少"} ${size} 个百分点（变化量对所有查看时点成立的 ${level} 区间 ${spanZh}；校正后 ${pText(p)}；基线之后 n = ${countText(measure.n ?? 0)}）。应查明变化来自何处：申请人群、数据采集方式，还是模型。`,
      },
      ...shownBy,
    },
  ];
}

/** The gap in the baseline, from the two rates that stand among the measures. */
function gapBefore(
  measures: readonly Measure[],
  metric: string,
  by: string | null,
  own: string | null,
  other: string | null,
): number | null {
  if (by === null) return null;
  const rate = (value: string | null): number | null =>
    measures.find((one) => one.metric === metric && one.split === baselineSplit && one.group?.[by] === value)?.value ??
    null;
  const [a, b] = [rate(own), rate(other)];
  return a === null || b === null ? null : a - b;
}

function sameGroup(a: Measure, b: Measure): boolean {
  return JSON.stringify(a.group ?? null) === JSON.stringify(b.group ?? null);
}

/** Groups that could not be tested, named together. */
function untested(measures: readonly Measure[]): Finding[] {
  const metric = measures.some((one) => one.metric === "selection-rate-change")
    ? "selection-rate-change"
    : "mean-score-change";
  const found = measures.flatMap((measure, at) =>
    measure.metric === metric && measure.value === null && measure.group !== undefined ? [{ at, measure }] : [],
  );
  if (found.length === 0) return [];
  const told = [...new Set(found.map(({ measure }) => measure.reason ?? ""))].map((reason): LocalizedText => {
    const of = found.filter(({ measure }) => (measure.reason ?? "") === reason);
    const names = of.slice(0, 6).map(({ measure }) => groupText(Object.values(measure.group ?? {})));
    const more = of.length - names.length;
    const why = reasonOf(reason);
    return {
      en: `${names.map(({ en }) => en).join(", ")}${more > 0 ? ` and ${countText(more)} more` : ""} (${why.en})`,
      "zh-CN": `${names.map((name) => name["zh-CN"]).join("、")}${more > 0 ? `等 ${countText(of.length)} 组` : ""}（${why["zh-CN"]}）`,
    };
  });
  return [
    {
      id: "untested",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Some groups are not tested.** They are printed all the same: ${told.map(({ en }) => en).join("; ")}.`,
        "zh-CN": `**有些组未作检验。** 仍予列出：${told.map((one) => one["zh-CN"]).join("；")}。`,
      },
      measures: found.map(({ at }) => at),
    },
  ];
}

function undated(measures: readonly Measure[]): Finding[] {
  const at = measures.findIndex((one) => one.metric === "undated-count");
  const count = measures[at]?.value ?? 0;
  if (count === 0) return [];
  return [
    {
      id: "undated",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${countText(count)} ${count === 1 ? "row has" : "rows have"} no time that can be read.** They are left out. A time is written 2026-06-30, with or without a time of day; months and years may be written 2026-06 and 2026.`,
        "zh-CN": `**${countText(count)} 行没有可读的时间。** 这些行不计入。时间应写作 2026-06-30，可带时刻；按月或按年时可写作 2026-06 或 2026。`,
      },
      measures: [at],
    },
  ];
}
