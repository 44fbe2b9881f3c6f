import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Feedback",
  question: "What do people affected report, from which groups, and how often are they right?",
  method:
    "Reports of people affected are counted by month, by the group that senders say they belong to, by the decision they are about and by what became of them; what was withdrawn or is spam is left out. A rate sets a group's reports against its decisions in the data, per 1,000, with Garwood's exact Poisson interval. Whether groups report at one rate is tested given how many reports came: they then fall to groups as decisions do, so that Pearson's statistic is held against χ² where at least 5 reports are expected of every group, else against multinomial draws; adjusted by Holm over protected columns. The difference of rates has bounds from intervals that hold for all printed groups at once (Bonferroni), and holds 0 where the test does not reject it. The share of decided reports that were found right has Wilson's interval.",
  reading:
    "A higher rate says that a group reports more often, for each of its decisions; it does not say why. A report counts as found right when it stands as upheld or resolved, as the people who run the project set it. Groups are what senders say, by the words of the form, matched with the data's own text.",
  action:
    "Read the reports of the groups that report most, link them to rows and findings, and audit again. Look for other decisions made in the same way as those that were found wrong. Where a group never reports, ask whether it knows of the form and can use it.",
  limits:
    "People choose whether to report, and whether to say who they are: rates of reports are no rates of harm, and the same harm is reported more by those who know how. Reports and decisions need not be of the same time: the rate takes the decisions that the data hold. Small counts are not printed, nor the one count that would tell such a count within its column; several tables together may still tell more than one alone. Groups of fewer decisions than `min_count` stand outside the comparison. Columns are told one by one, not crossed; rows are counted, not weighed. One person may report more than once.",
  settings: {
    confidence: { label: "Confidence", help: "Level of every interval, and of the claims: 0.95 is usual." },
    min_count: {
      label: "Fewest decisions in a group",
      help: "Groups of fewer decisions are printed but not compared; 0 compares all.",
    },
    min_reports: {
      label: "Fewest reports that are printed",
      help: "Counts of fewer reports are not printed, so that nobody can be made out; 0 prints all.",
    },
    replicates: { label: "Replicates", help: "Draws of each test that is not by χ²." },
  },
};
