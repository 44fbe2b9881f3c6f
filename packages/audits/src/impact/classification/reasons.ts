import type { LocalizedText } from "@assay/schema";

/** Why a measure is unknown, as it stands on the measure, and in Chinese for tables. */
const chinese: Readonly<Record<string, string>> = {
  "all labels and all predictions are the same": "所有标签与预测都相同",
  "all labels or all predictions are the same": "所有标签相同，或所有预测相同",
  "class has no rows": "该类没有行",
  "class never predicted": "从未预测过该类",
  "no row with a positive label": "没有正例",
  "no row with both label and prediction": "没有同时具备标签与预测的行",
  "no row with both label and score": "没有同时具备标签与分数的行",
  "rows of only one label": "只有一种标签的行",
  "only rows of weight 0": "只有权重为 0 的行",
  "score outside [0, 1] is no probability": "分数超出 [0, 1]，不是概率",
};

export function reasonText(reason: string): LocalizedText {
  return { en: reason, "zh-CN": chinese[reason] ?? reason };
}
