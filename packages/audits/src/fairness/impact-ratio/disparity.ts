import type { Finding, LocalizedText } from "@assay/schema";
import { criticalValue } from "../../statistics/index.ts";
import { countText, decimalText, listText, percentText, pText, shareText } from "../../wording/index.ts";
import type { Compared } from "./compared.ts";
import { fourFifths } from "./figures.ts";
import type { RateKind } from "./kinds.ts";

type Told = Omit<Finding, "id">;

/** A category with a ratio to the highest rate. */
interface Judged extends Compared {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/** What all sentences about one grouping share. */
interface Setting {
  readonly kind: RateKind;
  readonly name: string;
  readonly confidence: number;
  readonly highest: Compared;
}

const eeoc: LocalizedText = {
  en: "Four fifths is the rule of thumb of the EEOC's guidance (29 CFR 1607.4(D)); Local Law 144 sets no line.",
  "zh-CN": "五分之四是 EEOC 指南（29 CFR 1607.4(D)）的经验法则，第 144 号地方法并未设定界线。",
};

/**
 * The sentence about one grouping's ratios. Every category's interval is judged, not only that of the lowest estimate:
 * a small category with a low and uncertain ratio must not hide a large one that is clearly under four fifths.
 */
export function disparity(
  categories: readonly Compared[],
  unknownOnly: boolean,
  kind: RateKind,
  by: readonly string[],
  confidence: number,
): Told {
  const name = by.join(" × ");
  const judged = categories.flatMap((one): Judged[] => {
    const { value, low = 0, high = Number.POSITIVE_INFINITY, p, p_adjusted = 1 } = one.ratio.measure;
    return value === null || p === undefined ? [] : [{ ...one, value, low, high, p: p_adjusted }];
  });
  judged.sort((a, b) => a.value - b.value);
  const highest = categories.find(({ ratio }) => ratio.measure.value === 1 && ratio.measure.p === undefined);
  const [lowest] = judged;
  if (!lowest || !highest) return notCompared(categories, unknownOnly, kind, name);
  const setting = { kind, name, confidence, highest };
  if (!kind.wanted) return unwanted(judged, lowest, setting);
  const under = judged.filter(({ high }) => high < fourFifths);
  const unclear = judged.filter(({ low, high }) => low < fourFifths && high >= fourFifths);
  if (under[0]) return clearlyUnder([under[0], ...under.slice(1)], unclear, setting);
  if (unclear[0]) return perhapsUnder([unclear[0], ...unclear.slice(1)], setting);
  const what = whatOf(kind);
  const numbers = numbersOf(lowest, setting);
  return {
    ...pointers([lowest], setting),
    verdict: "info",
    severity: "low",
    text: {
      en: `**${what.en} by ${name} lies under four fifths for no category compared.** The lowest: ${numbers.en} ${eeoc.en}`,
      "zh-CN": `**按 ${name} 比较，${what.short}影响比均不低于五分之四。**最低者：${numbers["zh-CN"]}${eeoc["zh-CN"]}`,
    },
  };
}

function notCompared(categories: readonly Compared[], unknownOnly: boolean, kind: RateKind, name: string): Told {
  const reason = ((): LocalizedText => {
    if (unknownOnly) {
      return {
        en: "No category is known: the people counted are all of an unknown one",
        "zh-CN": "没有已知的类别：所计人员的类别全部未知",
      };
    }
    if (categories.length === 0) return { en: "No outcome is known", "zh-CN": "没有已知的结果" };
    if (categories.some(({ ratio }) => ratio.measure.reason === "the highest rate is 0")) {
      return {
        en: `Nobody in the categories compared is known to ${kind.verb.en}`,
        "zh-CN": `所比较的类别中没有人${kind.verb["zh-CN"]}`,
      };
    }
    return { en: "Fewer than two categories can be compared", "zh-CN": "可比较的类别不足两个" };
  })();
  return {
    verdict: "indeterminate",
    severity: "low",
    measures: categories.map(({ ratio }) => ratio.index),
    text: {
      en: `**Cannot tell by ${name}.** ${reason.en}.`,
      "zh-CN": `**尚不能按 ${name} 判断。**${reason["zh-CN"]}。`,
    },
  };
}

/** Of a score that people do not want, an uneven spread is claimed only where the test finds one. */
function unwanted(judged: readonly Judged[], lowest: Judged, setting: Setting): Told {
  const { name, confidence } = setting;
  const direction: LocalizedText = {
    en: "The plan's favourable decision is the negative one, so a high score is not wanted here: the highest rate belongs to the category worst off, and four fifths does not apply.",
    "zh-CN": "计划中的有利决定是负类，因此高分在这里并非好事：得分率最高的类别处境最差，五分之四规则不适用。",
  };
  const [first, ...more] = judged.filter(({ p }) => p < 1 - confidence);
  if (!first) {
    const numbers = numbersOf(lowest, setting);
    return {
      ...pointers([lowest], setting),
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**No evidence that high scores fall unevenly by ${name}.** The lowest: ${numbers.en} That does not show that they fall evenly. ${direction.en}`,
        "zh-CN": `**没有证据表明高分在 ${name} 各类别间分布不均。**最低者：${numbers["zh-CN"]}这并不说明分布均匀。${direction["zh-CN"]}`,
      },
    };
  }
  const numbers = numbersOf(first, setting);
  const others = listOf(more, confidence);
  return {
    ...pointers([first, ...more], setting),
    verdict: "info",
    severity: "low",
    text: {
      en: `**High scores fall unevenly by ${name}.** ${numbers.en}${more.length > 0 ? ` Lower than the highest too: ${others.en}.` : ""} ${direction.en}`,
      "zh-CN": `**高分在 ${name} 各类别间分布不均。**${numbers["zh-CN"]}${more.length > 0 ? `同样低于最高者的还有：${others["zh-CN"]}。` : ""}${direction["zh-CN"]}`,
    },
  };
}

function clearlyUnder(
  under: readonly [Judged, ...(readonly Judged[])],
  unclear: readonly Judged[],
  setting: Setting,
): Told {
  const { kind, name, confidence } = setting;
  const what = whatOf(kind);
  const [first, ...more] = under;
  const numbers = numbersOf(first, setting);
  const others = listOf(more, confidence);
  const open = listOf(unclear, confidence);
  const also: LocalizedText = {
    en: `${more.length > 0 ? ` So does that of ${others.en}.` : ""}${unclear.length > 0 ? ` It cannot be told yet of ${open.en}.` : ""}`,
    "zh-CN": `${more.length > 0 ? `同样如此的还有：${others["zh-CN"]}。` : ""}${unclear.length > 0 ? `尚不能判断的有：${open["zh-CN"]}。` : ""}`,
  };
  return {
    ...pointers([...under, ...unclear], setting),
    verdict: "info",
    severity: "high",
    text: {
      en: `**${what.en} differs by ${name}.** ${numbers.en} The whole interval lies under four fifths, the rule of thumb of the EEOC's guidance (29 CFR 1607.4(D)); Local Law 144 sets no line.${also.en} Look for what in the process causes it, and whether it is needed for the job.`,
      "zh-CN": `**${what["zh-CN"]}因 ${name} 而异。**${numbers["zh-CN"]}整个区间低于五分之四，即 EEOC 指南（29 CFR 1607.4(D)）的经验法则；第 144 号地方法并未设定界线。${also["zh-CN"]}应查明流程中的原因，以及它是否为该职位所必需。`,
    },
  };
}

function perhapsUnder(unclear: readonly [Judged, ...(readonly Judged[])], setting: Setting): Told {
  const { kind, name, confidence } = setting;
  const what = whatOf(kind);
  const [first, ...more] = unclear;
  const numbers = numbersOf(first, setting);
  const others = listOf(more, confidence);
  const telling = ratioText(tellingRatio(first, setting));
  return {
    ...pointers(unclear, setting),
    verdict: "indeterminate",
    severity: "medium",
    text: {
      en: `**Cannot tell yet whether ${what.en.toLowerCase()} by ${name} lies under four fifths.** ${numbers.en}${more.length > 0 ? ` Nor can it be told of ${others.en}.` : ""} ${eeoc.en} With this many people${more.length > 0 ? ` of “${first.label.en}”` : ""} a ratio shows as clearly under it only below about ${telling}.`,
      "zh-CN": `**尚不能判断按 ${name} 的${what.short}影响比是否低于五分之四。**${numbers["zh-CN"]}${more.length > 0 ? `同样不能判断的还有：${others["zh-CN"]}。` : ""}${eeoc["zh-CN"]}以${more.length > 0 ? `“${first.label["zh-CN"]}”` : ""}目前的人数，影响比大约低于 ${telling} 时才能看出明显低于该线。`,
    },
  };
}

function whatOf(kind: RateKind): { readonly en: string; readonly "zh-CN": string; readonly short: string } {
  return kind.id === "selection"
    ? { en: "Selection", "zh-CN": "获得有利决定的机会", short: "选择" }
    : { en: "Scoring", "zh-CN": "得分", short: "得分" };
}

function pointers(told: readonly Compared[], { highest }: Setting): Pick<Told, "measures"> {
  return { measures: [...told.flatMap(({ ratio, rate }) => [ratio.index, rate.index]), highest.rate.index] };
}

/** Both rates, their ratio, its interval, test and sizes. */
function numbersOf(one: Judged, { kind, confidence, highest }: Setting): LocalizedText {
  const rates = [one, highest].map(({ rate }) => percentText(rate.measure.value ?? 0));
  const counts = [one, highest].map(({ rate }) => countText(rate.measure.n ?? 0));
  const percent = shareText(confidence);
  return {
    en: `${rates[0]} of “${one.label.en}” ${kind.verb.en} and ${rates[1]} of “${highest.label.en}”, an impact ratio of ${ratioText(one.value)} (${percent} interval ${ratioText(one.low)} to ${upper(one)}; Fisher's exact test, adjusted ${pText(one.p)}; n = ${counts[0]} and ${counts[1]}).`,
    "zh-CN": `“${one.label["zh-CN"]}”中有 ${rates[0]} 的人${kind.verb["zh-CN"]}，“${highest.label["zh-CN"]}”中为 ${rates[1]}，影响比为 ${ratioText(one.value)}（${percent} 区间 ${ratioText(one.low)} 至 ${upper(one)}；Fisher 精确检验，校正后 ${pText(one.p)}；n = ${counts[0]} 与 ${counts[1]}）。`,
  };
}

/** Further categories, each with its ratio, interval and size. */
function listOf(some: readonly Judged[], confidence: number): LocalizedText {
  const percent = shareText(confidence);
  const n = ({ rate }: Judged): string => countText(rate.measure.n ?? 0);
  return {
    en: listText(
      some.map(
        (one) =>
          `“${one.label.en}” (ratio ${ratioText(one.value)}, ${percent} interval ${ratioText(one.low)} to ${upper(one)}; n = ${n(one)})`,
      ),
    ).en,
    "zh-CN": listText(
      some.map(
        (one) =>
          `“${one.label["zh-CN"]}”（影响比 ${ratioText(one.value)}，${percent} 区间 ${ratioText(one.low)} 至 ${upper(one)}；n = ${n(one)}）`,
      ),
    )["zh-CN"],
  };
}

function upper({ high }: Judged): string {
  return Number.isFinite(high) ? ratioText(high) : "∞";
}

/** Two decimals, or as many more, up to four, as show on which side of four fifths the number lies: 0.7986 → `0.799`. */
function ratioText(ratio: number): string {
  const decimals = [2, 3, 4].find((some) => Number(ratio.toFixed(some)) < fourFifths === ratio < fourFifths) ?? 4;
  return decimalText(ratio, decimals);
}

/** The estimate whose interval just stays under four fifths at these sizes, on the log scale of Katz et al. (1978). */
function tellingRatio(one: Compared, { highest, confidence }: Setting): number {
  const top = highest.rate.measure.value ?? 0;
  const rate = Math.max(fourFifths * top, Number.EPSILON);
  const n = Math.max(1, one.rate.measure.n ?? 1);
  const m = Math.max(1, highest.rate.measure.n ?? 1);
  const error = Math.sqrt((1 - rate) / (n * rate) + (1 - top) / (m * Math.max(top, Number.EPSILON)));
  return fourFifths * Math.exp(-criticalValue(confidence) * error);
}
