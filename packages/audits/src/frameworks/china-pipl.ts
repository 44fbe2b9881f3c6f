import type { Policy } from "@assay/schema";

/** China's Personal Information Protection Law, Article 24: automated decisions are transparent, and fair in result. No bound. */
export const chinaPipl: Policy = {
  id: "china-pipl",
  title: {
    en: "China, Personal Information Protection Law, Article 24",
    "zh-CN": "《个人信息保护法》第二十四条（自动化决策）",
  },
  jurisdiction: { en: "China", "zh-CN": "中国" },
  gate: "none",
  rules: [],
  audits: [],
  citation: "中华人民共和国个人信息保护法, Articles 24 and 55",
  source: "https://www.cac.gov.cn/2021-08/20/c_1631050028355286.htm",
  status: "in-force",
  dates: [{ on: "2021-11-01", what: { en: "the law applies", "zh-CN": "该法施行" } }],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "A stored page of November 2024 that quotes Article 24 from the China Consumers Association, and a stored commentary on Article 55.",
    "zh-CN": "2024 年 11 月转载中国消费者协会引用第二十四条的网页存档，以及关于第五十五条的释义存档。",
  },
  note: {
    en: "The law asks for fair results and names no measure; unreasonable differences of price and other terms between people are ruled out.",
    "zh-CN": "该法要求结果公平、公正，但未指定度量方法；禁止在交易价格等交易条件上实行不合理的差别待遇。",
  },
  clauses: [
    {
      cite: "Article 24, first paragraph",
      asks: {
        en: "Automated decisions with personal information are transparent, fair and just in result, without unreasonable differences of treatment in price and other terms.",
        "zh-CN":
          "利用个人信息进行自动化决策，应当保证决策透明、结果公平公正，不得在交易价格等条件上实行不合理的差别待遇。",
      },
      evidence: [
        { audit: "fairness.group-metrics" },
        { audit: "fairness.individual" },
        { audit: "fairness.subgroups" },
        { audit: "explainability.permutation-importance" },
      ],
    },
    {
      cite: "Article 24, third paragraph",
      asks: {
        en: "Of a decision that weighs heavily on someone's rights, they may ask for an explanation, and refuse one that is made by automation alone.",
        "zh-CN": "对个人权益有重大影响的决定，个人有权要求说明，并有权拒绝仅通过自动化决策作出的决定。",
      },
      evidence: [{ audit: "explainability.shapley" }],
      document: [{ en: "How one asks, and who decides then.", "zh-CN": "如何提出要求，以及由谁另行作出决定。" }],
    },
    {
      cite: "Article 55",
      asks: {
        en: "Before automated decisions, the impact on personal information is assessed and recorded.",
        "zh-CN": "进行自动化决策前，应当进行个人信息保护影响评估并记录处理情况。",
      },
      document: [{ en: "The impact assessment.", "zh-CN": "影响评估报告。" }],
    },
  ],
};
