import type { LocalizedText, Measure, Table } from "@assay/schema";
import { classMetrics } from "../../metrics/classes/index.ts";
import { scoreMetrics } from "../../metrics/scores/index.ts";
import { cellOf } from "./figures.ts";
import { reasonText } from "./reasons.ts";

const same = (text: string): LocalizedText => ({ en: text, "zh-CN": text });

/** Classes with fewer rows are marked thin. */
const few = 30;

/** scikit-learn's classification report, every number with its interval. */
export function reportTable(measures: readonly Measure[], names: readonly string[]): Table {
  const find = (metric: string, name?: string): Measure | undefined =>
    measures.find((measure) => measure.metric === metric && measure.class === name);
  const rows = find("count")?.value ?? null;
  return {
    id: "report",
    title: { en: "Report by class", "zh-CN": "分类报告" },
    caption: {
      en: "Precision: of rows predicted as the class, the share that is. Recall: of rows of the class, the share predicted as it. F1: their harmonic mean. Averages leave out a class that is neither there nor predicted, and count as 0 what else is not defined.",
      "zh-CN":
        "精确率：预测为该类的行中确属该类的比例。召回率：该类的行中被预测为该类的比例。F1：两者的调和平均。求平均时，既未出现也未被预测的类别不计入，其余无定义者按 0 计。",
    },
    columns: [
      { title: { en: "Class", "zh-CN": "类别" }, format: "text" },
      { title: { en: "Precision", "zh-CN": "精确率" }, format: "percent" },
      { title: { en: "Recall", "zh-CN": "召回率" }, format: "percent" },
      { title: { en: "F1", "zh-CN": "F1" }, format: "percent" },
      { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
    ],
    rows: [
      ...names.map((name): Table["rows"][number] => {
        const support = find("count", name)?.value ?? 0;
        const metrics = ["precision", "recall", "f1"].map((metric) => cellOf(find(metric, name)));
        return { few: support < few, cells: [name, ...metrics, support] };
      }),
      ...(["macro", "weighted"] as const).map((kind): Table["rows"][number] => ({
        few: false,
        cells: [
          kind === "macro"
            ? { en: "average of the classes", "zh-CN": "宏平均" }
            : { en: "average weighted by rows", "zh-CN": "加权平均" },
          ...["precision", "recall", "f1"].map((metric) => cellOf(find(`${metric}-${kind}`))),
          rows,
        ],
      })),
    ],
  };
}

const summaryLabels: Readonly<Record<string, LocalizedText>> = {
  "accuracy-gain": {
    en: "Accuracy gained over always saying the commonest class",
    "zh-CN": "相对于总是预测最常见类别的准确率提升",
  },
  "base-rate": { en: "Share of rows that are positive", "zh-CN": "正例占比" },
  "baseline-accuracy": { en: "Accuracy of always saying the commonest class", "zh-CN": "总是预测最常见类别的准确率" },
  "expected-calibration-error-debiased": {
    en: "Expected calibration error, less what chance adds",
    "zh-CN": "期望校准误差（扣除偶然部分）",
  },
  "mean-score": { en: "Mean score", "zh-CN": "平均分数" },
};

/** Every overall number with its interval, in words. */
export function summaryTable(measures: readonly Measure[]): Table {
  const label = (metric: string): LocalizedText =>
    classMetrics.find((one) => one.name === metric)?.label ??
    scoreMetrics.find((one) => one.name === metric)?.label ??
    summaryLabels[metric] ??
    same(metric);
  const shown = measures.filter(
    (measure) => measure.class === undefined && measure.metric !== "count" && measure.metric !== "missing-count",
  );
  return {
    id: "summary",
    title: { en: "Overall measures", "zh-CN": "总体指标" },
    caption: {
      en: "Every overall number with its interval. What cannot be known is left empty, with the reason in the last column.",
      "zh-CN": "各项总体数值及其区间。无法得知的留空，原因见末列。",
    },
    columns: [
      { title: { en: "Measure", "zh-CN": "指标" }, format: "text" },
      { title: { en: "Value", "zh-CN": "数值" }, format: "number" },
      { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
      { title: { en: "p", "zh-CN": "p" }, format: "p" },
      { title: { en: "Interval by, or reason", "zh-CN": "区间方法或原因" }, format: "text" },
    ],
    rows: shown.map((measure) => ({
      few: (measure.n ?? few) < few,
      cells: [
        label(measure.metric),
        cellOf(measure),
        measure.n ?? null,
        measure.p ?? null,
        measure.value === null ? (measure.reason ? reasonText(measure.reason) : null) : (measure.method ?? null),
      ],
    })),
  };
}
