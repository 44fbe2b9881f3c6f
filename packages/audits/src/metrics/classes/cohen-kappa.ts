import { type ClassMetric, noSlopes } from "./class-metric.ts";

export const cohenKappa: ClassMetric = {
  name: "cohen-kappa",
  label: { en: "Cohen's kappa", "zh-CN": "科恩 κ 系数" },
  meaning: {
    en: "the agreement of prediction and label beyond chance, at most 1",
    "zh-CN": "预测与标签在扣除偶然之后的一致程度，最大为 1",
  },
  range: [-1, 1],
  shape: { kind: "table" },
  formula: ({ total, right, truth, predicted }) => {
    let agreed = 0;
    let chance = 0;
    for (let index = 0; index < truth.length; index++) {
      agreed += right[index] ?? 0;
      chance += ((truth[index] ?? 0) * (predicted[index] ?? 0)) / total;
    }
    return total - chance > 0 ? (agreed - chance) / (total - chance) : Number.NaN;
  },
  slopes: (sums) => {
    const { total, right, truth, predicted } = sums;
    const slopes = noSlopes(sums);
    let agreed = 0;
    let chance = 0;
    for (let index = 0; index < truth.length; index++) {
      agreed += right[index] ?? 0;
      chance += ((truth[index] ?? 0) * (predicted[index] ?? 0)) / total;
    }
    const room = total - chance;
    const byChance = (agreed - total) / room / room;
    for (let index = 0; index < truth.length; index++) {
      slopes.right[index] = 1 / room;
      slopes.truth[index] = (byChance * (predicted[index] ?? 0)) / total;
      slopes.predicted[index] = (byChance * (truth[index] ?? 0)) / total;
    }
    return { ...slopes, total: -(agreed - chance) / room / room - (byChance * chance) / total };
  },
  undefinedReason: "all labels and all predictions are the same",
  reference: {
    of: "cohen-kappa",
    citation: "J. Cohen, Educational and Psychological Measurement 20 (1960) 37–46",
    url: "https://doi.org/10.1177/001316446002000104",
  },
};
