import type { Policy } from "@assay/schema";

/** California's rules on automated-decision systems in employment under the Fair Employment and Housing Act. They set no bound. */
export const californiaAds: Policy = {
  id: "california-ads",
  title: { en: "California, automated-decision systems in employment", "zh-CN": "加利福尼亚州，就业中的自动决策系统" },
  jurisdiction: { en: "California, employment", "zh-CN": "加利福尼亚州，就业" },
  gate: "none",
  rules: [],
  audits: ["fairness.impact-ratio"],
  citation: "2 CCR § 11008.1, § 11009, § 11013, § 11016 (Civil Rights Council)",
  source: "https://calcivilrights.ca.gov/civilrightscouncil/",
  status: "in-force",
  dates: [
    { on: "2025-06-27", what: { en: "approved by the Office of Administrative Law", "zh-CN": "获行政法办公室批准" } },
    { on: "2025-10-01", what: { en: "the rules apply", "zh-CN": "规则施行" } },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "Stored copies of law firms' accounts of July to September 2025 that name the sections; not the register's own text.",
    "zh-CN": "2025 年 7 月至 9 月律师事务所列明条款的介绍的存档；未查阅公报原文。",
  },
  note: {
    en: "Testing against bias is not required, yet it, or its absence, is evidence: its quality, how recent it is, its scope, its results and what was done about them.",
    "zh-CN": "规则不强制要求偏见检测，但检测或未检测本身即为证据：其质量、时间、范围、结果以及采取的措施。",
  },
  clauses: [
    {
      cite: "2 CCR § 11009",
      asks: {
        en: "No automated-decision system or selection criteria that discriminate on a protected basis, proxies included; testing against bias is relevant to a claim and to a defence.",
        "zh-CN": "不得使用基于受保护特征（包括其替代）进行歧视的自动决策系统或选拔标准；偏见检测与指控和抗辩相关。",
      },
      evidence: [
        { audit: "fairness.impact-ratio" },
        { audit: "fairness.group-metrics" },
        { audit: "fairness.subgroups" },
        { audit: "fairness.representation", metrics: ["proxy-strength", "normalized-mutual-information"] },
        { audit: "fairness.individual", metrics: ["counterfactual-flip-rate"] },
      ],
      document: [
        { en: "What was done about what the tests found.", "zh-CN": "针对检测结果采取的措施。" },
        {
          en: "Whether the criteria are related to the job, and alternatives.",
          "zh-CN": "标准与职位的关联，以及替代方案。",
        },
      ],
    },
    {
      cite: "2 CCR § 11013",
      asks: {
        en: "Records, data of the system included, are kept for four years.",
        "zh-CN": "记录（包括系统数据）须保存四年。",
      },
      document: [
        { en: "Where these reports and the data behind them are kept.", "zh-CN": "这些报告及其背后数据的保存位置。" },
      ],
    },
    {
      cite: "2 CCR § 11016",
      asks: {
        en: "Assessments that may disadvantage people with disabilities or on another protected basis come with accommodation.",
        "zh-CN": "可能使残疾人或其他受保护群体处于不利的评估，须提供合理便利。",
      },
      document: [{ en: "How accommodation is offered.", "zh-CN": "如何提供合理便利。" }],
    },
  ],
};
