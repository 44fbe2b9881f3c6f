import type { LocalizedText } from "@assay/schema";

/** Why nothing, or a group, is not tested, as measures have it → as findings say it. */
const words: readonly { readonly form: RegExp; readonly en: string; readonly "zh-CN": string }[] = [
  {
    form: /^no row has a time that can be read$/,
    en: "No row has a time that can be read",
    "zh-CN": "没有任何一行有可读的时间",
  },
  { form: /^no period lies in the baseline$/, en: "No period lies in the baseline", "zh-CN": "基线中没有任何周期" },
  { form: /^no period after the baseline$/, en: "No period comes after the baseline", "zh-CN": "基线之后没有周期" },
  {
    form: /^no group can be tested$/,
    en: "No group has enough rows that vary in the baseline, and any after it",
    "zh-CN": "没有一组在基线中有足够多且有变化的行，并且其后还有数据",
  },
  {
    form: /^fewer than (\d+) rows in the baseline$/,
    en: "fewer than $1 rows in the baseline",
    "zh-CN": "基线中不足 $1 行",
  },
  {
    form: /^fewer than (\d+) scores in the baseline$/,
    en: "fewer than $1 scores in the baseline",
    "zh-CN": "基线中不足 $1 个分数",
  },
  { form: /^no row after the baseline$/, en: "no row after the baseline", "zh-CN": "基线之后没有数据行" },
  { form: /^no score after the baseline$/, en: "no score after the baseline", "zh-CN": "基线之后没有分数" },
  {
    form: /^fewer than 30 scores after the baseline$/,
    en: "fewer than 30 scores after the baseline",
    "zh-CN": "基线之后不足 30 个分数",
  },
  {
    form: /^the score does not vary in the baseline$/,
    en: "one score alone in the whole baseline, so that no chance is known to hold a change against",
    "zh-CN": "整个基线中只有一个分数值，无从得知偶然波动的大小",
  },
  {
    form: /^the scores are too large to be squared$/,
    en: "scores too large to be squared; divide them by a constant",
    "zh-CN": "分数过大，无法求平方；请除以一个常数",
  },
];

/** A reason in both languages; itself where there are no words for it. */
export function reasonOf(reason: string): LocalizedText {
  for (const { form, en, "zh-CN": zh } of words) {
    if (form.test(reason)) return { en: reason.replace(form, en), "zh-CN": reason.replace(form, zh) };
  }
  return { en: reason, "zh-CN": reason };
}
