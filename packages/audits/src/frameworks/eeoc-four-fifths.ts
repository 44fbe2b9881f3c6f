import type { Policy } from "@assay/schema";

/**
 * The four-fifths rule of thumb of the Uniform Guidelines, 29 CFR 1607.4(D): a selection rate under four fifths of the
 * highest group's is generally regarded as evidence of adverse impact.
 */
export const eeocFourFifths: Policy = {
  id: "eeoc-four-fifths",
  title: { en: "Four-fifths rule (US Uniform Guidelines)", "zh-CN": "五分之四规则（美国《统一指南》）" },
  gate: "rules",
  rules: [{ metric: "impact-ratio", by: ["protected"], at_least: 0.8 }],
  audits: ["fairness.impact-ratio"],
  source: "https://www.ecfr.gov/current/title-29/subtitle-B/chapter-XIV/part-1607/section-1607.4",
  status: "guidance",
  checkedOn: "2026-11-24",
  note: {
    en: "A rule of thumb of the Uniform Guidelines, no law by itself. The EEOC lists their rescission as a final rule under way (RIN 3046-AB43, Unified Agenda); no published final rule was found on the day of the check.",
    "zh-CN":
      "《统一指南》中的经验规则，本身不是法律。EEOC 已把撤销该指南列为正在进行的最终规则（RIN 3046-AB43，联邦统一议程）；核查当日未找到已公布的最终规则。",
  },
};
