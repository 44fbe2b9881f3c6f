import type { LocalizedText } from "@assay/schema";

/** Names of metrics in words. What is not here is read from its kebab-case name. */
const metrics: Readonly<Record<string, LocalizedText>> = {
  accuracy: { en: "accuracy", "zh-CN": "准确率" },
  "activation-bytes": { en: "activation memory", "zh-CN": "激活内存" },
  "arithmetic-intensity": { en: "arithmetic intensity", "zh-CN": "算术强度" },
  "average-precision": { en: "average precision", "zh-CN": "平均精确率" },
  "average-prosecutor-risk": { en: "average prosecutor risk", "zh-CN": "平均检察官风险" },
  "balanced-accuracy": { en: "balanced accuracy", "zh-CN": "平衡准确率" },
  "base-rate": { en: "base rate", "zh-CN": "基准率" },
  "brier-score": { en: "Brier score", "zh-CN": "Brier 分数" },
  "cohen-kappa": { en: "Cohen’s kappa", "zh-CN": "科恩 κ 系数" },
  comparisons: { en: "tests of tree nodes", "zh-CN": "树节点判断次数" },
  count: { en: "count", "zh-CN": "数量" },
  "demographic-parity": { en: "demographic parity", "zh-CN": "人口统计均等" },
  "entropy-l-diversity": { en: "entropy l-diversity", "zh-CN": "熵 l-多样性" },
  "equalized-odds": { en: "equalized odds", "zh-CN": "均等几率" },
  "error-rate": { en: "error rate", "zh-CN": "错误率" },
  "expected-calibration-error": { en: "expected calibration error", "zh-CN": "期望校准误差" },
  f1: { en: "F1", "zh-CN": "F1" },
  "f1-macro": { en: "macro F1", "zh-CN": "F1（宏平均）" },
  "f1-weighted": { en: "weighted F1", "zh-CN": "F1（加权平均）" },
  "false-negative-rate": { en: "false-negative rate", "zh-CN": "假负例率" },
  "false-positive-rate": { en: "false-positive rate", "zh-CN": "假正例率" },
  "favourable-rate": { en: "favourable rate", "zh-CN": "有利决定率" },
  "first-call-ms": { en: "first call", "zh-CN": "首次调用" },
  "floating-point-operations": { en: "floating-point operations", "zh-CN": "浮点运算次数" },
  "impact-ratio": { en: "impact ratio", "zh-CN": "影响比" },
  "k-anonymity": { en: "k-anonymity", "zh-CN": "k-匿名" },
  "l-diversity": { en: "l-diversity", "zh-CN": "l-多样性" },
  "latency-ms": { en: "median latency", "zh-CN": "延迟中位数" },
  "latency-p95-ms": { en: "95 % latency", "zh-CN": "95 % 延迟" },
  "latency-p99-ms": { en: "99 % latency", "zh-CN": "99 % 延迟" },
  "log-loss": { en: "log loss", "zh-CN": "对数损失" },
  mcc: { en: "Matthews correlation", "zh-CN": "马修斯相关系数" },
  "minimum-detectable-difference": { en: "smallest detectable difference", "zh-CN": "可发现的最小差距" },
  "most-comparisons": { en: "most tests of tree nodes", "zh-CN": "树节点判断次数上限" },
  "multiply-accumulates": { en: "multiply-accumulates", "zh-CN": "乘加次数" },
  "negative-predictive-value": { en: "negative predictive value", "zh-CN": "阴性预测值" },
  parameters: { en: "parameters", "zh-CN": "参数量" },
  "peak-activation-bytes": { en: "peak activation memory", "zh-CN": "激活内存峰值" },
  "positive-predictive-value": { en: "positive predictive value", "zh-CN": "阳性预测值" },
  precision: { en: "precision", "zh-CN": "精确率" },
  "precision-macro": { en: "macro precision", "zh-CN": "精确率（宏平均）" },
  "precision-weighted": { en: "weighted precision", "zh-CN": "精确率（加权平均）" },
  "prosecutor-risk": { en: "prosecutor risk", "zh-CN": "检察官风险" },
  recall: { en: "recall", "zh-CN": "召回率" },
  "recall-macro": { en: "macro recall", "zh-CN": "召回率（宏平均）" },
  "recall-weighted": { en: "weighted recall", "zh-CN": "召回率（加权平均）" },
  "roc-auc": { en: "ROC AUC", "zh-CN": "ROC AUC" },
  "rows-per-second": { en: "rows a second", "zh-CN": "每秒行数" },
  "scoring-impact-ratio": { en: "scoring impact ratio", "zh-CN": "评分影响比" },
  "scoring-rate": { en: "scoring rate", "zh-CN": "评分率" },
  "selection-rate": { en: "selection rate", "zh-CN": "选中率" },
  "size-bytes": { en: "file size", "zh-CN": "文件大小" },
  "slices-confirmed": { en: "groups confirmed as worse", "zh-CN": "已确认更差的群体数" },
  "slices-found": { en: "groups found", "zh-CN": "发现的群体数" },
  "slowest-call-ms": { en: "slowest call", "zh-CN": "最慢调用" },
  "t-closeness": { en: "t-closeness", "zh-CN": "t-接近度" },
  "true-negative-rate": { en: "true-negative rate", "zh-CN": "真负例率" },
  "true-positive-rate": { en: "true-positive rate", "zh-CN": "真正例率" },
  "weight-bytes": { en: "weight memory", "zh-CN": "权重内存" },
};

const suffixes: readonly { readonly end: string; readonly text: LocalizedText }[] = [
  { end: "-difference-to-reference", text: { en: ", difference to reference", "zh-CN": "与参照组之差" } },
  { end: "-ratio-to-reference", text: { en: ", ratio to reference", "zh-CN": "与参照组之比" } },
  { end: "-difference-to-rest", text: { en: ", difference to everyone else", "zh-CN": "与其他人之差" } },
  { end: "-difference", text: { en: " difference", "zh-CN": "之差" } },
  { end: "-ratio", text: { en: " ratio", "zh-CN": "之比" } },
];

/** `false-positive-rate-difference` → “false-positive rate difference”, “假正例率之差”. */
export function metricName(metric: string): LocalizedText {
  const known = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
  if (known) return known;
  for (const { end, text } of suffixes) {
    if (metric.endsWith(end)) {
      const base = metricName(metric.slice(0, -end.length));
      return { en: base.en + text.en, "zh-CN": base["zh-CN"] + text["zh-CN"] };
    }
  }
  const spaced = metric.replaceAll("-", " ");
  return { en: spaced, "zh-CN": spaced };
}

/** “selection rate ratio by race × sex”, “按 race × sex 的选中率之比”; “permutation importance of age”. */
export function metricBy(metric: string, by: readonly string[] | undefined, feature?: string): LocalizedText {
  const name = metricName(metric);
  if (feature !== undefined) return { en: `${name.en} of ${feature}`, "zh-CN": `${feature} 的${name["zh-CN"]}` };
  if (by === undefined) return name;
  const columns = by.join(" × ");
  return { en: `${name.en} by ${columns}`, "zh-CN": `按 ${columns} 的${name["zh-CN"]}` };
}
