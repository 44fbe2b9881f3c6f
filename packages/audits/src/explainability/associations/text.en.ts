import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Associations",
  question: "Without looking into a model: what do the decisions follow?",
  method:
    "Features are put into bins: numbers at exact quantiles, texts by their most frequent values (those of fewer than five rows share a bin), missing values in a bin of their own. The mutual information of each with the decision is told in bits, less its bias (Miller–Madow), with an interval and a permutation test adjusted by Holm; and as a share of the decision's entropy (Theil's U). What cannot be measured (a constant, a text of rare values only) is left out of the tests and told with the reason, not as 0. Then a small tree is grown on part of the rows (CART, two-way splits of bins, each at least four standard errors out; values of fewer rows than a leaf needs share a bin, so that no rule names a person), and its answers are compared with the decisions of rows held out by a hash of their number (of a table of counts: as many people of each line as a binomial draw says). Without a decision column the label takes its place.",
  reading:
    "A feature near 0 bits tells nothing by itself. The tree shows in a few questions how far the decisions can be foretold; its held-out fidelity, against always giving the commoner decision, says how much of the story the tree is. A protected column among the strong drivers is told in a finding of its own.",
  action:
    "Compare what drives the decision with what the rules of the process say should drive it. Ask for reasons where a feature weighs that should not, or where the tree's rules could not be defended to the person affected.",
  limits:
    "Association is not cause, and a feature can stand in for another that is not in the data. Mutual information looks at one feature at a time; the tree looks at few together and is a sketch of the decisions, not their mechanism. Weights are not used: rows count alike. A table of counts draws its held-out rows differently from the same data row by row: mutual information is the same for both, while the tree, its fidelity and all that is told of held-out rows differ as two draws do. Texts with more than 65,536 different values are left out.",
  settings: {
    bins: { label: "Bins", help: "Most bins of a number column, cut at its quantiles." },
    confidence: { label: "Confidence", help: "Level of every interval: 0.95 covers the true value 95 times in 100." },
    depth: { label: "Tree depth", help: "Most questions in a row that the tree may ask, 1 to 4." },
    hold_out: { label: "Held-out share", help: "Share of rows kept apart to check the tree on." },
    levels: {
      label: "Values of a text",
      help: "Most frequent values of a text column with a bin of their own; the rest share one.",
    },
    min_leaf: { label: "Rows in a leaf", help: "Fewest rows that a leaf of the tree may grow on." },
    replicates: { label: "Permutations", help: "Shuffles behind each p value; the smallest p is 1 in this number." },
  },
};
