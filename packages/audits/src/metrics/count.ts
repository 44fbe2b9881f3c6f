import { everyCell, type Metric, sumOf } from "./metric.ts";

export const count: Metric = {
  name: "count",
  label: { en: "People", "zh-CN": "人数" },
  meaning: { en: "the number of rows", "zh-CN": "行数" },
  range: [0, Number.POSITIVE_INFINITY],
  direction: "none",
  needs: "rows",
  shape: { kind: "count" },
  formula: (cells) => sumOf(cells, everyCell),
  rows: (cells) => sumOf(cells, everyCell),
  undefinedReason: "no rows",
  reference: { of: "count", citation: "a count of the rows read", url: "https://www.w3.org/TR/vocab-data-cube/" },
};
