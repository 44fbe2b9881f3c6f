import type { Measure, Table } from "@assay/schema";
import { reasons } from "./reasons.ts";
import type { ImportanceScore } from "./scores/index.ts";
import type { ImportanceInput } from "./settings.ts";
import type { ImportanceSummary } from "./summary.ts";

export function importanceTable(
  measures: readonly Measure[],
  summary: ImportanceSummary,
  score: ImportanceScore,
  input: ImportanceInput,
): Table {
  const rows = measures
    .filter((measure) => measure.metric === "permutation-importance")
    .sort((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY));
  return {
    id: "importance",
    title: { en: "Every feature", "zh-CN": "全部特征" },
    caption: {
      en: `The change of ${score.label.en} by shuffling, its interval, the standard deviation over ${input.repeats} shuffles, and the p of a one-sided test that the model needs the feature, adjusted by Holm.`,
      "zh-CN": `打乱后${score.label["zh-CN"]}的变化及其区间、${input.repeats} 次打乱之间的标准差，以及“模型依赖该特征”的单侧检验 p 值（按 Holm 法校正）。`,
    },
    columns: [
      { title: { en: "Feature", "zh-CN": "特征" }, format: "text" },
      { title: { en: "Importance", "zh-CN": "重要性" }, format: "number" },
      { title: { en: "Between shuffles", "zh-CN": "打乱之间" }, format: "number" },
      { title: { en: "p", "zh-CN": "p" }, format: "p" },
      { title: { en: "Adjusted p", "zh-CN": "校正 p" }, format: "p" },
      { title: { en: "Remark", "zh-CN": "说明" }, format: "text" },
    ],
    rows: rows.map((measure) => ({
      few: false,
      cells: [
        measure.feature ?? "",
        measure.value === null ? null : { value: measure.value, low: measure.low ?? null, high: measure.high ?? null },
        measure.value === null ? null : deviation(summary.features[measure.feature ?? ""]?.repeats ?? []),
        measure.p ?? null,
        measure.p_adjusted ?? null,
        measure.value === null ? reasons.noBase : null,
      ],
    })),
  };
}

function deviation(repeats: readonly (number | null)[]): number | null {
  const values = repeats.filter((value) => value !== null);
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
