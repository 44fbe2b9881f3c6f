import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Calibration by group",
  question: "Does a score mean the same for every group: of people scored 30 %, do 30 % turn out positive in each?",
  method:
    "Sorted scores with their labels are kept for every group; all numbers come from them. The calibration gap is the share positive less the mean score, with the arms of Wilson's interval scaled to the spread of label less score; whether it is more than chance is tested by drawing labels from the scores themselves (Poisson binomial, exact where few rows matter), adjusted by Holm over the groups. The difference of gaps over groups has an interval that holds for all pairs at once and Welch's test. Where a test does not reject 0, its interval holds 0 too, and its method says so. The expected calibration error is given in bins of equal width, with the interval and test of the other audits. ABROCA is the area between the ROC curves of a group and of the reference group (without one, the largest), exact; its test exchanges people of one label between the two groups, and its interval is a bootstrap less the bias that an absolute value has.",
  reading:
    "In the reliability figure, dots on the diagonal mean that a score is the probability it says. Dots of one group below another's at the same score mean that the score overstates the first. ABROCA is 0 where the score ranks both groups alike; chance alone keeps it above 0, so read it with its interval.",
  action:
    "Where scores mean different things, one threshold treats equal people unequally: recalibrate by group where the law allows it, or add what the score lacks. Where base rates differ, calibration and equal error rates cannot both hold; say which one matters here, and why.",
  limits:
    "A score that is calibrated on average may be wrong within parts of a group. Labels may carry old injustice: calibration to them passes it on. Needs scores between 0 and 1; ABROCA needs only an order. Tests of ABROCA use at most 256 thresholds, put together by rank. Weighted rows have no interval of ABROCA. At most 200 groups of a grouping are measured.",
  settings: {
    bins: { label: "Bins", help: "Bins of equal width for the reliability figure and the calibration error." },
    confidence: { label: "Confidence", help: "Level of every interval, and of the claims: 0.95 is usual." },
    min_count: {
      label: "Fewest people in a group",
      help: "Smaller groups are printed but stand outside the comparison; 0 compares all groups.",
    },
    replicates: { label: "Replicates", help: "Draws for the test and interval of ABROCA." },
  },
};
