import { everyCell, fawcett, rateMetric } from "./metric.ts";

export const selectionRate = rateMetric({
  name: "selection-rate",
  label: { en: "Selection rate", "zh-CN": "选中率" },
  meaning: { en: "of all rows, the share decided positive", "zh-CN": "在全部行中，被判为正的比例" },
  direction: "none",
  needs: "decision",
  share: { of: ["tp", "fp"], among: everyCell },
  undefinedReason: "no row with a decision",
  reference: fawcett("selection rate"),
});
