import type { Policy } from "@assay/schema";

/**
 * New York City Local Law 144 of 2021, rules 6 RCNY § 5-300 ff.: selection and scoring rates with impact ratios are to
 * be published. It sets no bound, so this policy reports and judges nothing.
 */
export const nycLl144: Policy = {
  id: "nyc-ll144",
  title: { en: "New York City Local Law 144", "zh-CN": "纽约市第 144 号地方法" },
  jurisdiction: { en: "New York City, hiring and promotion", "zh-CN": "纽约市，招聘与晋升" },
  gate: "none",
  rules: [],
  audits: ["fairness.impact-ratio"],
  citation: "NYC Administrative Code § 20-870 to 20-874; 6 RCNY § 5-300 to 5-304",
  source: "https://rules.cityofnewyork.us/rule/automated-employment-decision-tools-updated/",
  status: "in-force",
  dates: [
    {
      on: "2023-07-05",
      what: { en: "the rules apply and are enforced", "zh-CN": "实施细则生效并开始执法" },
    },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "A stored copy of the city's code (6 RCNY § 5-301) of unknown day, and pages of 2026 that describe it as in force.",
    "zh-CN": "该市法规的存档副本（6 RCNY § 5-301，日期不明），以及 2026 年称其有效的网页。",
  },
  note: {
    en: "The law asks for an audit by an independent auditor and sets no bound for the ratio. A run made by the tool's own user is not that audit.",
    "zh-CN": "该法要求由独立审计人进行审计，且没有为比率设定界限。使用者自行运行的结果不是该法所指的审计。",
  },
  clauses: [
    {
      cite: "6 RCNY § 5-301(b)",
      asks: {
        en: "Where a tool selects people or puts them into groups: selection rate and impact ratio of every category, by sex, by race/ethnicity, and of their intersections.",
        "zh-CN": "工具作出筛选或分组时：按性别、按种族/族裔及其交叉，给出每一类别的选择率和影响比。",
      },
      evidence: [
        { audit: "fairness.impact-ratio", metrics: ["count", "selection-rate", "favourable-rate", "impact-ratio"] },
      ],
      document: [
        {
          en: "That the columns hold the categories of the federal EEO-1 report.",
          "zh-CN": "所用列的类别即为联邦 EEO-1 报告的类别。",
        },
      ],
    },
    {
      cite: "6 RCNY § 5-301(c)",
      asks: {
        en: "Where a tool scores people: the full sample's median score, the share of each category above it, and its impact ratio.",
        "zh-CN": "工具给出得分时：全样本的得分中位数、每一类别高于该中位数的比例及其影响比。",
      },
      evidence: [{ audit: "fairness.impact-ratio", metrics: ["median-score", "scoring-rate", "scoring-impact-ratio"] }],
    },
    {
      cite: "6 RCNY § 5-301(d)",
      asks: {
        en: "A category of less than 2 % of the data may be left out of the ratios, with the auditor's reason, its count and its rate.",
        "zh-CN": "占数据不足 2 % 的类别可不计算影响比，但须说明理由，并给出其人数与比率。",
      },
      evidence: [{ audit: "fairness.impact-ratio", metrics: ["count", "impact-ratio", "scoring-impact-ratio"] }],
      document: [{ en: "The reason for leaving a category out.", "zh-CN": "排除某一类别的理由。" }],
    },
    {
      cite: "6 RCNY § 5-301(a)",
      asks: {
        en: "A tool may not be used when more than a year has passed since its most recent bias audit.",
        "zh-CN": "距最近一次偏见审计超过一年的工具不得使用。",
      },
      document: [{ en: "The date of the most recent bias audit.", "zh-CN": "最近一次偏见审计的日期。" }],
    },
    {
      cite: "6 RCNY § 5-302",
      asks: {
        en: "The audit uses historical data; test data only where there are too few of these, with an explanation.",
        "zh-CN": "审计使用历史数据；仅在历史数据不足时可使用测试数据，并须说明。",
      },
      document: [
        {
          en: "Where the data come from, and how test data were made.",
          "zh-CN": "数据从何而来；如为测试数据，如何生成。",
        },
      ],
    },
    {
      cite: "6 RCNY § 5-303",
      asks: {
        en: "Before its use, the date of the latest audit, a summary of its results and the tool's distribution date are published; the summary tells source, unknown categories, counts, rates and ratios.",
        "zh-CN":
          "使用前须公布最近一次审计的日期、结果摘要和工具投入使用的日期；摘要应包括数据来源、未知类别人数、人数、比率与影响比。",
      },
      evidence: [{ audit: "fairness.impact-ratio" }],
      document: [
        { en: "The distribution date of the tool.", "zh-CN": "工具投入使用的日期。" },
        { en: "Where the summary is published.", "zh-CN": "摘要的公布位置。" },
      ],
    },
    {
      cite: "NYC Administrative Code § 20-870, § 20-871(b); 6 RCNY § 5-304",
      asks: {
        en: "The audit is an independent auditor's; candidates are given notice ten business days before.",
        "zh-CN": "审计由独立审计人进行；须提前十个工作日通知应聘者。",
      },
      document: [
        { en: "Who the independent auditor is.", "zh-CN": "独立审计人是谁。" },
        { en: "The notice given, and when.", "zh-CN": "通知的内容与时间。" },
      ],
    },
  ],
};
