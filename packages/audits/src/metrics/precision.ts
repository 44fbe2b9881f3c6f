import { fawcett, rateMetric } from "./metric.ts";

export const precision = rateMetric({
  name: "precision",
  label: { en: "Precision", "zh-CN": "精确率" },
  meaning: {
    en: "of rows decided positive, the share whose label is positive",
    "zh-CN": "在被判为正的行中，标签确为正的比例",
  },
  direction: "higher",
  needs: "both",
  share: { of: ["tp"], among: ["tp", "fp"] },
  undefinedReason: "no row decided positive",
  reference: fawcett("precision"),
});
