import type { LocalizedText, Problem } from "@assay/schema";

const reason: LocalizedText = {
  en: "the label has no positive class, and the plan names no decision",
  "zh-CN": "标签没有正类，方案也没有指明决定",
};

/** What keeps an audit of yes and no from a plan whose label is of several classes, or of numbers. */
export const noPositiveClass: Problem & { readonly reason: LocalizedText } = {
  at: "columns.label",
  message: `${reason.en}; say with columns.positive which value it is`,
  reason,
};
