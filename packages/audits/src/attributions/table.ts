import type { Table } from "@assay/schema";
import { criticalValue } from "../../statistics/index.ts";
import type { FeatureShare } from "./conclude.ts";
import type { ShapleyInput } from "./settings.ts";

export function shapleyTable(shares: readonly FeatureShare[], rows: number, input: ShapleyInput): Table {
  const total = shares.reduce((sum, share) => sum + share.magnitude, 0);
  const z = criticalValue(input.confidence);
  const sorted = [...shares].sort((a, b) => b.magnitude - a.magnitude);
  return {
    id: "shapley",
    title: { en: "Every feature", "zh-CN": "全部特征" },
    caption: {
      en: "How far each feature moves an output on average, whichever way (mean absolute Shapley value) with its interval over rows; its share of all movement; and the mean with its sign.",
      "zh-CN":
        "每个特征平均把输出移动多远，不论方向（Shapley 绝对值的均值）及其在各行间的区间；占全部移动的比例；以及带符号的均值。",
    },
    columns: [
      { title: { en: "Feature", "zh-CN": "特征" }, format: "text" },
      { title: { en: "Mean |value|", "zh-CN": "绝对值均值" }, format: "number" },
      { title: { en: "Share", "zh-CN": "比例" }, format: "percent" },
      { title: { en: "Mean", "zh-CN": "均值" }, format: "number" },
      { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
    ],
    rows: sorted.map((share) => ({
      few: false,
      cells: [
        share.name,
        {
          value: share.magnitude,
          low: rows > 1 ? Math.max(0, share.magnitude - z * share.error) : null,
          high: rows > 1 ? share.magnitude + z * share.error : null,
        },
        total > 0 ? share.magnitude / total : null,
        share.mean,
        rows,
      ],
    })),
  };
}
