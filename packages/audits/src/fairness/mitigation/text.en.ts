import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Mitigation",
  question: "What makes decisions more alike between groups, and what does that cost?",
  method:
    "A share of the rows is held out, evenly by group and label and drawn by the seed, or as a column says. threshold: from the convex hulls of the groups' ROC curves, over every threshold that the scores allow, the rules are found that are best in the objective among all whose gap is at most the tolerance, exactly; where a single threshold cannot do it, two or more are mixed by probability, and a draw of Philox by seed and row decides, always alike. Groups that are unknown, new or too small have a common rule. Before: the plan's decisions, or where it gives none, one threshold for all that is best in the objective. Rates on held-out rows are those expected over the draws. Their intervals come from replicates that draw the rows learned from and the rows held out anew, as multinomial draws on their counts, and learn the rules anew in each: Wilson's interval at the spread of the replicates for rates, the greatest |t| over all pairs of groups for gaps, which reaches zero wherever groups may be equal. They speak of the rates that the delivered rule has among new people, and are wider than its own by the spread between rules learned from other rows of the same kind. Accuracy is compared on the same rows by McNemar's exact test, each row decided by its draw; changes of gaps by the same replicates, paired. The front shows what other tolerances give.",
  reading:
    "Read the gap and the accuracy together, before and after, on held-out rows: rows learned from always look better. Look at who pays: a rule can make groups alike by deciding one of them worse. Where the interval of the gap after reaches zero, the groups may be alike.",
  action:
    "Choose the constraint for a reason that people affected would accept, and write the reason down. Take the least tolerance whose cost can be borne, apply thresholds.json as it says, audit the decisions again, and again when the data move. Where the law forbids decisions by group, thresholds by group are no remedy: ask a lawyer first.",
  limits:
    "A constraint on rates is not fairness: labels may carry the wrongs of the past, and equal rates can hide unequal errors. Equalized odds lowers every group to what the worst served can reach. Rules learned from few rows keep the constraint on those rows and not beyond. With more than 200 groups or 60,000 cells of scores the intervals are of the rules as learned; more than 1,000 different scores are cut into 1,000 stretches for the replicates. Changes of gaps have no interval beyond 50 groups, nor for weighted rows where rules are not learned anew.",
  settings: {
    by: {
      label: "Groups of",
      help: "A protected column, or several crossed, such as [race, sex]. Empty: the plan's first.",
    },
    confidence: { label: "Confidence", help: "Level of every interval: 0.95 covers the true value 95 times in 100." },
    constraint: { label: "Constraint", help: "What shall be alike between groups." },
    encoding: {
      label: "Encoding of texts",
      help: "How texts become numbers where a method learns anew: a column for each, or their places in alphabetical order.",
    },
    frontier: {
      label: "Points of the front",
      help: "How many tolerances are tried to show what each costs; 0 draws none.",
    },
    level: { label: "Repair level", help: "How far repair moves features: 0 leaves them, 1 makes groups alike." },
    method: {
      label: "Method",
      help: "threshold changes decisions after the score; reweigh, resample and repair change what a model learns from; reduce changes how it learns.",
    },
    min_count: {
      label: "Least rows",
      help: "Groups with fewer rows to learn from have the common rule, and stand outside the gaps; 0 lets all in.",
    },
    objective: { label: "Objective", help: "What is made as good as the constraint allows." },
    replicates: { label: "Replicates", help: "How often rows are drawn and rules learned anew." },
    split: { label: "Split column", help: "A column that says train or test; empty: drawn by the seed." },
    test: { label: "Held out", help: "Share of the rows that is held out where it is drawn." },
    tolerance: { label: "Tolerance", help: "Greatest gap that the constraint allows: 0.05 is 5 points." },
  },
};
