import type { Policy } from "@assay/schema";

/** Colorado SB 21-169 and Regulation 10-1-1: insurers test for unfair discrimination. No testing rule with a bound was adopted. */
export const coloradoInsurance: Policy = {
  id: "colorado-insurance",
  title: {
    en: "Colorado insurance, Regulation 10-1-1 (SB 21-169)",
    "zh-CN": "科罗拉多州保险第 10-1-1 号条例（SB 21-169）",
  },
  jurisdiction: {
    en: "Colorado, insurers that use external consumer data or models built on them",
    "zh-CN": "科罗拉多州，使用外部消费者数据或以其建立模型的保险公司",
  },
  gate: "none",
  rules: [],
  audits: [],
  citation: "C.R.S. § 10-3-1104.9 (SB 21-169); 3 CCR 702-10, Regulation 10-1-1",
  source:
    "https://doi.colorado.gov/for-consumers/sb21-169-protecting-consumers-from-unfair-discrimination-in-insurance-practices",
  status: "in-force",
  dates: [
    {
      on: "2023-11-14",
      what: { en: "Regulation 10-1-1 applies to life insurers", "zh-CN": "第 10-1-1 号条例适用于人寿保险" },
    },
    {
      on: "2025-10-15",
      what: {
        en: "its amendment applies, to private passenger auto and health benefit plans too",
        "zh-CN": "修订生效，并扩展至私人乘用车险与健康福利计划",
      },
    },
    {
      on: "2026-07-01",
      what: { en: "first yearly report of auto and health insurers", "zh-CN": "车险与健康险公司首次提交年度报告" },
    },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "Stored copies: the Division's page on SB 21-169, its notice of Bulletin B-10.004, and law firms' and actuaries' accounts of September 2025 to May 2026; not the regulation's own text.",
    "zh-CN":
      "存档副本：保险局关于 SB 21-169 的网页、B-10.004 号公告通知，以及 2025 年 9 月至 2026 年 5 月律师事务所和精算师的介绍；未查阅条例原文。",
  },
  note: {
    en: "A draft of 2023 for life underwriting would have estimated race by BIFSG (first name, surname, place); no adopted testing regulation was found. Assay does not guess race from names: give a column that holds it, or estimates whose making you document.",
    "zh-CN":
      "2023 年关于寿险核保的草案拟用 BIFSG（名、姓、地址）推断种族；未找到已通过的检测条例。Assay 不会根据姓名推断种族：请提供含有种族的列，或记录其推断方法的列。",
  },
  clauses: [
    {
      cite: "C.R.S. § 10-3-1104.9",
      asks: {
        en: "External consumer data and models that use them do not unfairly discriminate by race, color, origin, religion, sex, sexual orientation, disability, gender identity or expression.",
        "zh-CN":
          "外部消费者数据及使用它们的模型，不得基于种族、肤色、出身、宗教、性别、性取向、残疾、性别认同或表达进行不公平歧视。",
      },
      evidence: [
        { audit: "fairness.group-metrics" },
        { audit: "fairness.calibration" },
        { audit: "fairness.representation", metrics: ["proxy-strength", "normalized-mutual-information"] },
      ],
    },
    {
      cite: "Regulation 10-1-1, section 5",
      asks: {
        en: "Testing is documented: its methods, assumptions, results, and what is done about unfair outcomes.",
        "zh-CN": "须记录检测的方法、假设、结果，以及对不公平结果采取的措施。",
      },
      evidence: [{ audit: "fairness.group-metrics" }, { audit: "fairness.subgroups" }],
      document: [
        {
          en: "Governing principles, the board's oversight and who answers for it.",
          "zh-CN": "治理原则、董事会监督与责任人。",
        },
        {
          en: "An inventory of external data and models with their versions.",
          "zh-CN": "外部数据与模型及其版本的清单。",
        },
        { en: "How race was known or estimated, and how well.", "zh-CN": "种族如何得知或推断，准确程度如何。" },
        { en: "How adverse decisions are explained to consumers.", "zh-CN": "如何向消费者说明不利决定。" },
      ],
    },
  ],
};
