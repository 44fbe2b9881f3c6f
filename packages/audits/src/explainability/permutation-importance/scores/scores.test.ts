import { PhiloxStream } from "@assay/compute";
import { describe, expect, it } from "vitest";
import type { ModelOutputs } from "../../../audit-model.ts";
import { importanceScores, type Truth } from "./index.ts";

const rows = 300;
const random = new PhiloxStream(3, 1);
const positive = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.4 ? 1 : 0));
// Rounded, so that there are ties.
const score = Float64Array.from(
  positive,
  (up) => Math.round(20 * Math.min(0.95, Math.max(0.05, 0.3 + 0.3 * up + 0.3 * (random.uniform() - 0.5)))) / 20,
);
const decision = Uint8Array.from(score, (value) => (value >= 0.5 ? 1 : 0));

const truthOf = (keep: (row: number) => boolean): { truth: Truth; outputs: ModelOutputs } => {
  const picked = [...positive.keys()].filter(keep);
  return {
    truth: { rows: picked.length, positive: Uint8Array.from(picked, (row) => positive[row] ?? 0), classes: null },
    outputs: {
      score: Float64Array.from(picked, (row) => score[row] ?? 0),
      decision: Uint8Array.from(picked, (row) => decision[row] ?? 0),
      predicted: null,
    },
  };
};

describe.each(importanceScores.map((one) => [one.name, one] as const))("%s as a score of importance", (name, one) => {
  const whole = truthOf(() => true);
  const influence = new Float64Array(rows);
  const value = one.evaluate(whole.truth, whole.outputs, influence, 1);

  it("has influences that add up to 0 and tell what leaving a row out does", () => {
    expect(Math.abs(influence.reduce((sum, part) => sum + part, 0))).toBeLessThan(1e-8);
    for (let row = 0; row < rows; row += 7) {
      const without = truthOf((other) => other !== row);
      const left = one.evaluate(without.truth, without.outputs, new Float64Array(rows), 1);
      // First order in 1 / n: what remains is of the second.
      expect(Math.abs((rows - 1) * (value - left) - (influence[row] ?? 0)), `${name} row ${row}`).toBeLessThan(0.05);
    }
  });

  it("adds the factor's multiple to what is there", () => {
    const twice = new Float64Array(rows).fill(1);
    expect(one.evaluate(whole.truth, whole.outputs, twice, -2)).toBe(value);
    expect(twice[5]).toBeCloseTo(1 - 2 * (influence[5] ?? 0), 12);
  });
});

describe("scores of importance", () => {
  it("equal scikit-learn 1.2.1 on a small case", () => {
    // sklearn.metrics of y = [0,0,1,1,1,0], p = [.1,.4,.35,.8,.4,.2], decision p >= .4
    const truth: Truth = { rows: 6, positive: Uint8Array.of(0, 0, 1, 1, 1, 0), classes: null };
    const p = Float64Array.of(0.1, 0.4, 0.35, 0.8, 0.4, 0.2);
    const outputs: ModelOutputs = {
      score: p,
      decision: Uint8Array.from(p, (x) => (x >= 0.4 ? 1 : 0)),
      predicted: null,
    };
    const expected = {
      accuracy: 0.6666666666666666,
      "average-precision": 0.8055555555555556,
      "balanced-accuracy": 0.6666666666666666,
      "brier-score": 0.17208333333333334,
      f1: 0.6666666666666666,
      "log-loss": 0.5047643497375115,
      precision: 0.6666666666666666,
      recall: 0.6666666666666666,
      "roc-auc": 0.8333333333333334,
    };
    const found = Object.fromEntries(
      importanceScores.map((one) => [one.name, one.evaluate(truth, outputs, new Float64Array(6), 1)]),
    );
    for (const [name, value] of Object.entries(expected)) expect(found[name], name).toBeCloseTo(value, 12);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
  });

  it("are not defined without a class, or on scores that are no probabilities", () => {
    const truth: Truth = { rows: 2, positive: Uint8Array.of(0, 0), classes: null };
    const outputs: ModelOutputs = { score: Float64Array.of(-1, 3), decision: Uint8Array.of(0, 0), predicted: null };
    const undefinedOn = importanceScores.filter((one) =>
      Number.isNaN(one.evaluate(truth, outputs, new Float64Array(2), 1)),
    );
    expect(undefinedOn.map((one) => one.name)).toEqual(
      importanceScores.map((one) => one.name).filter((name) => name !== "accuracy"),
    );
  });
});
