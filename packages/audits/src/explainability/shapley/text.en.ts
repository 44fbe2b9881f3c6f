import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Shapley values",
  question: "How much does each feature move the model's output, over all rows and for one decision?",
  method:
    "Shapley values of tree ensembles, from the file that is deployed: exact for the sum that the trees make. A row's output is the mean output of a background plus what each of its features adds, shared fairly over all orders in which features can be told. Interventional values take a feature that is not told from background rows; path-dependent values send such a row down both branches by the training covers in the file, or by those of the background where the file carries none. Values of boosted trees' probabilities of two classes are those of the log-odds, rescaled for each background row. Of more classes a probability is made of all their scores together (softmax): its values go through all sets of features, which up to 14 inputs allow; `output: log-odds` is then the positive class's own score before the softmax. Values add up to the output of every row, and that is checked. The mean absolute value of a feature carries an interval over rows.",
  reading:
    "A mean absolute value of 0.05 says that the feature moves a row's output by 5 points on average, one way or the other. Each dot of the second figure is a row; its colour tells whether the row's own value is low or high. For one decision the steps lead from the background's mean to the row's output.",
  action:
    "Compare what moves outputs with what the process says should. Take protected columns and their stand-ins among them to the people who answer for the model. Give a person affected the steps of their decision, in words.",
  limits:
    "Values explain the model, not the world: a feature that moves the output need not cause the outcome. They depend on the background: another one asks another question. Interventional values look at rows that may not occur; path-dependent values mix the effects of features that go together. The interval is over rows of this background; another draw of background rows would move the values too.",
  settings: {
    background: {
      label: "Background",
      help: "How many rows of the data, drawn by the seed, stand for a feature that is not told; or a data file of such rows.",
    },
    confidence: { label: "Confidence", help: "Level of every interval: 0.95 covers the true value 95 times in 100." },
    decisions: { label: "Decisions", help: "Rows, counted from 0, that are shown step by step." },
    kind: {
      label: "Kind",
      help: "interventional: features not told come from background rows. path-dependent: both branches, by the covers in the model file.",
    },
    output: {
      label: "Output",
      help: "What is explained: the probability, or the log-odds before it; of more than two classes the class's own score before the softmax.",
    },
    rows: { label: "Rows written", help: "How many rows go into shapley-values.csv; 0 writes none." },
  },
};
