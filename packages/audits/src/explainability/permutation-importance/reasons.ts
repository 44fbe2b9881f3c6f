import type { LocalizedText } from "@assay/schema";

/** Why a number is not known. */
export const reasons = {
  noBase: {
    en: "the score is not defined on these rows: no label, one class only, or scores that are no probabilities",
    "zh-CN": "这些行上无法计算该指标：没有标签，只有一个类别，或分数不是概率",
  },
} as const satisfies Record<string, LocalizedText>;
