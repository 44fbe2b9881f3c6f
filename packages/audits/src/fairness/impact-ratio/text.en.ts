import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Impact ratio",
  question:
    "Does one category of people get the favourable decision, or a high score, less often than the category that gets it most?",
  method:
    "For every category of each protected column and of their intersections: the number of people, the share who get the favourable decision (selection rate, Wilson interval), and that share over the highest one (impact ratio). With a score, also the share strictly above the full sample's median score (scoring rate) and its ratio; the median is found exactly, over all scored people, unknown categories included. Categories holding less than `exclude_under` of the people used are left out of the ratios, are never the highest, and keep their count and rate. Ratios carry Koopman's score interval and Fisher's exact p against the highest, and hold 1 where that test does not reject it; the adjusted p is Holm's over all pairs of compared categories, because which one is highest is read off the same data. People with an unknown category are counted and stand in no ratio; people without a decision (or a score) are counted and left out.",
  reading:
    "1 is parity with the category that fares best. The line at 0.8 is the four-fifths rule of thumb of the Uniform Guidelines, 29 CFR 1607.4(D), and not part of Local Law 144, which asks for the numbers and sets no line. High severity: the whole interval of some category's ratio lies under four fifths; every such category is named. Indeterminate: none does, and some interval straddles the line. Each interval stands by itself: at 95 %, a ratio of exactly 0.8 looks clearly under it once in forty, so of very many categories one may by chance. The public summary of § 5-303 is a format of the report (`ll144`): it shows these numbers and what the settings say, and marks what they leave open. Status of the sources, checked 2026-12-01 against stored copies no newer than July 2026: 6 RCNY § 5-300 to 5-304 stand in the city's code; the EEOC announced the rescission of its part of the Uniform Guidelines (RIN 3046-AB43, final rule stage in the Unified Agenda of October 2025), so look up whether they still stand before leaning on them.",
  action:
    "Where a ratio is low, find the step or the input that makes it so, ask whether the job needs it, and look for an alternative with less effect. Compare with fairness.group-metrics, which tells whether errors differ too. Where the interval is wide, collect more decisions before concluding either way.",
  limits:
    "This is a self-run calculation. It never is the independent bias audit that Local Law 144 asks for, however the numbers look, and it does not say whether anyone meets the law. The audit has no clock: dates stand as the plan gives them, and the one-year limit of § 5-301(a) is yours to watch. Which categories the law means (EEO-1 race/ethnicity, sex) depends on the columns given. The category of reference is the highest seen, so ratios lean downwards when categories are small; the interval is for the ratio to that category and takes the median as fixed. Weights are not used: the rules count people. A decision shared by all categories alike can still be wrong for all.",
  settings: {
    confidence: { label: "Confidence", help: "Of the intervals, between 0.8 and 0.999; usually 0.95." },
    exclude_under: {
      label: "Leave out categories under",
      help: "Share of the people used, unknown ones not counted, under which a category has no ratio. 6 RCNY § 5-301(d) allows up to 0.02; 0 leaves none out.",
    },
    audit_date: {
      label: "Date of the latest bias audit",
      help: "Printed as written: that of the independent auditor's audit. As 2026-11-24, the end of its year is told too.",
    },
    auditor: { label: "Independent auditor", help: "Printed as written; nothing here checks who is independent." },
    data_dates: { label: "Dates of the data", help: "Printed as written, such as 2025-01-01 to 2025-12-31." },
    data_explanation: {
      label: "Explanation of the data",
      help: "Printed as written: historical or test data; why test data were used, and how they were made (§ 5-302).",
    },
    data_source: { label: "Source of the data", help: "Printed as written: where the data come from." },
    distribution_date: { label: "Distribution date", help: "Printed as written: when the tool was put to use." },
    exclusion_reason: {
      label: "Reason for exclusions",
      help: "Printed as written: why categories under the share above are left out (§ 5-301(d)).",
    },
    tool: { label: "Tool", help: "Printed as written: the name of the tool that is summed up." },
  },
};
