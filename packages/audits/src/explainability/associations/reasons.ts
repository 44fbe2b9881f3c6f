import type { LocalizedText } from "@assay/schema";

/** Fewest rows that a value of a text needs to be a bin of the mutual information: no value of a bin is ever shown. */
export const leastInformative = 5;

/** Why a feature's information is not measured, or what of it is not; in measures they stand in English. */
export const reasons = {
  constant: { en: "constant", "zh-CN": "取值恒定" },
  noDecision: { en: "no row with a decision", "zh-CN": "没有带决定的行" },
  noValue: { en: "every value is missing", "zh-CN": "所有取值均缺失" },
  oneBin: { en: "nearly every row has the same value", "zh-CN": "几乎每行的取值都相同" },
  oneDecision: { en: "every decision is the same", "zh-CN": "所有决定都相同" },
  onlyMissing: {
    en: `every value of the text stands in fewer than ${leastInformative} rows: only whether it is missing is measured`,
    "zh-CN": `该文本的每个取值都不足 ${leastInformative} 行：只衡量了是否缺失`,
  },
  onlyRare: {
    en: `every value of the text stands in fewer than ${leastInformative} rows`,
    "zh-CN": `该文本的每个取值都不足 ${leastInformative} 行`,
  },
  tooMany: { en: "text with more than 65,536 different values", "zh-CN": "文本取值超过 65,536 种" },
} as const satisfies Record<string, LocalizedText>;

const byEnglish = new Map(Object.values(reasons).map((reason): [string, LocalizedText] => [reason.en, reason]));

/** A measure's reason in both languages. */
export function reasonText(reason: string): LocalizedText {
  return byEnglish.get(reason) ?? { en: reason, "zh-CN": reason };
}
