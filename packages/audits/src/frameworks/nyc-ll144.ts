import type { Policy } from "@assay/schema";

/**
 * New York City Local Law 144 of 2021, rules 6 RCNY § 5-300 ff.: selection and scoring rates with impact ratios are to
 * be published. It sets no bound, so this policy reports and judges nothing.
 */
export const nycLl144: Policy = {
  id: "nyc-ll144",
  title: { en: "New York City Local Law 144", "zh-CN": "纽约市第 144 号地方法" },
  gate: "none",
  rules: [],
  audits: ["fairness.impact-ratio"],
  source: "https://rules.cityofnewyork.us/rule/automated-employment-decision-tools-updated/",
  status: "in-force",
  checkedOn: "2026-11-24",
  note: {
    en: "The law asks for an audit by an independent auditor and sets no bound for the ratio. A run made by the tool's own user is not that audit.",
    "zh-CN": "该法要求由独立审计人进行审计，且没有为比率设定界限。使用者自行运行的结果不是该法所指的审计。",
  },
};
