import type { LocalizedText } from "@assay/schema";

/** Why a number is not known. */
export const reasons = {
  noRows: {
    en: "no row has all of the model's inputs",
    "zh-CN": "没有一行具备模型的全部输入",
  },
} as const satisfies Record<string, LocalizedText>;
