import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Permutation importance",
  question: "Which features does the model need?",
  method:
    "The model predicts the rows as they stand, and then with one feature (or a group of features together) read from other rows: a random shuffle, several times. The importance is what the score loses, mean over the shuffles. Shuffles are bijections of the row number drawn from the seed, so the same plan gives the same numbers. The interval covers both what another sample of rows would change and what other shuffles would: the influence of each row, with its own label and as the donor of its value, is summed over all rows (influence functions; for the AUC DeLong's components). A one-sided test asks whether the model needs the feature at all, adjusted by Holm over the features. Rows without a label are left out.",
  reading:
    "An importance of 0.04 in ROC AUC means that the model's AUC falls by 4 points when it can no longer see the feature. An interval that holds 0 means that it cannot be told from noise. Importances do not add up to the score.",
  action:
    "Compare what the model needs with what the process says it may use. Take a protected column, or a stand-in for one, among the needed features to the people who answer for the model. Features that are shown not to matter can be left out of the next version, and need not be collected.",
  limits:
    "Features that tell the same thing share their importance: each alone can look useless while together they carry the model, so shuffle them as a group. Shuffling makes rows that do not occur, such as a child with a pension. Importance speaks of this model on these rows and of no cause. Where the model is no better than chance, importances say nothing. Weights are not used: rows count alike.",
  settings: {
    confidence: { label: "Confidence", help: "Level of every interval: 0.95 covers the true value 95 times in 100." },
    groups: {
      label: "Groups of features",
      help: "Columns shuffled together, such as the parts of one encoded column: a name, and its columns.",
      example: "{ money: [gain, loss] }",
    },
    repeats: { label: "Repeats", help: "Shuffles of each feature." },
    score: {
      label: "Score",
      help: "What is lost is told in this score; auto: ROC AUC where there is a score, else accuracy.",
    },
  },
};
