import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Group metrics",
  question:
    "Do decisions, predictions, places in lists, and their errors, fall differently on different groups of people?",
  method:
    "Rows are counted once by group, label and decision; every number is worked out from those counts. Single rates carry Wilson's interval; Matthews correlation and Cohen's kappa a bias-corrected and accelerated bootstrap interval from multinomial replicates of the counts. The gap of a metric is its greatest less its least value over groups; its interval holds for all pairs of groups at once and reaches zero where the groups may be equal. Whether a gap is more than chance is tested by shuffling people over the groups (both margins kept), with the greatest distance between two groups in standard errors as the statistic, until the answer is settled or the replicates are used up; p values are adjusted by Holm over all groupings and metrics, and by Benjamini–Hochberg beside it. Where the plain test does not reject equal groups at the level of the interval, the interval holds them too, 0 of a gap and 1 of a ratio, and its method says so: with few rows the test is the stricter of the two. The corrected gap takes off what chance alone is expected to add. Weighted rows enter by sums of weights and of squared weights: intervals and tests use effective counts as Rao and Scott do, and linearised variances. Where the plan gives a score and a label, the score's ROC AUC, average precision, log loss, Brier score and calibration error are given overall and by group from sorted scores, with the intervals of impact.classification; their gaps have simultaneous intervals, and Welch's test, which is asymptotic, enters Holm's adjustment. Calibration errors are biased upward by different amounts in groups of different size, so their gap has an interval but no test. With control columns, rates and means are given within each stratum and gaps pooled by Mantel and Haenszel's weights.\n\nPredicted classes (a prediction of texts or whole numbers): accuracy, kappa, Matthews correlation and F1 of the whole table, and every class against the rest. Tests of the whole table shuffle whole rows over groups and studentise anew; demographic parity and equalized odds take the greatest gap over classes, with Bonferroni's level. Classes count among the tests adjusted for.\n\nPredicted numbers (a prediction or label with decimals, or output: values): means of prediction and residual with Student's intervals; absolute and squared error and R² on a log scale; sums are exact, so that no order of rows changes a digit. Gaps are tested by Welch's test of equal values, which allows each group its own spread. Pooled gaps weigh strata by n₁n₀/(n₁ + n₀).\n\nRanked lists (a score with columns.query; or a score alone, all rows being one list): exposure, shares of the first places against those of the candidates and their skew, NDKL, and with a label exposure per relevance and pairwise accuracy. Tied scores share the places they span. Intervals leave one list out at a time; those of pairwise accuracy are taken on the logit scale, with as many degrees of freedom as lists effectively carry its pairs, so that they hold with ten lists too; places are tested by dealing the groups of each list anew over its rows. With control columns exposure, exposure per relevance and pairwise accuracy are given within each stratum, by the places of the whole list, and pooled; where all rows of a list are of one stratum, the other numbers of lists too.",
  reading:
    "Start with the sentences: each names the groups that lie furthest apart, the gap in points and how sure it is. Then look at the dots: overlapping lines mean that the order of groups is not settled. A ratio below 0.8 is the four-fifths line of older US guidance, not a verdict.",
  action:
    "Where errors differ, look at what drives them: missing data, labels that were collected differently, a threshold that suits one group. Where the base rate itself differs, no decision can equalise all rates at once; say which one matters here, and why.",
  limits:
    "A gap is not yet a cause, and no gap is no proof of fairness: labels may carry old injustice. Groups under the least count stand outside the comparison. Tests of weighted rows are approximate. Metrics of the score are given for at most 200 groups of a grouping and 20,000 combinations of protected values, beyond which they are measured over all rows alone; a score outside [0, 1] has no calibration error, Brier score or log loss. Of groups, calibration intervals use 400 to 2,000 replicates, the fewer the more groups there are, and never more than asked for. Distinct scores are held in memory, about 10 bytes each. Rates of single classes are given for at most 30 classes, tables for 200; no column gives the probability of each class, so log loss of several classes is left out. Welch's test and the intervals of numbers are asymptotic: with skewed errors and 30 rows in a group they can miss their level (docs/methods/coverage-outputs.md says by how much). Distances between whole distributions of predictions are not given. Ten lists at least carry an interval; a single list has tests alone. Rows of lists carry no weight, and at most 2,000,000 different rows and 60 groups are ranked. Two rates of the same rows are not independent, so findings of one audit hang together. An interval is of one gap, adjusted p values are of all together: a gap may keep clear of 0 and still not stand out among many. Being the wider of the two, a simultaneous interval may hold what the test rejects.",
  settings: {
    bins: {
      label: "Calibration bins",
      help: "Bins of equal width for the calibration error, where the plan gives a score.",
    },
    confidence: { label: "Confidence", help: "Level of every interval, and of the claims: 0.95 is usual." },
    replicates: { label: "Replicates", help: "Draws for resampled intervals and for permutation tests." },
    min_count: {
      label: "Fewest people in a group",
      help: "Smaller groups are printed but stand outside disparities; 0 compares all groups.",
    },
    output: {
      label: "What the prediction holds",
      help: "classes, or values (numbers); auto takes numbers with decimals as values and everything else as classes.",
    },
    top: {
      label: "First places",
      help: "Places of a ranked list in which groups are counted, such as what fits on a page.",
    },
  },
};
