import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { lowered } from "../../groups/gap-finding.ts";
import { columnsText, groupText, plainText, type Reading } from "../../groups/reading.ts";
import { countText, decimalText, listText, percentText, significantText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";
import { mostFigures, type StrataGap, type StratifiedMetric, strataFigureId, strataGaps } from "./strata-figures.ts";

/** A gap without its sign: points, or the metric's own unit. */
function sizeOf(gap: number, unit: StratifiedMetric["unit"]): string {
  return unit === "points" ? decimalText(Math.abs(gap) * 100, 1) : significantText(Math.abs(gap));
}

/** A gap with its sign. */
function signed(gap: number, unit: StratifiedMetric["unit"]): string {
  return `${gap > 0 ? "+" : gap < 0 ? "−" : ""}${sizeOf(gap, unit)}`;
}

type Turn = "reverses" | "vanishes" | "hidden" | "stays";

/** What becomes of a gap within strata; null where neither side is clear, or where they differ in width alone. */
function turnOf({ aggregate, pooled }: StrataGap): Turn | null {
  const clear = (gap: { low: number; high: number }): boolean => gap.low > 0 || gap.high < 0;
  const opposite = Math.sign(aggregate.value) * Math.sign(pooled.value) < 0;
  const [overall, within] = [Math.abs(aggregate.value), Math.abs(pooled.value)];
  if (clear(aggregate)) {
    // The sign alone tells nothing: a pooled gap whose interval holds zero has not turned round, it is gone.
    if (clear(pooled)) return opposite ? "reverses" : "stays";
    return opposite || within < overall / 2 ? "vanishes" : null;
  }
  return clear(pooled) && (opposite || overall < within / 2) ? "hidden" : null;
}

/** A gap that turns round or goes changes how every other number reads. */
const severities = { reverses: "high", vanishes: "high", hidden: "medium", stays: "low" } as const satisfies Record<
  Turn,
  Finding["severity"]
>;

/** Gaps that stay as they are would say the same of every group: the widest of a column and metric speaks for all. */
function isWidest(gap: StrataGap, gaps: readonly StrataGap[]): boolean {
  return gaps.every(
    (other) =>
      other === gap ||
      other.column !== gap.column ||
      other.metric.name !== gap.metric.name ||
      turnOf(other) !== "stays" ||
      Math.abs(other.aggregate.value) <= Math.abs(gap.aggregate.value),
  );
}

/** Simpson's paradox in plain words: where the gap over all rows and the gap within strata do not say the same. */
export function judgeStrata(
  reading: Reading,
  metrics: readonly StratifiedMetric[],
  context: AuditContext<Input>,
): Finding[] {
  if (metrics.length === 0) return [];
  const control = columnsText(context.roles.control.map((role) => role.name));
  const level = percentText(context.input.confidence, 0);
  const gaps = strataGaps(reading, metrics);
  const turns = gaps.flatMap((gap, position): Finding[] => {
    const turn = turnOf(gap);
    // Of single classes only what turns is told: what stays as it is would be told for each.
    const isTold = turn !== "stays" || (gap.metric.class === undefined && isWidest(gap, gaps));
    if (turn === null || !isTold) return [];
    const { label: name, unit } = gap.metric;
    const label = { en: lowered(name.en), zh: name["zh-CN"] };
    const [value, comparator, column] = [gap.value, gap.comparator, gap.column].map(plainText);
    const span = (one: { low: number; high: number }): { en: string; zh: string } => ({
      en: `${signed(one.low, unit)} to ${signed(one.high, unit)}`,
      zh: `${signed(one.low, unit)} 至 ${signed(one.high, unit)}`,
    });
    const towards = gap.strata.filter((one) => one.gap.value * gap.aggregate.value < 0).length;
    const counted = gap.strata.length;
    const direction =
      counted === 0
        ? { en: "", zh: "" }
        : {
            en: ` In ${towards === 0 ? "none" : towards} of ${counted} strata the gap points the other way than over all rows.`,
            zh:
              towards === 0
                ? `${counted} 个层的方向都与全部行相同。`
                : `${counted} 个层中有 ${towards} 个的方向与全部行相反。`,
          };
    const points = unit === "points" ? " points" : "";
    const away = (one: number): string =>
      `${one < 0 ? "低" : "高"} ${sizeOf(one, unit)}${unit === "points" ? " 个百分点" : ""}`;
    const facts: LocalizedText = {
      en: `Over all rows, ${value} stands at ${signed(gap.aggregate.value, unit)}${points} against ${comparator} (${level} interval ${span(gap.aggregate).en}); compared within the same ${control} and pooled, at ${signed(gap.pooled.value, unit)}${points} (${span(gap.pooled).en}).${direction.en}`,
      "zh-CN": `在全部行中，${value} 比 ${comparator} ${away(gap.aggregate.value)}（${level} 区间 ${span(gap.aggregate).zh}）；在相同 ${control} 之内比较再合并，${away(gap.pooled.value)}（${span(gap.pooled).zh}）。${direction.zh}`,
    };
    const words: Record<Turn, { claim: LocalizedText; advice: LocalizedText }> = {
      reverses: {
        claim: {
          en: `The gap in ${label.en} by ${column} turns round within ${control}.`,
          "zh-CN": `${label.zh}在 ${column} 上的差距，在 ${control} 之内发生反转。`,
        },
        advice: {
          en: `The groups are spread differently over ${control}, whose rates differ: this is Simpson's paradox. Neither number alone is the answer; ask whether the spread over ${control} is itself fair.`,
          "zh-CN": `各组在 ${control} 上的分布不同，而各层的比率本就有高低：这就是辛普森悖论。任何一个数字都不能单独作为结论；还应追问各组在 ${control} 上的分布本身是否公平。`,
        },
      },
      vanishes: {
        claim: {
          en: `The gap in ${label.en} by ${column} is not seen within ${control}.`,
          "zh-CN": `${label.zh}在 ${column} 上的差距，在 ${control} 之内看不到。`,
        },
        advice: {
          en: `The groups are spread differently over ${control}, whose rates differ, and that accounts for it: this is Simpson's paradox. Neither number alone is the answer; ask whether the spread over ${control} is itself fair.`,
          "zh-CN": `各组在 ${control} 上的分布不同，而各层的比率本就有高低，差距由此而来：这就是辛普森悖论。任何一个数字都不能单独作为结论；还应追问各组在 ${control} 上的分布本身是否公平。`,
        },
      },
      hidden: {
        claim: {
          en: `A gap in ${label.en} by ${column} appears only within ${control}.`,
          "zh-CN": `${label.zh}在 ${column} 上的差距，只有在 ${control} 之内才显现。`,
        },
        advice: {
          en: `The total hides it, since the groups are spread differently over ${control}; judge by the strata.`,
          "zh-CN": `由于各组在 ${control} 上的分布不同，总数把它掩盖了；应分层判断。`,
        },
      },
      stays: {
        claim: {
          en: `The gap in ${label.en} by ${column} remains within ${control}.`,
          "zh-CN": `${label.zh}在 ${column} 上的差距，在 ${control} 之内依然存在。`,
        },
        advice: {
          en: `${control} does not account for it.`,
          "zh-CN": `${control} 不足以解释这一差距。`,
        },
      },
    };
    const { claim, advice } = words[turn];
    return [
      {
        id: `within-strata-${position + 1}`,
        verdict: "info",
        severity: severities[turn],
        text: {
          en: `**${claim.en}** ${facts.en} ${advice.en}`,
          "zh-CN": `**${claim["zh-CN"]}** ${facts["zh-CN"]}${advice["zh-CN"]}`,
        },
        measures: [...gap.measures],
        ...(position < mostFigures ? { figure: strataFigureId(gap, context, position) } : {}),
      },
    ];
  });
  return [...turns, ...smallStrata(reading, metrics, context)];
}

const mostNamed = 8;

/** Strata in which a group is too small, or stands alone: they are named, and their own gap is no verdict. */
function smallStrata(reading: Reading, metrics: readonly StratifiedMetric[], context: AuditContext<Input>): Finding[] {
  const [metric] = metrics;
  const { min_count: minCount } = context.input;
  if (!metric) return [];
  return context.roles.protected.flatMap(({ name: column }, index): Finding[] => {
    const strata = new Map<
      string,
      { values: readonly (string | null)[]; least: number; groups: number; places: number[] }
    >();
    for (const [place, measure] of reading.measures.entries()) {
      const { stratum, group } = measure;
      if (measure.metric !== metric.name || measure.class !== metric.class || !stratum || !group) continue;
      if (Object.keys(group).join() !== column || group[column] === null) continue;
      const values = Object.values(stratum);
      const key = JSON.stringify(values);
      const held = strata.get(key) ?? { values, least: Number.POSITIVE_INFINITY, groups: 0, places: [] };
      held.places.push(place);
      strata.set(key, {
        ...held,
        least: Math.min(held.least, measure.n ?? 0),
        groups: held.groups + ((measure.n ?? 0) > 0 ? 1 : 0),
      });
    }
    const small = [...strata.values()].filter(({ least, groups }) => groups < 2 || least < minCount);
    if (small.length === 0) return [];
    const parts = (language: "en" | "zh-CN"): string[] =>
      small.slice(0, mostNamed).map(({ values, least, groups }) => {
        const text = groupText(values)[language];
        if (groups < 2) return language === "en" ? `${text} (one group alone)` : `${text}（只有一个组）`;
        return language === "en" ? `${text} (n = ${countText(least)})` : `${text}（n = ${countText(least)}）`;
      });
    const rest = small.length - Math.min(small.length, mostNamed);
    const control = columnsText(context.roles.control.map((role) => role.name));
    const one = small.length === 1;
    return [
      {
        id: `small-strata-${index + 1}`,
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: `**${one ? "One stratum" : `${countText(small.length)} strata`} of ${control} ${one ? "is" : "are"} too small to compare groups of ${plainText(column)} in.** ${listText([...parts("en"), ...(rest > 0 ? [`${countText(rest)} more`] : [])]).en}: a group with fewer than ${countText(minCount)} rows, or none, tells nothing by itself. Rows of both groups still enter the pooled gap.`,
          "zh-CN": `**${control} 中有 ${countText(small.length)} 个层太小，无法在层内按 ${plainText(column)} 比较。** ${listText([...parts("zh-CN"), ...(rest > 0 ? [`另外 ${countText(rest)} 个层`] : [])])["zh-CN"]}：某个组不足 ${countText(minCount)} 行或没有行，单看这一层说明不了问题。两组都有的行仍计入合并后的差距。`,
        },
        measures: small.flatMap(({ places }) => places).slice(0, 50),
      },
    ];
  });
}
