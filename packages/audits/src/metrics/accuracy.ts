import { everyCell, fawcett, rateMetric } from "./metric.ts";

export const accuracy = rateMetric({
  name: "accuracy",
  label: { en: "Accuracy", "zh-CN": "准确率" },
  meaning: { en: "of all rows, the share decided as their label says", "zh-CN": "在全部行中，决定与标签一致的比例" },
  direction: "higher",
  needs: "both",
  share: { of: ["tp", "tn"], among: everyCell },
  undefinedReason: "no row with both label and decision",
  reference: fawcett("accuracy"),
});
