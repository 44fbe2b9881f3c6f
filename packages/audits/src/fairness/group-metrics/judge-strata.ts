import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { requiredMetric } from "../../groups/group-measures.ts";
import { columnsText, plainText, type Reading } from "../../groups/reading.ts";
import { decimalText, percentText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";
import { type StrataGap, strataFigureId, strataGaps } from "./strata-figures.ts";

/** Signed points with their sign. */
function signed(gap: number): string {
  return `${gap > 0 ? "+" : ""}${decimalText(gap * 100, 1)}`;
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
      other.metric !== gap.metric ||
      turnOf(other) !== "stays" ||
      Math.abs(other.aggregate.value) <= Math.abs(gap.aggregate.value),
  );
}

/** Simpson's paradox in plain words: where the gap over all rows and the gap within strata do not say the same. */
export function judgeStrata(reading: Reading, context: AuditContext<Input>): Finding[] {
  const control = columnsText(context.roles.control.map((role) => role.name));
  const level = percentText(context.input.confidence, 0);
  const gaps = strataGaps(reading, context);
  return gaps.flatMap((gap, position): Finding[] => {
    const turn = turnOf(gap);
    if (turn === null || (turn === "stays" && !isWidest(gap, gaps))) return [];
    const metric = requiredMetric(gap.metric);
    const label = { en: metric.label.en.toLowerCase(), zh: metric.label["zh-CN"] };
    const [value, comparator, column] = [gap.value, gap.comparator, gap.column].map(plainText);
    const span = (one: { low: number; high: number }): { en: string; zh: string } => ({
      en: `${signed(one.low)} to ${signed(one.high)}`,
      zh: `${signed(one.low)} 至 ${signed(one.high)}`,
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
    const apart = (one: number): string => `${one < 0 ? "低" : "高"} ${decimalText(Math.abs(one) * 100, 1)} 个百分点`;
    const facts: LocalizedText = {
      en: `Over all rows, ${value} stands at ${signed(gap.aggregate.value)} points against ${comparator} (${level} interval ${span(gap.aggregate).en}); compared within the same ${control} and pooled, at ${signed(gap.pooled.value)} points (${span(gap.pooled).en}).${direction.en}`,
      "zh-CN": `在全部行中，${value} 比 ${comparator} ${apart(gap.aggregate.value)}（${level} 区间 ${span(gap.aggregate).zh}）；在相同 ${control} 之内比较再合并，${apart(gap.pooled.value)}（${span(gap.pooled).zh}）。${direction.zh}`,
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
        ...(position < 12 ? { figure: strataFigureId(gap, context, position) } : {}),
      },
    ];
  });
}
