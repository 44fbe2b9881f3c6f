import type { Policy } from "@assay/schema";

/** UK Equality Act 2010, section 19, and the ICO's guidance on fairness. Justification is for people to show; no bound. */
export const ukEqualityAct: Policy = {
  id: "uk-equality-act",
  title: { en: "UK Equality Act 2010, indirect discrimination", "zh-CN": "英国《2010 年平等法》，间接歧视" },
  jurisdiction: { en: "Great Britain", "zh-CN": "英国（大不列颠）" },
  gate: "none",
  rules: [],
  audits: [],
  citation: "Equality Act 2010 (c. 15), sections 13, 19 and 19A; ICO, Guidance on AI and data protection",
  source: "https://www.legislation.gov.uk/ukpga/2010/15/section/19",
  status: "in-force",
  dates: [
    { on: "2010-10-01", what: { en: "section 19 in force", "zh-CN": "第 19 条施行" } },
    { on: "2024-01-01", what: { en: "section 19A (same disadvantage) added", "zh-CN": "增订第 19A 条（同等不利）" } },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "Stored copies of legislation.gov.uk (section 19 as of 1 July 2022), of S.I. 2023/1425, which adds section 19A, and of the ICO's chapter on fairness of 15 March 2023.",
    "zh-CN":
      "legislation.gov.uk（截至 2022 年 7 月 1 日的第 19 条）、增订第 19A 条的 S.I. 2023/1425 与 ICO 2023 年 3 月 15 日公平章节的存档。",
  },
  note: {
    en: "A particular disadvantage is not measured against a fixed line, and may be justified as a proportionate means to a legitimate aim. Whether the ICO has revised its guidance since was not found.",
    "zh-CN": "“特别不利”没有固定界线，且可作为实现正当目标的相称手段予以证成。未查明 ICO 此后是否修订其指南。",
  },
  clauses: [
    {
      cite: "section 19(2)(b)",
      asks: {
        en: "A provision, criterion or practice that applies to all does not put people who share a characteristic at a particular disadvantage …",
        "zh-CN": "适用于所有人的规定、标准或做法，不得使具有某一特征的人处于特别不利 ……",
      },
      evidence: [
        { audit: "fairness.group-metrics" },
        { audit: "fairness.impact-ratio" },
        { audit: "fairness.subgroups" },
      ],
    },
    {
      cite: "section 19(2)(d)",
      asks: {
        en: "… unless it is shown to be a proportionate means of achieving a legitimate aim.",
        "zh-CN": "…… 除非能证明其为实现正当目标的相称手段。",
      },
      evidence: [{ audit: "fairness.mitigation" }],
      document: [
        {
          en: "The aim, and why no means with less effect would do.",
          "zh-CN": "所追求的目标，以及为何没有影响更小的手段。",
        },
      ],
    },
    {
      cite: "section 13",
      asks: {
        en: "Nobody is treated less favourably because of a protected characteristic.",
        "zh-CN": "不得因受保护特征而给予较差待遇。",
      },
      evidence: [{ audit: "fairness.individual", metrics: ["counterfactual-flip-rate"] }],
    },
    {
      cite: "ICO, Guidance on AI and data protection: fairness",
      asks: {
        en: "Bias is looked for over the whole life of the system, with the limits of each measure told.",
        "zh-CN": "在系统整个生命周期内检查偏差，并说明每种度量的局限。",
      },
      evidence: [{ audit: "fairness.representation" }, { audit: "fairness.group-metrics" }],
      document: [
        { en: "The data protection impact assessment.", "zh-CN": "数据保护影响评估。" },
        { en: "How solely automated decisions are guarded.", "zh-CN": "对完全自动化决定的保障措施。" },
      ],
    },
  ],
};
