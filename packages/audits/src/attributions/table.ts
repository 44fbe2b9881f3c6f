import type { Table } from "@assay/schema";
import { criticalValue } from "../statistics/index.ts";
import type { AttributionWords, FeatureShare } from "./attribution.ts";

export function attributionTable(
  shares: readonly FeatureShare[],
  rows: number,
  { table, magnitude }: AttributionWords,
  confidence: number,
): Table {
  const total = shares.reduce((sum, share) => sum + share.magnitude, 0);
  const z = criticalValue(confidence);
  const sorted = [...shares].sort((a, b) => b.magnitude - a.magnitude);
  return {
    id: table,
    title: { en: "Every feature", "zh-CN": "全部特征" },
    caption: {
      en: `How far each feature moves an output on average, whichever way (${lowered(magnitude.en)}) with its interval over rows; its share of all movement; and the mean with its sign.`,
      "zh-CN": `每个特征平均把输出移动多远，不论方向（${magnitude["zh-CN"]}）及其在各行间的区间；占全部移动的比例；以及带符号的均值。`,
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

function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
