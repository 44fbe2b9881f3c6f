import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../define.ts";
import { countText, decimalText, percentText, pText, significantText } from "../wording/index.ts";
import { columnsText, figureId, groupText, type Reading, ratesOf, slugsOf } from "./reading.ts";
import type { GroupSettings } from "./settings.ts";

/** A group that lies furthest to one side. */
export interface Extreme {
  readonly name: LocalizedText;
  readonly value: number;
}

/** How a gap in a metric is spoken of. */
export interface GapClaim {
  readonly metric: string;
  /** Of a metric of one class. */
  readonly class?: string;
  /** In the ids of the finding and its figure, where the metric's name is not enough. */
  readonly id?: string;
  /** False where no figure shows it. */
  readonly isDrawn?: boolean;
  /** points: a share (the default). number: in the metric's own unit, and `large` says which gap is one. */
  readonly unit?: "number" | "points";
  /** Gaps of numbers at least this wide are large; null: nothing says which. */
  readonly large?: number | null;
  /** Ends the sentence of numbers, such as how many other classes differ. */
  readonly beside?: LocalizedText;
  /** As it stands within a sentence. */
  readonly label: LocalizedText;
  /** Opens "… differ by race." */
  readonly subject: LocalizedText;
  readonly verb: "differ" | "differs";
  /** A clause with the values of the two groups that lie furthest apart. */
  readonly between: (most: Extreme, least: Extreme) => LocalizedText;
  /** What spreads over groups, where the two cannot be named. */
  readonly spread: LocalizedText;
  /** What to do where there is a gap. */
  readonly advice: LocalizedText;
}

/** A gap of this size is the one that sample sizes are told for. */
const telling = 0.1;

/** A gap in the unit of its claim, without the unit's name. */
function sizer(unit: GapClaim["unit"]): (gap: number) => string {
  return unit === "number" ? (gap) => significantText(gap) : (gap) => decimalText(gap * 100, 1);
}

/** A label within an English sentence: small letters, but for words of capitals and symbols. */
export function lowered(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}

/** Latin letters stand a space apart from the Chinese before them. */
export function apart(text: string): string {
  return /^[A-Za-z]/.test(text) ? ` ${text}` : text;
}

/** Of a gap whose interval keeps clear of 0 but which does not stand out among all tests: why both are so. Null of others. */
export function aloneText({ low, p, p_adjusted: adjusted }: Measure): LocalizedText | null {
  if (!((low ?? 0) > 0) || p === undefined || adjusted === undefined) return null;
  return {
    en: `By itself this gap would be more than chance (${pText(p)}); among all the tests of this audit one like it may still come by chance.`,
    "zh-CN": `单独来看，这一差距超出偶然（${pText(p)}）；但在本次审计的全部检验中，仍可能偶然出现一个这样的差距。`,
  };
}

/** The sentence about a metric's gap over the groups of some columns; none where the gap is not known. */
export function gapFinding(
  claim: GapClaim,
  by: readonly string[],
  reading: Reading,
  context: AuditContext<GroupSettings>,
  table: string,
): Finding[] {
  const { confidence, min_count: minCount } = context.input;
  const points = sizer(claim.unit);
  const unit = claim.unit === "number" ? { en: "", zh: " " } : { en: " points", zh: " 个百分点" };
  const of = claim.class === undefined ? {} : { class: claim.class };
  const place = reading.place({ metric: `${claim.metric}-difference`, by: [...by], ...of });
  const gap = place === null ? undefined : reading.measures[place];
  if (place === null || !gap || gap.value === null || gap.low === undefined || gap.high === undefined) return [];
  const rates = ratesOf(claim.metric, by, reading, claim.class).filter((rate) => rate.people >= minCount);
  const sorted = [...rates].sort((a, b) => b.value - a.value);
  const most = sorted[0];
  const least = sorted.at(-1);
  // Where only the largest groups are printed, the extreme ones may be unprinted: then the gap stands alone.
  const named =
    most &&
    least &&
    most !== least &&
    Math.abs(most.value - least.value - gap.value) <= 1e-12 * Math.max(1, Math.abs(gap.value));
  const columns = columnsText(by);
  const level = percentText(confidence, 0);
  const adjusted = gap.p_adjusted;
  // Without a test, the simultaneous interval says whether all groups may be equal.
  const significant = adjusted === undefined ? gap.low > 0 : adjusted < 1 - confidence;
  const size = points(gap.value);
  const beside = claim.beside ?? { en: "", "zh-CN": "" };
  const interval = { en: `${points(gap.low)} to ${points(gap.high)}`, zh: `${points(gap.low)} 至 ${points(gap.high)}` };
  const tested =
    adjusted === undefined
      ? { en: "", zh: "" }
      : { en: `; adjusted ${pText(adjusted)}`, zh: `；校正后 ${pText(adjusted)}` };
  const sure = {
    en: `${level} simultaneous interval ${interval.en}${tested.en}`,
    zh: `${level} 同时区间 ${interval.zh}${tested.zh}`,
  };
  const between =
    named && most && least
      ? claim.between(
          { name: groupText(most.values), value: most.value },
          { name: groupText(least.values), value: least.value },
        )
      : null;
  const counts = [most, least].map((one) => countText(one?.measure.n ?? 0));
  const numbers: LocalizedText = between
    ? {
        en: `${between.en}: a gap of ${size}${unit.en} (${sure.en}; n = ${counts[0]} and ${counts[1]}).${beside.en}`,
        "zh-CN": `${between["zh-CN"]}，相差 ${size}${unit.zh.trimEnd()}（${sure.zh}；n = ${counts[0]} 与 ${counts[1]}）。${beside["zh-CN"]}`,
      }
    : {
        en: `${claim.spread.en} spreads over ${size}${unit.en} (${sure.en}).${beside.en}`,
        "zh-CN": `${claim.spread["zh-CN"]}在各组间相差达 ${size}${unit.zh.trimEnd()}（${sure.zh}）。${beside["zh-CN"]}`,
      };
  const head = {
    id: `${claim.id ?? claim.metric}-gap-by-${slugsOf(context.roles).get(JSON.stringify(by)) ?? "group"}`,
    measures: [place, ...(named && most && least ? [most.place, least.place] : [])],
    ...(claim.isDrawn === false ? {} : { figure: figureId(claim.id ?? claim.metric, by, slugsOf(context.roles)) }),
    table,
  };
  if (significant) {
    const severity = severityOf(claim, gap.value, gap.low);
    return [
      {
        ...head,
        verdict: "info",
        severity,
        text: {
          en: `**${claim.subject.en} ${claim.verb} by ${columns}.** ${numbers.en} ${claim.advice.en}`,
          "zh-CN": `**${claim.subject["zh-CN"]}因 ${columns} 而异。** ${numbers["zh-CN"]}${claim.advice["zh-CN"]}`,
        },
      },
    ];
  }
  const chance = aloneText(gap) ?? {
    en: "Groups without any difference could show such a gap by chance.",
    "zh-CN": "即使各组毫无差异，也可能偶然出现这样的差距。",
  };
  const large = claim.unit === "number" ? (claim.large ?? null) : telling;
  const ruledOut = large !== null && gap.high <= large;
  return [
    {
      ...head,
      verdict: ruledOut ? "info" : "indeterminate",
      severity: "low",
      text: ruledOut
        ? {
            en: `**No large gap in ${claim.label.en} by ${columns}.** ${numbers.en} The data rule out a gap above ${points(gap.high)}${unit.en}.`,
            "zh-CN": `**按 ${columns}，${claim.label["zh-CN"]}没有大的差距。** ${numbers["zh-CN"]}数据排除了超过 ${points(gap.high)}${unit.zh}的差距。`,
          }
        : {
            en: `**Cannot tell yet whether ${claim.label.en} differs by ${columns}.** ${numbers.en} ${chance.en} A gap of up to ${points(gap.high)}${unit.en} is not ruled out.`,
            "zh-CN": `**尚不能判断${apart(claim.label["zh-CN"])}是否因 ${columns} 而异。** ${numbers["zh-CN"]}${chance["zh-CN"]}尚不能排除高达 ${points(gap.high)}${unit.zh}的差距。`,
          },
    },
  ];
}

/** Of shares, 10 points for sure and 5 points seen; of numbers, what the claim calls large, and half of it. */
function severityOf(claim: GapClaim, gap: number, low: number): Finding["severity"] {
  const large = claim.unit === "number" ? (claim.large ?? null) : telling;
  if (large === null) return "medium";
  return low >= large ? "high" : gap >= large / 2 ? "medium" : "low";
}
