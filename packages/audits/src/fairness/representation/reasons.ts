import type { LocalizedText } from "@assay/schema";
import { leastInBin, mostProxied } from "./limits.ts";

/** Why a feature is not measured as a proxy; in measures they stand in English. */
export const reasons = {
  constant: { en: "nearly every row has the same value", "zh-CN": "几乎每行的取值都相同" },
  fewLabels: { en: "too few people with a known label", "zh-CN": "标签已知的人太少" },
  noFeature: { en: "no feature tells people apart", "zh-CN": "没有能区分人的特征" },
  noGroup: { en: "no row of a known group", "zh-CN": "没有已知组的行" },
  noTwins: { en: "no two people are alike in every feature", "zh-CN": "没有两个人的所有特征都相同" },
  oneGroup: { en: "all rows are of one group", "zh-CN": "所有行都属于同一组" },
  oneText: {
    en: `one value alone, or every value stands in fewer than ${leastInBin} rows`,
    "zh-CN": `只有一个取值，或每个取值都不足 ${leastInBin} 行`,
  },
  tooManyGroups: { en: `more than ${mostProxied} groups`, "zh-CN": `超过 ${mostProxied} 个组` },
  tooManyTexts: { en: "text with more than 65,536 different values", "zh-CN": "文本取值超过 65,536 种" },
} as const satisfies Record<string, LocalizedText>;

const byEnglish = new Map(Object.values(reasons).map((reason): [string, LocalizedText] => [reason.en, reason]));

/** A measure's reason in both languages. */
export function reasonText(reason: string): LocalizedText {
  return byEnglish.get(reason) ?? { en: reason, "zh-CN": reason };
}
