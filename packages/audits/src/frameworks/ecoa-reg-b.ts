import type { Policy } from "@assay/schema";

/** Equal Credit Opportunity Act and Regulation B as amended in 2026: the effects test is gone; proxies chosen with intent are not. */
export const ecoaRegB: Policy = {
  id: "ecoa-reg-b",
  title: { en: "US Equal Credit Opportunity Act, Regulation B", "zh-CN": "美国《平等信贷机会法》与 B 条例" },
  jurisdiction: { en: "United States, credit", "zh-CN": "美国，信贷" },
  gate: "none",
  rules: [],
  audits: [],
  citation: "15 U.S.C. 1691 ff.; 12 CFR part 1002 as amended by FR Doc. 2026-07804",
  source: "https://www.federalregister.gov/documents/2026/04/22/2026-07804/",
  status: "in-force",
  dates: [
    { on: "2026-04-22", what: { en: "the amending final rule is published", "zh-CN": "修订的最终规则公布" } },
    { on: "2026-07-21", what: { en: "it applies", "zh-CN": "该规则生效" } },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "Stored copies of law firms' accounts of April and May 2026 and a calendar entry that quotes the rule; whether a court has stayed it since was not found.",
    "zh-CN": "2026 年 4 月至 5 月律师事务所介绍及引用该规则的日程条目的存档；未查明此后是否有法院中止其效力。",
  },
  note: {
    en: "Regulation B no longer speaks of the effects test. State laws and the Fair Housing Act may still: numbers by group stay worth having.",
    "zh-CN": "B 条例已不再提及效果检验。各州法律与《公平住房法》仍可能采用：按组的数字依然值得保留。",
  },
  clauses: [
    {
      cite: "12 CFR 1002.4(a)",
      asks: {
        en: "A creditor does not treat an applicant less favourably on a prohibited basis in any part of a credit transaction.",
        "zh-CN": "债权人在信贷交易的任何环节，均不得基于受禁止的依据给予申请人较差待遇。",
      },
      evidence: [{ audit: "fairness.individual", metrics: ["counterfactual-flip-rate"] }],
    },
    {
      cite: "12 CFR part 1002, supplement I to § 1002.6(a), as amended",
      asks: {
        en: "Neutral criteria are reached only where they are proxies designed or applied with the intention to advantage or disadvantage by a protected characteristic.",
        "zh-CN": "中立标准仅在其作为替代、且有意据受保护特征给予有利或不利待遇时才受约束。",
      },
      evidence: [{ audit: "fairness.representation", metrics: ["proxy-strength", "normalized-mutual-information"] }],
      document: [{ en: "Why each input is used.", "zh-CN": "每个输入为何使用。" }],
    },
    {
      cite: "12 CFR 1002.9",
      asks: {
        en: "An applicant who is refused is given specific reasons.",
        "zh-CN": "须向被拒绝的申请人说明具体理由。",
      },
      evidence: [{ audit: "explainability.shapley" }],
      document: [{ en: "The notice, and how its reasons are chosen.", "zh-CN": "通知书，以及如何选取其中的理由。" }],
    },
  ],
};
