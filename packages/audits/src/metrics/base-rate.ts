import { everyCell, fawcett, rateMetric } from "./metric.ts";

export const baseRate = rateMetric({
  name: "base-rate",
  label: { en: "Base rate", "zh-CN": "基准率" },
  meaning: { en: "of all rows, the share whose label is positive", "zh-CN": "在全部行中，标签为正的比例" },
  direction: "none",
  needs: "label",
  share: { of: ["tp", "fn"], among: everyCell },
  undefinedReason: "no row with a label",
  reference: fawcett("base rate"),
});
