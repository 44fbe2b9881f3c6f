import type { Policy } from "@assay/schema";

/** EU AI Act, Article 10: data governance of high-risk systems. It asks for examination and measures, and sets no bound. */
export const euAiAct: Policy = {
  id: "eu-ai-act",
  title: { en: "EU AI Act, Article 10 (data and bias)", "zh-CN": "欧盟《人工智能法》第 10 条（数据与偏差）" },
  jurisdiction: { en: "European Union, high-risk systems (Annex III)", "zh-CN": "欧盟，高风险系统（附件三）" },
  gate: "none",
  rules: [],
  audits: [],
  citation: "Regulation (EU) 2024/1689, Article 10, Article 15, Annex III",
  source: "https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
  status: "delayed",
  dates: [
    { on: "2024-08-01", what: { en: "the act enters into force", "zh-CN": "该法生效" } },
    {
      on: "2026-06-29",
      what: {
        en: "the Council adopts the Digital Omnibus on AI, which moves Annex III from 2 August 2026 to 2 December 2027",
        "zh-CN": "欧盟理事会通过人工智能数字综合法案，将附件三的适用由 2026 年 8 月 2 日推迟至 2027 年 12 月 2 日",
      },
    },
    {
      on: "2027-12-02",
      what: { en: "duties on Annex III systems apply", "zh-CN": "附件三系统的义务开始适用" },
    },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "Stored copies up to early July 2026, which tell the Council's adoption; the Omnibus in the Official Journal was not seen, nor the consolidated act.",
    "zh-CN": "截至 2026 年 7 月初、称理事会已通过的存档；未见官方公报上的综合法案，也未见合并文本。",
  },
  note: {
    en: "Look up whether the Omnibus stands in the Official Journal: until it does, the first dates are the law's. The act names no measure and no bound; harmonised standards were not out.",
    "zh-CN":
      "请核实综合法案是否已载于官方公报：在此之前，法律所载仍是原日期。该法没有指定度量或界限；协调标准尚未发布。",
  },
  clauses: [
    {
      cite: "Article 10(2)(f)",
      asks: {
        en: "Data sets are examined in view of possible biases that are likely to affect health and safety, fundamental rights, or lead to discrimination.",
        "zh-CN": "应检查数据集中可能影响健康与安全、基本权利或导致歧视的偏差。",
      },
      evidence: [
        { audit: "fairness.representation" },
        { audit: "fairness.group-metrics" },
        { audit: "fairness.subgroups" },
      ],
    },
    {
      cite: "Article 10(2)(g)",
      asks: {
        en: "Measures to detect, prevent and mitigate the biases found.",
        "zh-CN": "采取措施以发现、预防和减轻所发现的偏差。",
      },
      evidence: [{ audit: "fairness.mitigation" }],
      document: [{ en: "What was decided about each bias, and by whom.", "zh-CN": "对每一偏差作出的决定及决定者。" }],
    },
    {
      cite: "Article 10(3)–(4)",
      asks: {
        en: "Data are relevant, sufficiently representative and, as far as possible, free of errors and complete, also as to the groups the system is used on.",
        "zh-CN": "数据应相关、具有充分代表性，并尽可能无误且完整，包括就系统所适用的人群而言。",
      },
      evidence: [
        {
          audit: "fairness.representation",
          metrics: ["representation-share", "representation-ratio", "missing-share-difference", "label-agreement"],
        },
      ],
      document: [
        {
          en: "The intended purpose, place and people, and why the data fit them.",
          "zh-CN": "预期用途、地域与人群，以及数据为何与之相符。",
        },
      ],
    },
    {
      cite: "Article 10(2)(a)–(e), (h)",
      asks: {
        en: "Design choices, origin and collection, preparation, assumptions, availability, and gaps of the data are governed.",
        "zh-CN": "对数据的设计选择、来源与收集、处理、假设、可得性与缺口进行治理。",
      },
      document: [
        { en: "Where the data come from, and their original purpose.", "zh-CN": "数据来源及其最初目的。" },
        { en: "How they were labelled and cleaned.", "zh-CN": "如何标注与清洗。" },
        { en: "Which gaps remain.", "zh-CN": "仍有哪些缺口。" },
      ],
    },
    {
      cite: "Article 15(1)–(3)",
      asks: {
        en: "An appropriate level of accuracy, declared in the instructions for use.",
        "zh-CN": "具有适当的准确性，并在使用说明中声明。",
      },
      evidence: [{ audit: "impact.classification" }, { audit: "fairness.group-metrics" }],
    },
  ],
};
