import { type ClassMetric, f1Of, noSlopes, scikitReport, supportMean } from "./class-metric.ts";

export const f1Weighted: ClassMetric = {
  name: "f1-weighted",
  label: { en: "F1, weighted average", "zh-CN": "F1（加权平均）" },
  meaning: {
    en: "the mean F1 of the classes, each counted by its rows",
    "zh-CN": "各类别 F1 的平均，按各类行数加权",
  },
  range: [0, 1],
  shape: { kind: "table" },
  formula: (sums) => supportMean(sums, f1Of),
  slopes: (sums) => {
    const slopes = noSlopes(sums);
    let value = 0;
    for (let index = 0; index < sums.truth.length; index++) {
      const truth = sums.truth[index] ?? 0;
      const margins = truth + (sums.predicted[index] ?? 0);
      if (!(margins > 0)) continue;
      const f1 = (2 * (sums.right[index] ?? 0)) / margins;
      const share = truth / sums.total;
      slopes.right[index] = (2 * share) / margins;
      slopes.truth[index] = f1 / sums.total - (share * f1) / margins;
      slopes.predicted[index] = (-share * f1) / margins;
      value += share * f1;
    }
    return { ...slopes, total: -value / sums.total };
  },
  undefinedReason: "no row with both label and prediction",
  reference: scikitReport("weighted F1"),
};
