import type { LocalizedText } from "@assay/schema";
import type { GapClaim } from "../../../groups/gap-finding.ts";
import { significantText } from "../../../wording/index.ts";

const text = (value: number): string => significantText(value);

/** How a residual is spoken of: too high or too low. */
function side(value: number): LocalizedText {
  if (value === 0) return { en: "right", "zh-CN": "不偏" };
  return value > 0
    ? { en: `${text(value)} too high`, "zh-CN": `偏高 ${text(value)}` }
    : { en: `${text(-value)} too low`, "zh-CN": `偏低 ${text(-value)}` };
}

/** Half a standard deviation of the label is a large gap: J. Cohen, Statistical Power Analysis (1988), section 2.2, calls it medium. */
export const largeShare = 0.5;

/** Gaps of predicted numbers that get a sentence. `large` is filled in from the label's spread; that of R² is a tenth. */
export const valueClaims: readonly GapClaim[] = [
  {
    metric: "mean-residual",
    unit: "number",
    label: { en: "mean residual", "zh-CN": "平均残差" },
    subject: { en: "Over- and under-prediction", "zh-CN": "预测的偏高与偏低" },
    verb: "differ",
    between: (most, least): LocalizedText => ({
      en: `On average, predictions are ${side(most.value).en} for ${most.name.en} and ${side(least.value).en} for ${least.name.en}`,
      "zh-CN": `预测值平均而言，对 ${most.name["zh-CN"]} ${side(most.value)["zh-CN"]}，对 ${least.name["zh-CN"]} ${side(least.value)["zh-CN"]}`,
    }),
    spread: { en: "The mean of prediction less label", "zh-CN": "预测值减真实值的平均" },
    advice: {
      en: "Chance alone does not explain it: the same prediction means something else in different groups; look at what the model knows of them, and at how their labels came about.",
      "zh-CN":
        "仅凭偶然难以解释：同一个预测值在不同组中含义不同；应查看模型对这些组掌握了什么信息，以及其真实值是如何得来的。",
    },
  },
  {
    metric: "mean-absolute-error",
    unit: "number",
    label: { en: "mean absolute error", "zh-CN": "平均绝对误差" },
    subject: { en: "Errors", "zh-CN": "误差" },
    verb: "differ",
    between: (most, least): LocalizedText => ({
      en: `Predictions miss by ${text(most.value)} on average for ${most.name.en} and by ${text(least.value)} for ${least.name.en}`,
      "zh-CN": `预测值与真实值平均相差，${most.name["zh-CN"]} 为 ${text(most.value)}，${least.name["zh-CN"]} 为 ${text(least.value)}`,
    }),
    spread: { en: "The mean absolute error", "zh-CN": "平均绝对误差" },
    advice: {
      en: "Chance alone does not explain it: the model serves some groups less well; more or better data on them may help.",
      "zh-CN": "仅凭偶然难以解释：模型对某些组的效果较差；为这些组补充更多或更好的数据可能有帮助。",
    },
  },
  {
    metric: "mean-prediction",
    unit: "number",
    label: { en: "mean prediction", "zh-CN": "平均预测值" },
    subject: { en: "Predictions", "zh-CN": "预测值" },
    verb: "differ",
    between: (most, least): LocalizedText => ({
      en: `The mean prediction is ${text(most.value)} for ${most.name.en} and ${text(least.value)} for ${least.name.en}`,
      "zh-CN": `平均预测值，${most.name["zh-CN"]} 为 ${text(most.value)}，${least.name["zh-CN"]} 为 ${text(least.value)}`,
    }),
    spread: { en: "The mean prediction", "zh-CN": "平均预测值" },
    advice: {
      en: "Chance alone does not explain it. Hold it against the gap of the labels themselves: a prediction that is right differs where the truth does.",
      "zh-CN": "仅凭偶然难以解释。应与真实值本身的差距对照：真实情况不同时，准确的预测也会不同。",
    },
  },
  {
    metric: "r2",
    unit: "number",
    large: 0.1,
    label: { en: "R²", "zh-CN": "决定系数 R²" },
    subject: { en: "How much the predictions account for", "zh-CN": "预测的解释力" },
    verb: "differs",
    between: (most, least): LocalizedText => ({
      en: `R² within the group is ${text(most.value)} for ${most.name.en} and ${text(least.value)} for ${least.name.en}`,
      "zh-CN": `组内决定系数 R²，${most.name["zh-CN"]} 为 ${text(most.value)}，${least.name["zh-CN"]} 为 ${text(least.value)}`,
    }),
    spread: { en: "R² within the groups", "zh-CN": "组内决定系数 R²" },
    advice: {
      en: "Chance alone does not explain it. R² also falls where labels of a group differ little: read it beside the errors themselves.",
      "zh-CN": "仅凭偶然难以解释。某组真实值彼此相差很小时，R² 也会偏低：应与误差本身对照阅读。",
    },
  },
];
