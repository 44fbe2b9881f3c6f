import type { LocalizedText } from "@assay/schema";

/** Why a number is not known, as measures have it → in Chinese. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["all labels and all decisions are the same", "所有标签和所有决定都相同"],
  ["all labels and all predictions are the same", "所有标签和所有预测都相同"],
  ["all labels or all decisions are the same", "所有标签相同，或所有决定相同"],
  ["all labels or all predictions are the same", "所有标签相同，或所有预测相同"],
  ["no held-out row", "没有留出的行"],
  ["no row decided negative", "没有作出负向决定的行"],
  ["no row decided positive", "没有作出正向决定的行"],
  ["no row with a decision", "没有带决定的行"],
  ["no row with a label", "没有带标签的行"],
  ["no row with a negative label", "没有标签为负的行"],
  ["no row with a positive label", "没有标签为正的行"],
  ["no row with a positive label or a positive decision", "没有标签为正或决定为正的行"],
  ["no row with a prediction", "没有带预测的行"],
  ["no row with a score", "没有带分数的行"],
  ["no row with both label and decision", "没有同时带标签和决定的行"],
  ["no row with both label and prediction", "没有同时带标签和预测的行"],
  ["no row with both label and score", "没有同时带标签和分数的行"],
  ["no rows", "没有数据行"],
  ["not defined", "无定义"],
  ["not known", "未知"],
  ["rows of only one label", "各行的标签都相同"],
  ["score outside [0, 1] is no probability", "分数超出 [0, 1]，不是概率"],
  ["too many groups to be resampled", "组数过多，未作重抽样"],
  ["too many groups: the score is measured over all rows alone", "组数过多：分数仅就全部行测量"],
  ["weighted rows are not resampled here", "带权重的行在此不作重抽样"],
]);

/** A measure's reason in both languages; null where it is none that there are words for. */
export function reasonText(reason: string): LocalizedText | null {
  const chinese = reasons.get(reason);
  if (chinese !== undefined) return { en: reason, "zh-CN": chinese };
  const few = /^fewer than two groups have (?:(\d+) rows and )?a defined ([a-z0-9-]+)$/.exec(reason);
  if (few === null) return null;
  const [, rows, metric] = few;
  const enough = rows === undefined ? "" : `至少有 ${rows} 行且 `;
  return { en: reason, "zh-CN": `${enough}${metric ?? ""} 有定义的组不足两个` };
}
