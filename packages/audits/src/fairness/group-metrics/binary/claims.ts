import type { LocalizedText } from "@assay/schema";

/** How a metric is spoken of: the claim that it differs, and the sentence that carries its numbers. */
export interface Claim {
  readonly metric: string;
  /** Opens "… differ by race." */
  readonly subject: LocalizedText;
  readonly verb: "differ" | "differs";
  /** The rows it is about: "Of rows whose label is negative". */
  readonly among: LocalizedText;
  /** What became of the share of them: "were decided positive". */
  readonly outcome: LocalizedText;
}

/** Metrics that get a sentence. The true-positive rate says what the false-negative rate does, so it has none. */
export const claims: readonly Claim[] = [
  {
    metric: "selection-rate",
    subject: { en: "Selection rates", "zh-CN": "选中率" },
    verb: "differ",
    among: { en: "Of all rows", "zh-CN": "全部行中" },
    outcome: { en: "were decided positive", "zh-CN": "被判为正" },
  },
  {
    metric: "false-positive-rate",
    subject: { en: "False alarms", "zh-CN": "误报率" },
    verb: "differ",
    among: { en: "Of rows whose label is negative", "zh-CN": "标签为负的行中" },
    outcome: { en: "were decided positive", "zh-CN": "被判为正" },
  },
  {
    metric: "false-negative-rate",
    subject: { en: "Misses", "zh-CN": "漏报率" },
    verb: "differ",
    among: { en: "Of rows whose label is positive", "zh-CN": "标签为正的行中" },
    outcome: { en: "were decided negative", "zh-CN": "被判为负" },
  },
  {
    metric: "positive-predictive-value",
    subject: { en: "What a positive decision is worth", "zh-CN": "正向决定的可靠程度" },
    verb: "differs",
    among: { en: "Of rows decided positive", "zh-CN": "被判为正的行中" },
    outcome: { en: "have a positive label", "zh-CN": "标签确为正" },
  },
  {
    metric: "accuracy",
    subject: { en: "Accuracy", "zh-CN": "准确率" },
    verb: "differs",
    among: { en: "Of all rows", "zh-CN": "全部行中" },
    outcome: { en: "were decided as their label says", "zh-CN": "决定与标签一致" },
  },
];
