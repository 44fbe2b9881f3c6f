import type { Figure, Measure } from "@assay/schema";
import { percentText } from "../../wording/index.ts";
import type { ImportanceScore } from "./scores/index.ts";
import type { ImportanceInput } from "./settings.ts";

/** Features beyond these are in the table. */
const mostShown = 25;

export function importanceFigure(
  measures: readonly Measure[],
  score: ImportanceScore,
  input: ImportanceInput,
): Figure | null {
  const rows = measures
    .filter((measure) => measure.metric === "permutation-importance" && measure.value !== null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  if (rows.length === 0) return null;
  const shown = rows.slice(0, mostShown);
  const more = rows.length - shown.length;
  const level = percentText(input.confidence, 0);
  return {
    kind: "intervals",
    id: "importance",
    title: { en: "What the model needs", "zh-CN": "模型依赖哪些特征" },
    caption: {
      en: `How much ${score.label.en} ${score.direction === "higher" ? "falls" : "rises"} when a feature is shuffled over the rows, mean of ${input.repeats} shuffles, with its ${level} interval over rows and shuffles. 0: the model does as well without it.${more > 0 ? ` ${more} more are in the table.` : ""}`,
      "zh-CN": `打乱某一特征后${score.label["zh-CN"]}${score.direction === "higher" ? "下降" : "上升"}多少：${input.repeats} 次打乱的平均值，以及涵盖行与打乱的 ${level} 区间。0 表示没有它模型同样好。${more > 0 ? `另有 ${more} 个特征见表。` : ""}`,
    },
    unit: "number",
    xTitle:
      score.direction === "higher"
        ? { en: `Loss of ${score.label.en}`, "zh-CN": `${score.label["zh-CN"]}的下降` }
        : { en: `Rise of ${score.label.en}`, "zh-CN": `${score.label["zh-CN"]}的上升` },
    rows: shown.map((measure) => ({
      label: { en: measure.feature ?? "", "zh-CN": measure.feature ?? "" },
      value: measure.value,
      low: measure.low ?? null,
      high: measure.high ?? null,
      n: measure.n ?? null,
      few: false,
    })),
    reference: { value: 0, label: { en: "not needed", "zh-CN": "不依赖" } },
  };
}
