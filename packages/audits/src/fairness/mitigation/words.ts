import type { LocalizedText } from "@assay/schema";
import type { Version } from "./outcomes.ts";
import type { Method } from "./settings.ts";
import type { Constraint } from "./threshold/problem.ts";

export const constraintText: Readonly<Record<Constraint, LocalizedText>> = {
  "demographic-parity": { en: "demographic parity", "zh-CN": "人口均等" },
  "equalized-odds": { en: "equalized odds", "zh-CN": "均等几率" },
  "false-positive-rate-parity": { en: "equal false-positive rates", "zh-CN": "假正例率相等" },
  "true-positive-rate-parity": { en: "equal true-positive rates", "zh-CN": "真正例率相等" },
};

export const methodText: Readonly<Record<Method, LocalizedText>> = {
  reduce: { en: "exponentiated-gradient reduction", "zh-CN": "指数梯度归约" },
  repair: { en: "repair of the features", "zh-CN": "特征修复" },
  resample: { en: "stratified resampling", "zh-CN": "分层重采样" },
  reweigh: { en: "reweighing", "zh-CN": "重新加权" },
  threshold: { en: "thresholds by group", "zh-CN": "分组阈值" },
};

export const versionText: Readonly<Record<Version, LocalizedText>> = {
  after: { en: "after", "zh-CN": "之后" },
  before: { en: "before", "zh-CN": "之前" },
  unconstrained: { en: "without the constraint", "zh-CN": "不加约束" },
};

export const gapText: Readonly<Record<string, LocalizedText>> & {
  readonly [Name in
    | "accuracy-difference"
    | "demographic-parity-difference"
    | "equalized-odds-difference"
    | "false-positive-rate-difference"
    | "true-positive-rate-difference"]: LocalizedText;
} = {
  "accuracy-difference": { en: "Gap in accuracy", "zh-CN": "准确率差距" },
  "demographic-parity-difference": { en: "Gap in selection rate", "zh-CN": "选中率差距" },
  "equalized-odds-difference": { en: "Equalized-odds gap", "zh-CN": "均等几率差距" },
  "false-positive-rate-difference": { en: "Gap in false-positive rate", "zh-CN": "假正例率差距" },
  "true-positive-rate-difference": { en: "Gap in true-positive rate", "zh-CN": "真正例率差距" },
};
