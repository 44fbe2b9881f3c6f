import { averagePrecision as estimate } from "../../statistics/average-precision.ts";
import { type ScoreMetric, scikitScores } from "./score-metric.ts";

export const averagePrecision: ScoreMetric = {
  name: "average-precision",
  label: { en: "Average precision", "zh-CN": "平均精确率" },
  meaning: {
    en: "precision averaged over the positive rows, taken from the highest score down; chance gives the share of positives",
    "zh-CN": "按分数由高到低取正例时精确率的平均；随机时等于正例占比",
  },
  range: [0, 1],
  direction: "higher",
  probability: false,
  scale: "logit",
  estimate: (curve, { confidence }) => estimate(curve, confidence),
  undefinedReason: "no row with a positive label",
  reference: scikitScores("average precision"),
};
