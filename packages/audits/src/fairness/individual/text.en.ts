import type { AuditText } from "../../define.ts";
import { mostTexts } from "../../neighbours/encode-rows.ts";
import { mostGroups } from "../../neighbours/read-agreement.ts";
import { mostValues } from "./flips.ts";

export const en: AuditText = {
  name: "Individual fairness",
  question:
    "Are people who are alike treated alike, and would anyone be answered otherwise as a member of another group?",
  method: `Neighbours: for each person the \`k\` nearest others are found exactly, by comparing all, in the space of the features: numbers less their mean over their standard deviation, texts one-hot, so that one differing text counts as much as a difference of √2 deviations; protected columns are left out of it unless asked for. Consistency is 1 − the mean distance of a person's outcome from the mean of their neighbours' (Zemel et al.): of the decision, or of the label where there is none. Of equally near people at the edge all count, with equal parts of what is left of \`k\`, so that nothing depends on the order of rows. Its standard error is the delete-one jackknife, computed exactly: it counts what each person does to those whose neighbour they are, and is on average never too small (docs/methods/neighbours-coverage.md). Intervals are on the logit scale; that of the difference between groups holds for all pairs at once. Counterfactual flips: where the model reads a protected column, each person's is set to each other value (the ${mostValues} most frequent; a band as the median of the people in it), all else left as it is, and the model is asked again. Shares of changed answers have Wilson's interval.`,
  reading:
    "At a consistency of 90 % one neighbour in ten has the other outcome; what two people drawn at random would agree to stands beside it, since rare outcomes agree by being rare. AI Fairness 360 counts each person among their own neighbours: its value for k + 1 neighbours is 1 − k/(k + 1) · (1 − this one), where no people are equally near; and it takes features as they are, without scaling. A flip rate of 0 with the column among the inputs says that the model does not use it for any of these people; without the column it is 0 by construction and says nothing of proxies.",
  action:
    "Where a flip rate is above 0, the model treats people by their group: take the column out, or say why it must be there. Where consistency is low, look at neighbours with different outcomes: near the cut, or by a feature that ought not to decide? Then see fairness.representation for what stands in for the group.",
  limits: `Alike means alike by these features on this scale: whether they are the right ones is for people to say (Dwork et al. ask for a metric of the task; none is given here, and no Lipschitz constant is claimed). A column set to another value while all else stays is no counterfactual in the causal sense (Kusner et al.): who had another sex or race would have other values elsewhere. A model that gives everyone the same answer is perfectly consistent. Groups near the cut are less consistent for that alone. Missing numbers lie at the mean, one deviation from those that are known; texts with more than ${mostTexts} values do not enter. More than \`neighbours\` people are thinned by the seed, which makes neighbours lie farther apart and consistency lower; more than \`asked\` are not asked about one by one. Of very many points as near as the edge, those that a list of 128 holds are taken, in an order of their values. Weights are not used. The interval of a difference takes groups as independent, which neighbours across groups are not quite. Of each grouping the ${mostGroups} largest groups are told and compared.`,
  settings: {
    asked: { label: "People asked about", help: "At most; more are drawn by the seed." },
    confidence: { label: "Confidence", help: "Level of every interval: 0.95 is usual." },
    k: { label: "Neighbours of each", help: "5 is usual." },
    min_count: {
      label: "Fewest people in a group",
      help: "Smaller groups are printed but stand outside differences.",
    },
    neighbours: { label: "People who may be neighbours", help: "At most; more are drawn by the seed." },
    rows: { label: "Rows asked anew", help: "Most rows for which the model is asked with other values." },
    with_protected: {
      label: "Protected columns tell likeness",
      help: "Protected columns among the features say how alike people are, too.",
    },
  },
};
