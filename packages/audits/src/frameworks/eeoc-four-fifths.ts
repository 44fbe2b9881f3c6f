import type { Policy } from "@assay/schema";

/**
 * The four-fifths rule of thumb of the Uniform Guidelines, 29 CFR 1607.4(D): a selection rate under four fifths of the
 * highest group's is generally regarded as evidence of adverse impact. Its companion is a test of significance.
 */
export const eeocFourFifths: Policy = {
  id: "eeoc-four-fifths",
  title: { en: "Four-fifths rule (US Uniform Guidelines)", "zh-CN": "五分之四规则（美国《统一指南》）" },
  jurisdiction: { en: "United States, employment", "zh-CN": "美国，就业" },
  gate: "rules",
  rules: [{ metric: "impact-ratio", by: ["protected"], at_least: 0.8 }],
  audits: ["fairness.impact-ratio"],
  citation: "Uniform Guidelines on Employee Selection Procedures (1978), 29 CFR part 1607, § 1607.4",
  source: "https://www.ecfr.gov/current/title-29/subtitle-B/chapter-XIV/part-1607/section-1607.4",
  status: "guidance",
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "A stored copy of the Unified Agenda's entry RIN 3046-AB43 made on 2026-07-05, and a federal agency's page that quotes the rule of thumb; the code itself was not read anew.",
    "zh-CN":
      "联邦统一议程 RIN 3046-AB43 条目的存档（2026-07-05 生成），以及一个联邦机构引用该经验规则的网页；未重新查阅法规本身。",
  },
  note: {
    en: "A rule of thumb of the Uniform Guidelines, no law by itself. The EEOC lists the rescission of their interpretive part as a final rule under way (RIN 3046-AB43); no published final rule was found. Four other agencies adopted the Guidelines too, and the entry says that they are not affected.",
    "zh-CN":
      "《统一指南》中的经验规则，本身不是法律。EEOC 已把撤销其解释性部分列为正在进行的最终规则（RIN 3046-AB43），未找到已公布的最终规则。其他几个联邦机构也采用该指南，该条目称不影响它们的解释与适用。",
  },
  clauses: [
    {
      cite: "29 CFR 1607.4(D), first sentence",
      asks: {
        en: "A selection rate of a race, sex or ethnic group below four fifths of the highest group's rate is generally regarded as evidence of adverse impact; a higher one generally is not.",
        "zh-CN":
          "某一种族、性别或族裔群体的选择率低于最高群体的五分之四时，一般视为存在不利影响的证据；高于该线时一般不视为证据。",
      },
      evidence: [{ audit: "fairness.impact-ratio", metrics: ["selection-rate", "favourable-rate", "impact-ratio"] }],
    },
    {
      cite: "29 CFR 1607.4(D), second and third sentence",
      asks: {
        en: "Smaller differences may be adverse impact where they are significant in statistical and practical terms; greater ones may not be where they rest on small numbers and are not statistically significant. The impact ratio's measure carries Fisher's exact test for this.",
        "zh-CN":
          "较小的差异若在统计和实际意义上都显著，也可能构成不利影响；较大的差异若基于少量数据且统计上不显著，则可能不构成。影响比的度量为此附有 Fisher 精确检验。",
      },
      evidence: [{ audit: "fairness.impact-ratio", metrics: ["impact-ratio"] }],
      document: [
        { en: "Why a difference matters, or does not, in practice.", "zh-CN": "差异在实际中为何重要或不重要。" },
        {
          en: "Whether the pool of applicants is atypical of the usual pool for the job.",
          "zh-CN": "申请人群体是否不同于该职位通常的申请人群体。",
        },
      ],
    },
    {
      cite: "29 CFR 1607.5 and 1607.14–15",
      asks: {
        en: "Where there is adverse impact, the procedure is to be validated for the job, and the validation documented.",
        "zh-CN": "存在不利影响时，应验证该程序与职位的关联，并记录验证过程。",
      },
      document: [
        { en: "A validity study of the selection procedure.", "zh-CN": "该选拔程序的效度研究。" },
        {
          en: "The search for an alternative with less adverse impact (1607.3(B)).",
          "zh-CN": "对不利影响较小的替代程序的考察（1607.3(B)）。",
        },
      ],
    },
  ],
};
