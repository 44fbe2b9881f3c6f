import type { LocalizedText } from "@assay/schema";
import type { GapClaim } from "../../../groups/gap-finding.ts";
import { expectedCalibrationError } from "../../../metrics/scores/expected-calibration-error.ts";
import { rocAuc } from "../../../metrics/scores/roc-auc.ts";
import { percentText } from "../../../wording/index.ts";

/** Metrics of the score with sentences and figures of their own. */
export const scoreClaims: readonly GapClaim[] = [
  {
    metric: rocAuc.name,
    label: { en: "ROC AUC", "zh-CN": "ROC 曲线下面积" },
    subject: { en: "How well the score ranks", "zh-CN": "分数的排序能力" },
    verb: "differs",
    between: (most, least): LocalizedText => ({
      en: `Of pairs of a positive and a negative row of one group, the positive row has the higher score in ${percentText(most.value)} for ${most.name.en} and ${percentText(least.value)} for ${least.name.en}`,
      "zh-CN": `在同组一正一负的配对中，正例分数更高的比例，${most.name["zh-CN"]} 为 ${percentText(most.value)}、${least.name["zh-CN"]} 为 ${percentText(least.value)}`,
    }),
    spread: {
      en: "Of pairs of a positive and a negative row of one group, the share in which the positive row has the higher score",
      "zh-CN": "在同组一正一负的配对中，正例分数更高的比例",
    },
    advice: {
      en: "Chance alone does not explain it: the score tells outcomes apart less well in some groups; look at what it knows of them.",
      "zh-CN": "仅凭偶然难以解释：在某些组中，分数区分结果的能力较差；应查看它对这些组掌握了什么信息。",
    },
  },
  {
    metric: expectedCalibrationError.name,
    label: { en: "calibration error", "zh-CN": "校准误差" },
    subject: { en: "Calibration", "zh-CN": "校准" },
    verb: "differs",
    between: (most, least): LocalizedText => ({
      en: `Over bins of the score, the score and the share that came true lie ${percentText(most.value)} apart on average for ${most.name.en} and ${percentText(least.value)} for ${least.name.en}`,
      "zh-CN": `按分数分箱，分数与实际比例平均相差，${most.name["zh-CN"]} 为 ${percentText(most.value)}、${least.name["zh-CN"]} 为 ${percentText(least.value)}`,
    }),
    spread: {
      en: "Over bins of the score, the mean distance of the score and the share that came true",
      "zh-CN": "按分数分箱，分数与实际比例的平均差距",
    },
    advice: {
      en: "The same score does not mean the same chance in every group; recalibrate it on other rows before anyone reads it as a chance.",
      "zh-CN": "同样的分数在各组并不代表同样的概率；在有人把它当作概率解读之前，应用另外的数据重新校准。",
    },
  },
];
