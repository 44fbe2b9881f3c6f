import type { Policy } from "@assay/schema";

/** New Jersey's rules on disparate impact under the Law Against Discrimination. They set no bound. */
export const njDisparateImpact: Policy = {
  id: "nj-disparate-impact",
  title: { en: "New Jersey, disparate impact rules", "zh-CN": "新泽西州，差别影响规则" },
  jurisdiction: {
    en: "New Jersey: employment, housing, lending, public accommodation, contracting",
    "zh-CN": "新泽西州：就业、住房、信贷、公共场所、承包",
  },
  gate: "none",
  rules: [],
  audits: ["fairness.impact-ratio"],
  citation: "N.J.A.C. 13:16 (R.2025 d.150), under the Law Against Discrimination",
  source: "https://www.regulon.ai/bills/N.J.A.C.-13-16-Disparate-Impact-Discrimination",
  status: "in-force",
  dates: [{ on: "2025-12-15", what: { en: "adopted, and in effect", "zh-CN": "通过并生效" } }],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "Stored copies of law firms' and trackers' accounts of December 2025 to spring 2026 that agree; not the register's own text.",
    "zh-CN": "2025 年 12 月至 2026 年春律师事务所与法规跟踪网站相互一致的介绍的存档；未查阅公报原文。",
  },
  note: {
    en: "The rules write existing law down. They name automated tools for employment, and hold those who use a vendor's tool to answer for it.",
    "zh-CN": "该规则将既有法律成文化，点明就业中的自动化工具，并要求使用供应商工具者对其负责。",
  },
  clauses: [
    {
      cite: "N.J.A.C. 13:16: disparate impact",
      asks: {
        en: "A neutral practice that actually or predictably has a disproportionately negative effect on a protected class is unlawful unless it is necessary for a substantial, legitimate, nondiscriminatory interest.",
        "zh-CN":
          "表面中立的做法若实际或可预见地对受保护类别产生不成比例的不利影响，即属违法，除非为实现重大、正当且非歧视的利益所必需。",
      },
      evidence: [
        { audit: "fairness.impact-ratio", metrics: ["selection-rate", "favourable-rate", "impact-ratio"] },
        { audit: "fairness.group-metrics" },
        { audit: "fairness.subgroups" },
      ],
      document: [
        {
          en: "The interest, and why the practice is necessary for it.",
          "zh-CN": "所追求的利益，以及该做法为何必需。",
        },
      ],
    },
    {
      cite: "N.J.A.C. 13:16: less discriminatory alternative",
      asks: {
        en: "Even so it is unlawful where an alternative would serve the interest with less effect.",
        "zh-CN": "即便如此，若存在影响较小而同样能实现该利益的替代做法，仍属违法。",
      },
      evidence: [{ audit: "fairness.mitigation" }],
      document: [
        { en: "Which alternatives were tried, and what they cost.", "zh-CN": "考察过哪些替代做法，代价如何。" },
      ],
    },
  ],
};
