import type { Policy } from "@assay/schema";

/**
 * Colorado SB 26-189, which repealed the Colorado AI Act (SB 24-205) before that was ever applied. It asks for notices,
 * documentation and human review; no number is asked for, so this policy judges nothing.
 */
export const coloradoSb26189: Policy = {
  id: "colorado-sb26-189",
  title: {
    en: "Colorado SB 26-189 (in place of the AI Act, SB 24-205)",
    "zh-CN": "科罗拉多州 SB 26-189（取代人工智能法 SB 24-205）",
  },
  jurisdiction: { en: "Colorado, consequential decisions", "zh-CN": "科罗拉多州，重大决定" },
  gate: "none",
  rules: [],
  audits: [],
  citation: "Colorado SB 26-189, Automated Decision-Making Technology; C.R.S. § 6-1-1701 ff.",
  source: "https://leg.colorado.gov/bills/sb26-189",
  status: "enacted",
  dates: [
    { on: "2024-05-17", what: { en: "SB 24-205 (AI Act) signed", "zh-CN": "SB 24-205（人工智能法）签署" } },
    {
      on: "2025-08-28",
      what: {
        en: "SB 25B-004 moves its start from 1 February to 30 June 2026",
        "zh-CN": "SB 25B-004 将其施行日由 2026 年 2 月 1 日推迟至 6 月 30 日",
      },
    },
    {
      on: "2026-05-14",
      what: {
        en: "SB 26-189 signed: it repeals and replaces SB 24-205",
        "zh-CN": "SB 26-189 签署：废止并取代 SB 24-205",
      },
    },
    { on: "2027-01-01", what: { en: "its duties begin", "zh-CN": "其义务开始适用" } },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "Stored copies of May to July 2026: the General Assembly's summary as quoted there, and law firms' accounts that agree on these dates; not the act itself, nor the Attorney General's rules, which were due by the start.",
    "zh-CN":
      "2026 年 5 月至 7 月的存档：其中引用的州议会摘要，以及在这些日期上一致的律师事务所介绍；未查阅法案本身，也未查阅应在施行前制定的州检察长规则。",
  },
  note: {
    en: "The duty of care against algorithmic discrimination and the impact assessments of SB 24-205 were never applied and are gone. Laws against discrimination stay: numbers by group are evidence there.",
    "zh-CN":
      "SB 24-205 的防止算法歧视的注意义务与影响评估从未适用，现已废止。反歧视法律依然有效：按组的数字在那里是证据。",
  },
  clauses: [
    {
      cite: "C.R.S. § 6-1-1702(1), as enacted by SB 26-189",
      asks: {
        en: "The developer documents intended uses, categories of training data, known limitations, and instructions for use and human review.",
        "zh-CN": "开发者须记录预期用途、训练数据类别、已知局限，以及使用和人工复核的说明。",
      },
      evidence: [
        { audit: "fairness.representation", metrics: ["count", "representation-share"] },
        { audit: "fairness.group-metrics" },
        { audit: "fairness.subgroups" },
      ],
      document: [
        {
          en: "Intended and harmful uses, and instructions for human review.",
          "zh-CN": "预期用途与有害用途，以及人工复核的说明。",
        },
      ],
    },
    {
      cite: "C.R.S. § 6-1-1704(1), as enacted by SB 26-189",
      asks: {
        en: "Before such technology materially influences a consequential decision, people are told.",
        "zh-CN": "在此类技术对重大决定产生实质影响之前，须告知当事人。",
      },
      document: [{ en: "The notice, and where it stands.", "zh-CN": "告知的内容与位置。" }],
    },
    {
      cite: "C.R.S. § 6-1-1704, as enacted by SB 26-189: adverse outcomes",
      asks: {
        en: "Within 30 days of an adverse outcome: in plain words the decision and the technology's part in it, a way to correct data, and human review.",
        "zh-CN": "不利结果发生后 30 日内：以通俗语言说明决定及该技术的作用，并提供更正数据和人工复核的途径。",
      },
      evidence: [{ audit: "explainability.shapley" }, { audit: "explainability.permutation-importance" }],
      document: [{ en: "The process of correction and of human review.", "zh-CN": "更正与人工复核的流程。" }],
    },
    {
      cite: "C.R.S. § 6-1-1702(4), as enacted by SB 26-189",
      asks: { en: "Records are kept for at least three years.", "zh-CN": "记录至少保存三年。" },
      document: [{ en: "Where versions and changes are kept.", "zh-CN": "版本与变更记录的保存位置。" }],
    },
  ],
};
