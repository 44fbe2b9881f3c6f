import type { AuditText } from "../../define.ts";

export const en: AuditText = {
  name: "Integrated gradients",
  question: "How much does each input of a network move its output away from where it would be for a neutral case?",
  method:
    "Integrated gradients of every row: the way from a baseline to the row's own inputs is walked, and the slope of the positive class's probability by each input is added up along it. The baseline has every input at its mean, or at zero. The values of a row add up to its output less the baseline's; more points of the way are taken (Gauss–Legendre, 16 to 512) until they do within the tolerance, and where they do not the gap is told. The mean absolute value of an input carries an interval over rows. Gradients come from the model itself, in TensorFlow.js.",
  reading:
    "A mean absolute value of 0.05 says that the input moves a row's output by 5 points on average, one way or the other, from what it is at the baseline. Each dot of the second figure is a row; its colour tells whether the row's own value is low or high. For one decision the steps lead from the baseline's output to the row's.",
  action:
    "Compare what moves outputs with what the process says should. Take protected columns and their stand-ins among them to the people who answer for the model. Give a person affected the steps of their decision, in words.",
  limits:
    "Values explain the model, not the world. They depend on the baseline: an input that is at its baseline value gets nothing, however much it matters. The way from it may lead through rows that do not occur, such as a category's code between two categories. Rows with a missing input are left out. The interval is over rows, for this baseline.",
  settings: {
    baseline: {
      label: "Baseline",
      help: "Where the way begins. mean: every input at its mean over the rows. zero: every input at 0, which standardised inputs have as their mean.",
    },
    confidence: { label: "Confidence", help: "Level of every interval: 0.95 covers the true value 95 times in 100." },
    decisions: { label: "Decisions", help: "Rows, counted from 0, that are shown step by step." },
    rows: { label: "Rows written", help: "How many rows go into integrated-gradients.csv; 0 writes none." },
    tolerance: {
      label: "Tolerance",
      help: "The most that a row's values may miss its output by; relative, where the output lies further than 1 from the baseline's.",
    },
  },
};
