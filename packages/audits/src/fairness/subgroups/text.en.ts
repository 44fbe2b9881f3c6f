import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Worst groups",
  question: "In which groups of people, described by a few of their columns, is the model worst?",
  method:
    "Rows are cut in two by a hash of their number and the seed (of a table of counts: as many people of each line as a binomial draw says). In one part every group is looked at that up to three columns describe: protected columns and features, numbers in bands at exact quantiles, texts by value (values of too few rows share one), missing values as a value. Groups are scored by SliceLine: α (error rate over the overall one − 1) − (1 − α) (all rows over the group's − 1). The search goes from one column to two, to three; a group has no more rows and errors than any group around it, which bounds its score, and only what cannot be among the best k is passed over: the k groups found are exactly the best of all. The other part then tests each against everyone else (Fisher's exact test, one-sided, adjusted by Benjamini–Hochberg over the groups found), with Wilson's interval of its rate and Newcombe's of the difference, which reaches 0 where the test does not reject. Groups that overlap are told once: those that share most of their people; a narrower one that is no worse than the rest of the wider; a wider one that is no worse without the narrower (tested on the held-out rows, each at 1 − confidence over the number of groups).",
  reading:
    "A confirmed group is worse than the rest in rows that had no part in choosing it: its held-out rate and gap are fair estimates, while the rate where it was found is too bad by its choice. Not confirmed does not mean equal: the smallest gap that could have been seen is told. A false alarm is one confirmed group among people who do not differ: in data without any difference the audit confirms none in at least 95 runs of 100.",
  action:
    "Start with the confirmed groups of the largest gap. See how many of them the training data hold, whether a feature means something else for them, and whether their labels can be trusted; then mitigate and run this again. Give groups that matter to you a protected column, and fairness.group-metrics speaks of them in every run.",
  limits:
    "Groups are described by the columns searched and their bands alone; a group that no column describes is not found. Half of the rows find and half confirm, so that small groups with small gaps are missed: docs/methods/subgroups-power.md tells the power. Benjamini–Hochberg bounds the expected share of false claims where tests are independent or depend positively, as those of overlapping groups do. Intervals are each for itself. Slices that are worse need not be treated unfairly, and being worse has a cause that this audit does not know. Weights are not used.",
  settings: {
    alpha: {
      label: "Weight of the error",
      help: "α of the score, above 0 to 1: higher looks for smaller, worse groups; lower for larger ones.",
    },
    bins: { label: "Bands", help: "Most bands of a number column, cut at its quantiles." },
    columns: {
      label: "Columns",
      help: "Columns to describe groups by; empty: the protected columns and the features.",
    },
    confidence: {
      label: "Confidence",
      help: "Level of every interval; a group is confirmed where its adjusted p is below 1 less this.",
    },
    depth: { label: "Columns of a group", help: "Most columns that describe a group, 1 to 4." },
    hold_out: { label: "Held-out share", help: "Share of rows kept apart to confirm what the others showed." },
    k: { label: "Groups", help: "How many of the worst groups are told and tested." },
    levels: {
      label: "Values of a text",
      help: "Most frequent values of a text column that are groups of their own; the rest share one.",
    },
    metric: {
      label: "What is bad",
      help: "error-rate: wrong decisions. false-positive-rate and false-negative-rate: among those truly negative or positive. selection-rate: few favourable decisions.",
    },
    min_count: { label: "Least people", help: "Fewest rows of a group in the rows that groups are looked for in." },
    min_share: { label: "Least share", help: "Smallest share of those rows that a group may be, 0 to 0.5." },
    overlap: {
      label: "Same people from",
      help: "Groups that share at least this much of their people (Jaccard index) are told as one.",
    },
  },
};
