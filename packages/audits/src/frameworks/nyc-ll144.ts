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
};
