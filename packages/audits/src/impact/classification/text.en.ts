import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Classification",
  question: "How often are decisions, predictions and scores right, and about which class are they wrong?",
  method:
    "Decisions (or predictions of several classes) are counted against the label in one confusion table, from which precision, recall and F1 of every class, their macro and weighted averages, accuracy, balanced accuracy, Matthews correlation and Cohen's kappa follow. Shares have Wilson's interval, means of shares MOVER's, other functions of the table BCa over multinomial draws of its cells; where the rows show no spread (all right, all wrong, one class), the interval lets in what so few rows may have left unseen, by Wilson's bound. Scores are sorted once: ROC AUC with DeLong's interval, average precision with that of its influence function, Brier score and log loss with their own spread. The calibration error is biased upward, so it is told as it stands and less what chance adds, with a test against labels drawn from the scores. Rows with weights: linearised variances and effective numbers of rows. Where both a decision and a prediction are given, the decision is audited.",
  reading:
    "Start with the gain over always saying the commonest class: a high accuracy can be no gain at all. Recall tells what is missed of a class, precision what can be believed when the class is said. An AUC of 0.5 is chance. On the reliability chart, dots off the diagonal are scores that do not mean the chance they say.",
  action:
    "If recall of a class that matters is low, move the threshold or find rows of it to learn from. If the score ranks well but is not calibrated, recalibrate it on rows kept apart. If the gain is not above 0, do not use the decision.",
  limits:
    "The label is taken as the truth: where labels are late, biased or only known for some decisions, every number here inherits it. Intervals take rows as independent. Class averages leave out a class that is neither there nor predicted, and count as 0 what else is not defined; so does scikit-learn. More than 200 classes are not reported. Multiclass scores are not read. Distinct scores are held in memory (about 10 bytes each): tens of millions are the limit.",
  settings: {
    bins: {
      label: "Calibration bins",
      help: "Bins of equal width for the calibration error and the reliability chart. Each is open below and closed above, (lo, hi], the first holding 0 too, as scikit-learn's calibration_curve has them.",
    },
    confidence: {
      label: "Confidence",
      help: "Level of every interval, between 0.8 and 0.999: 0.95 covers the true value 95 times in 100. A calibration gap is told as shown where its p is below what is left, 0.05.",
    },
    replicates: {
      label: "Replicates",
      help: "Draws behind resampled intervals and the calibration test; more make them steadier, not narrower.",
    },
  },
};
