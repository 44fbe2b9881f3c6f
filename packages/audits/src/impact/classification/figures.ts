import type { Figure, Measure, TableCell } from "@assay/schema";
import type { ClassTable } from "../../metrics/classes/index.ts";
import { type ReliabilityBin, reliabilityBins } from "../../statistics/reliability.ts";
import { isProbability, rocPoints, type ScoreCurve } from "../../statistics/score-curve.ts";
import { wilson } from "../../statistics/wilson.ts";
import { decimalText, percentText } from "../../wording/index.ts";

/** Cells thinner than this are hatched. */
const few = 10;
/** A heat map of more classes cannot be read. */
const mostDrawn = 20;

export function scoreFigures(
  curve: ScoreCurve,
  names: readonly [string, string],
  measures: readonly Measure[],
  options: { readonly bins: number; readonly confidence: number },
): Figure[] {
  const figures: Figure[] = [];
  const points = rocPoints(curve, 512);
  const auc = measures.find((measure) => measure.metric === "roc-auc");
  if (points && auc?.value != null) {
    const level = percentText(options.confidence, 0);
    const span = `${decimalText(auc.low ?? 0, 3)}`;
    const to = `${decimalText(auc.high ?? 1, 3)}`;
    figures.push({
      kind: "curves",
      id: "roc",
      title: { en: "How well the score ranks", "zh-CN": "分数的排序能力" },
      caption: {
        en: `Each point is one threshold: the share of negative rows at or above it (across) and of positive rows (up). The area under the curve is ${decimalText(auc.value, 3)} (${level} interval ${span} to ${to}); the diagonal is chance.`,
        "zh-CN": `每个点对应一个阈值：横轴是不低于该阈值的负例比例，纵轴是正例比例。曲线下面积为 ${decimalText(auc.value, 3)}（${level} 区间 ${span} 至 ${to}）；对角线表示随机排序。`,
      },
      xTitle: { en: "False-positive rate", "zh-CN": "假正例率" },
      yTitle: { en: "True-positive rate", "zh-CN": "真正例率" },
      diagonal: true,
      series: [{ label: { en: "Score", "zh-CN": "分数" }, mark: "line", points }],
    });
  }
  if (isProbability(curve)) figures.push(reliability(reliabilityBins(curve, options.bins), options.confidence));
  if (curve.scores.length > 0) figures.push(histogram(curve, names));
  return figures;
}

function reliability(bins: readonly ReliabilityBin[], confidence: number): Figure {
  return {
    kind: "curves",
    id: "reliability",
    title: { en: "What scores say and what comes", "zh-CN": "分数与实际结果" },
    caption: {
      en: `Rows are put into bins by score. Across: their mean score; up: the share that is positive, with its ${percentText(confidence, 0)} interval. On the diagonal, a score is the probability it says.`,
      "zh-CN": `按分数把行分箱。横轴为箱内平均分数，纵轴为箱内正例比例及其 ${percentText(confidence, 0)} 区间。落在对角线上，说明分数就是它所声称的概率。`,
    },
    xTitle: { en: "Mean score", "zh-CN": "平均分数" },
    yTitle: { en: "Share positive", "zh-CN": "正例比例" },
    diagonal: true,
    series: [
      {
        label: { en: "Bins of the score", "zh-CN": "分数分箱" },
        mark: "dot",
        points: bins.map((bin): [number, number, number, number] => {
          const { low, high } = wilson(bin.rate * bin.rows, bin.rows, confidence);
          return [bin.score, bin.rate, low, high];
        }),
      },
    ],
  };
}

/** Whole scores over a short span get a bin each; others thirty bins of equal width. */
function histogram(curve: ScoreCurve, names: readonly [string, string]): Figure {
  const { scores } = curve;
  const least = scores[0] ?? 0;
  const most = scores[scores.length - 1] ?? 0;
  const whole = most - least <= 60 && scores.length <= 61 && scores.every((score) => Number.isInteger(score));
  const from = whole ? least - 0.5 : least;
  const count = whole ? most - least + 1 : 30;
  const width = (whole ? count : most > least ? most - least : 1) / count;
  const fill = (weights: Float64Array): { from: number; to: number; count: number }[] => {
    const bins = Array.from({ length: count }, (_, bin) => ({
      from: from + bin * width,
      to: from + (bin + 1) * width,
      count: 0,
    }));
    for (let index = 0; index < scores.length; index++) {
      const place = Math.min(count - 1, Math.max(0, Math.floor(((scores[index] ?? 0) - from) / width)));
      const bin = bins[place];
      if (bin) bin.count += weights[index] ?? 0;
    }
    return bins;
  };
  return {
    kind: "histogram",
    id: "scores",
    title: { en: "Scores by label", "zh-CN": "各标签的分数分布" },
    caption: {
      en: "How scores are spread among rows of either label. The less the two overlap, the better the score tells them apart.",
      "zh-CN": "两种标签的行各自的分数分布。两者重叠越少，分数越能把它们区分开。",
    },
    xTitle: { en: "Score", "zh-CN": "分数" },
    yTitle: { en: "Rows", "zh-CN": "行数" },
    series: [
      { label: { en: `label ${names[1]}`, "zh-CN": `标签 ${names[1]}` }, bins: fill(curve.positive) },
      { label: { en: `label ${names[0]}`, "zh-CN": `标签 ${names[0]}` }, bins: fill(curve.negative) },
    ],
  };
}

/** Of the rows of each class, the share predicted as each; null where there are more classes than can be read. */
export function confusionFigure(table: ClassTable, names: readonly string[]): Figure | null {
  if (names.length > mostDrawn || names.length === 0) return null;
  const values = table.weights?.sums ?? table.counts;
  const title = (name: string): { en: string; "zh-CN": string } => ({ en: name, "zh-CN": name });
  return {
    kind: "heatmap",
    id: "confusion",
    title: { en: "What was predicted for each label", "zh-CN": "各标签被预测为什么" },
    caption: {
      en: "Each row of cells is one label: the share of its rows predicted as each class, with their number. What is right stands on the diagonal.",
      "zh-CN": "每一排方格对应一个标签：该标签的行被预测为各类别的比例和行数。对角线上是预测正确的部分。",
    },
    unit: "percent",
    rowTitle: { en: "Label", "zh-CN": "标签" },
    columnTitle: { en: "Predicted", "zh-CN": "预测" },
    rows: names.map(title),
    columns: names.map(title),
    cells: names.flatMap((_, row) => {
      let all = 0;
      let rows = 0;
      for (let column = 0; column < names.length; column++) {
        all += values[row * names.length + column] ?? 0;
        rows += table.counts[row * names.length + column] ?? 0;
      }
      return names.map((__, column) => ({
        row,
        column,
        value: all > 0 ? (values[row * names.length + column] ?? 0) / all : null,
        n: table.counts[row * names.length + column] ?? 0,
        few: rows < few,
      }));
    }),
  };
}

export function cellOf(measure: Measure | undefined): TableCell {
  if (measure?.value == null) return null;
  return { value: measure.value, low: measure.low ?? null, high: measure.high ?? null };
}
