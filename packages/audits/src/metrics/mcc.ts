import { type Confusion, everyCell, type Metric, sumOf } from "./metric.ts";

function formula({ tp, fp, fn, tn }: Confusion): number {
  const product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
  return product > 0 ? (tp * tn - fp * fn) / Math.sqrt(product) : Number.NaN;
}

/** With N / √P: ∂/∂c = N′/√P − N P′ / (2 P √P), where P′/P is the sum of 1/margin over the margins that hold c. */
function gradient(cells: Confusion): Confusion {
  const { tp, fp, fn, tn } = cells;
  const decided = tp + fp;
  const positive = tp + fn;
  const negative = tn + fp;
  const refused = tn + fn;
  const root = Math.sqrt(decided * positive * negative * refused);
  const half = formula(cells) / 2;
  return {
    tp: tn / root - half * (1 / decided + 1 / positive),
    fp: -fn / root - half * (1 / decided + 1 / negative),
    fn: -fp / root - half * (1 / positive + 1 / refused),
    tn: tp / root - half * (1 / negative + 1 / refused),
  };
}

export const mcc: Metric = {
  name: "mcc",
  label: { en: "Matthews correlation", "zh-CN": "马修斯相关系数" },
  meaning: {
    en: "the correlation of decision and label, from −1 to 1",
    "zh-CN": "决定与标签的相关系数，取值 −1 到 1",
  },
  range: [-1, 1],
  direction: "higher",
  needs: "both",
  shape: { kind: "table", kernel: "mcc", gradient },
  formula,
  rows: (cells) => sumOf(cells, everyCell),
  undefinedReason: "all labels or all decisions are the same",
  reference: {
    of: "mcc",
    citation: "B. W. Matthews, Biochimica et Biophysica Acta 405 (1975) 442–451",
    url: "https://doi.org/10.1016/0005-2795(75)90109-9",
  },
};
