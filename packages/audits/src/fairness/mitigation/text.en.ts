import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Mitigation",
  question: "What makes decisions more alike between groups, and what does that cost?",
  method:
    "A share of the rows is held out, evenly by group and label and drawn by the seed, or as a column says; everything is learned on the others. threshold: from the convex hulls of the groups' ROC curves, over every threshold that the scores allow, the rules are found that are best in the objective among all whose gap is at most the tolerance, exactly; where one threshold cannot do it, several are mixed by probability. Groups that are unknown, new or too small have a common rule. Before: the plan's decisions, or where it gives none, one threshold for all that is best in the objective. Between the two stands the same learner without the constraint, each group's best threshold alone: what changes up to it comes from moving the cuts, what changes from it on is the price of the constraint. The other methods learn anew, a logistic regression of the standardised features that decides at one half, and before is the same without the method. reweigh: rows weigh P(group) P(label) / P(group, label), so that both are independent. resample: as many rows of each pair are drawn as that asks for. repair: numeric features move toward the median of the groups' distributions, ranks within a group stay. reduce: exponentiated gradient; a linear program mixes the classifiers it meets, to the best whose gap is at most the tolerance among the rows learned from, as far as the learner can tell. Where a rule mixes, a draw of Philox by seed and row decides, always alike, and rates are those expected over the draws. For thresholds, intervals come from replicates that draw the rows learned from and the rows held out anew, as multinomial draws on their counts, and learn the rules again in each: Wilson's interval at the spread of the replicates for rates, the greatest |t| over all pairs of groups for gaps, which reaches zero wherever groups may be equal. They cover what rules learned from so many rows do among new people on average, and, more often than their level, what the delivered rule does. For the other methods intervals are those of the delivered model on the held-out rows. Accuracy and the share selected are compared on the same rows by McNemar's exact test, each row decided by its draw. The interval of a gap's change is recovered from the intervals of the two gaps and the correlation of the two (MOVER): its lower ends cover all pairs of groups at once, its upper ends are those of the gap alone, and where a gap's interval reaches zero the distances are added. p is 1 less the greatest level whose interval leaves out 0, so that p ≤ 0.05 where, and only where, the 95 % interval does; with 1,000 replicates it is 0.001 at least. The front shows what other tolerances give, each with intervals of the rule as it was learned, which are narrower than those of rules learned anew.",
  reading:
    "Read the gap and the accuracy together, before and after, on held-out rows: rows learned from always look better. Look at who pays: a rule can make groups alike by deciding one of them worse. Where the interval of the gap after reaches zero, the groups may be alike. Read how many are selected, too: equal rates can be reached by selecting fewer or more of everybody. p is the chance of a change so plain where the gap is as it was; a large p does not say that nothing changed, for small groups let no change be seen.",
  action:
    "Choose the constraint for a reason that people affected would accept, and write the reason down. Take the least tolerance whose cost can be borne, apply thresholds.json as it says or the model in model.onnx, audit the decisions again, and again when the data move. Where the law forbids decisions by group, thresholds by group are no remedy: ask a lawyer first.",
  limits:
    "A constraint on rates is not fairness: labels may carry the wrongs of the past, and equal rates can hide unequal errors. Equalized odds lowers every group to what the worst served can reach. Rules learned from few rows keep the constraint on those rows and not beyond. model.onnx gives the chance of a positive decision, which is no probability of the label: of thresholds it takes the score and the groups' columns as texts, and none is written for bands of a number. reweigh, resample and repair promise no gap. Missing numbers take the mean of the rows learned from; a text with more than 1,000 values, and tables of counts, can be learned from by thresholds alone. With more than 200 groups or 60,000 cells of scores the intervals of thresholds are of the rules as learned; more than 1,000 different scores are cut into 1,000 stretches for the replicates. Beyond 50 groups the interval of a gap comes from those of the groups' rates. The test of a change is cautious, the more the more groups there are: where nothing changes it claims a change less often than 5 times in 100, and a change that is small beside the groups' own intervals goes unseen. The coverage and power that were simulated are in docs/methods/coverage-mitigation.md.",
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
