import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Re-identification",
  question:
    "Can a person be found in this file by what others may know of them, and what would the file then give away?",
  method:
    "People with the same values in every quasi-identifier form a group (an equivalence class). One pass over the rows gathers the groups; everything else is computed from their sizes and, for each sensitive column, from the values inside them: k-anonymity, unique people, prosecutor risk (1/k at worst, groups ÷ people on average), distinct, entropy and recursive l-diversity, t-closeness and β-likeness, each for the worst group. t uses total variation (all values equally far apart); where all values are numbers the ordered distance stands beside it. Each quasi-identifier is also taken alone and left out, to show which columns single people out. A missing quasi-identifier is a value of its own: two people whose age is missing look alike. A missing sensitive value is left out of the group's diversity. The numbers describe the file exactly; nothing is sampled, so they have no interval.",
  reading:
    "k is the size of the smallest group: 1 means that somebody stands alone. Severity is high where somebody is unique or a group gives a sensitive value away, medium where a group is smaller than the k asked for, low otherwise. Bounds on k differ by field; the European Medicines Agency's guidance on publishing clinical reports suggests a risk of about 0.09, which is k = 11. l is the fewest different sensitive values in any group; t says how far the most telling group is from the whole file, 0 nothing learnt, 1 everything. The average prosecutor risk is also the marketer risk of an attacker who tries to match the whole file and knows that everybody is in it.",
  action:
    "Start with the column whose absence leaves the fewest people unique: use bands instead of exact ages, regions instead of postcodes, months instead of days, or leave it out. Suppress the few rows that stay alone. Then run this audit again on the result, and look at l and t too: a large group in which all share one diagnosis still gives it away.",
  limits:
    "The audit speaks of the people in this file and of the quasi-identifiers that the plan names; a column left out of the plan is not looked at. It assumes an attacker who knows that the person is in the file (prosecutor). Being unique here does not mean being unique in the population: for that one needs the population or a model of it, which this audit does not estimate, so for a small sample the real risk to strangers is lower. One row is taken as one person; where a person has several rows, sizes are overstated. Weights are not used. Good numbers here are no proof of anonymity under GDPR recital 26 or any other law: linkage by other columns, free text and other releases is not covered.",
  settings: {
    k: { label: "People a group should hold", help: "Groups smaller than this are counted as too small. 2 to 1,000." },
    l: {
      label: "Sensitive values a group should hold",
      help: "Groups with fewer different values of a sensitive column give it away. Also the l of recursive (c, l)-diversity.",
    },
  },
};
