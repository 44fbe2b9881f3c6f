import { type Confusion, everyCell, type Metric, sumOf } from "./metric.ts";

/** κ = 2 (tp·tn − fp·fn) / ((tp + fp)(fp + tn) + (tp + fn)(fn + tn)). */
function formula({ tp, fp, fn, tn }: Confusion): number {
  const below = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn);
  return below > 0 ? (2 * (tp * tn - fp * fn)) / below : Number.NaN;
}

function gradient(cells: Confusion): Confusion {
  const { tp, fp, fn, tn } = cells;
  const below = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn);
  const value = formula(cells);
  return {
    tp: (2 * tn - value * (fp + tn + (fn + tn))) / below,
    fp: (-2 * fn - value * (fp + tn + (tp + fp))) / below,
    fn: (-2 * fp - value * (fn + tn + (tp + fn))) / below,
    tn: (2 * tp - value * (tp + fp + (tp + fn))) / below,
  };
}

export const cohenKappa: Metric = {
  name: "cohen-kappa",
  label: { en: "Cohen's kappa", "zh-CN": "科恩 κ 系数" },
  meaning: {
    en: "the agreement of decision and label beyond chance, at most 1",
    "zh-CN": "决定与标签在扣除偶然之后的一致程度，最大为 1",
  },
  range: [-1, 1],
  direction: "higher",
  needs: "both",
  shape: { kind: "table", kernel: "cohen-kappa", gradient },
  formula,
  rows: (cells) => sumOf(cells, everyCell),
  undefinedReason: "all labels and all decisions are the same",
  reference: {
    of: "cohen-kappa",
    citation: "J. Cohen, Educational and Psychological Measurement 20 (1960) 37–46",
    url: "https://doi.org/10.1177/001316446002000104",
  },
};
