import type { Policy } from "@assay/schema";

/** Illinois HB 3773 (Public Act 103-0804): no AI in employment that has the effect of discrimination; notice. It sets no bound. */
export const illinoisHb3773: Policy = {
  id: "illinois-hb3773",
  title: { en: "Illinois HB 3773, AI in employment", "zh-CN": "伊利诺伊州 HB 3773，就业中的人工智能" },
  jurisdiction: { en: "Illinois, employment", "zh-CN": "伊利诺伊州，就业" },
  gate: "none",
  rules: [],
  audits: ["fairness.impact-ratio"],
  citation: "Public Act 103-0804, 775 ILCS 5/2-101 and 5/2-102(L)",
  source: "https://legiscan.com/IL/text/HB3773/2023",
  status: "in-force",
  dates: [
    { on: "2026-01-01", what: { en: "the act applies", "zh-CN": "该法施行" } },
    {
      on: "2026-05-15",
      what: {
        en: "the department proposes rules on notice (Subpart J)",
        "zh-CN": "州人权局公布关于告知的规则草案（J 分编）",
      },
    },
    { on: "2026-06-02", what: { en: "it withdraws them", "zh-CN": "该草案被撤回" } },
  ],
  checkedOn: "2026-12-01",
  checkedAgainst: {
    en: "A stored copy of the enrolled bill, and accounts of the rule making up to June 2026; whether rules were adopted since was not found.",
    "zh-CN": "法案送签文本的存档，以及截至 2026 年 6 月的规则制定进展；未查明此后是否已有规则通过。",
  },
  note: {
    en: "The effect counts, not the intent. No bound is written down; four fifths is the EEOC's rule of thumb, not this law's.",
    "zh-CN": "看效果而不看意图。法律没有写明界限；五分之四是 EEOC 的经验规则，不是本法的。",
  },
  clauses: [
    {
      cite: "775 ILCS 5/2-102(L)(1), effect",
      asks: {
        en: "An employer does not use AI that has the effect of subjecting people to discrimination on a protected basis in recruitment, hiring, promotion, discipline, discharge and other terms of work.",
        "zh-CN": "雇主在招聘、录用、晋升、纪律、解雇及其他劳动条件中，不得使用具有基于受保护特征的歧视效果的人工智能。",
      },
      evidence: [
        { audit: "fairness.impact-ratio", metrics: ["selection-rate", "favourable-rate", "impact-ratio"] },
        { audit: "fairness.group-metrics" },
        { audit: "fairness.subgroups" },
      ],
    },
    {
      cite: "775 ILCS 5/2-102(L)(1), zip codes",
      asks: {
        en: "Zip codes are not used as a proxy for a protected class.",
        "zh-CN": "不得以邮政编码作为受保护类别的替代。",
      },
      evidence: [{ audit: "fairness.representation", metrics: ["proxy-strength", "normalized-mutual-information"] }],
      document: [
        { en: "Whether places enter the model, and why they are needed.", "zh-CN": "地点是否进入模型，以及为何需要。" },
      ],
    },
    {
      cite: "775 ILCS 5/2-102(L)(2)",
      asks: {
        en: "People are told that AI is used for these purposes.",
        "zh-CN": "须告知当事人在上述用途中使用了人工智能。",
      },
      document: [{ en: "The notice, and when it is given.", "zh-CN": "告知的内容与时间。" }],
    },
  ],
};
