import type { Policy } from "@assay/schema";

/** Texas Responsible AI Governance Act: intent counts; a disparate impact does not show it by itself. No bound. */
export const texasTraiga: Policy = {
  id: "texas-traiga",
  title: { en: "Texas Responsible AI Governance Act (HB 149)", "zh-CN": "得克萨斯州负责任人工智能治理法（HB 149）" },
  jurisdiction: { en: "Texas", "zh-CN": "得克萨斯州" },
  gate: "none",
  rules: [],
  audits: [],
  citation: "Texas HB 149, 89th Legislature, Regular Session",
  source: "https://capitol.texas.gov/billlookup/BillSummary.aspx?Bill=HB149&LegSess=89R",
  status: "in-force",
  dates: [{ on: "2026-01-01", what: { en: "the act applies", "zh-CN": "该法施行" } }],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "A stored copy of the legislature's bill summary, and an account that quotes the sentence on disparate impact.",
    "zh-CN": "州议会法案摘要的存档，以及引用差别影响条款的介绍。",
  },
  note: {
    en: "Numbers by group do not decide what this law asks; whether a model reads a protected value, or proxies chosen for it, speaks to intent at most.",
    "zh-CN": "按组的数字不能回答该法的问题；模型是否读取受保护的值或为其选取的替代，至多与意图有关。",
  },
  clauses: [
    {
      cite: "HB 149, unlawful discrimination",
      asks: {
        en: "No AI system is developed or deployed with the intent to discriminate unlawfully against a protected class; a disparate impact alone does not show intent.",
        "zh-CN": "不得以非法歧视受保护类别为意图开发或部署人工智能系统；仅有差别影响不足以证明意图。",
      },
      evidence: [
        { audit: "fairness.individual", metrics: ["counterfactual-flip-rate"] },
        { audit: "fairness.representation", metrics: ["proxy-strength", "normalized-mutual-information"] },
      ],
      document: [
        { en: "What the system is for, and why each input is in it.", "zh-CN": "系统的用途，以及每个输入存在的理由。" },
      ],
    },
  ],
};
