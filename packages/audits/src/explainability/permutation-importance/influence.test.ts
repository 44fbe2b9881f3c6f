import { PhiloxStream } from "@assay/compute";
import { describe, expect, it } from "vitest";
import type { ModelOutputs } from "../../audit-model.ts";
import { addInfluence, importanceInfluence } from "./influence.ts";
import type { ImportanceScore, Truth } from "./scores/index.ts";
import { rocAuc } from "./scores/ranking.ts";
import { accuracy } from "./scores/shares.ts";

/** The model under test: a logistic score of two features, of which the label follows both. */
const scoreOf = (x: number, z: number): number => 1 / (1 + Math.exp(-(1.2 * x + 0.6 * z)));

interface Sample {
  readonly truth: Truth;
  readonly x: Float64Array;
  readonly z: Float64Array;
}

function draw(random: PhiloxStream, rows: number): Sample {
  const x = Float64Array.from({ length: rows }, () => random.normal());
  const z = Float64Array.from({ length: rows }, () => random.normal());
  const positive = Uint8Array.from(x, (value, row) => (random.uniform() < scoreOf(value, z[row] ?? 0) ? 1 : 0));
  return { truth: { rows, positive, classes: null }, x, z };
}

const outputsOf = (x: Float64Array, z: Float64Array): ModelOutputs => {
  const score = x.map((value, row) => scoreOf(value, z[row] ?? 0));
  return { score, decision: Uint8Array.from(score, (value) => (value >= 0.5 ? 1 : 0)), predicted: null };
};

function shuffled(random: PhiloxStream, rows: number): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  for (let row = rows - 1; row > 0; row--) {
    const other = random.integer(row + 1);
    [order[row], order[other]] = [order[other] ?? 0, order[row] ?? 0];
  }
  return order;
}

/** Importance of x, and its standard error as the audit tells it. */
function importanceOf(sample: Sample, score: ImportanceScore, repeats: number, random: PhiloxStream) {
  const { truth, x, z } = sample;
  const { rows } = truth;
  const own = new Float64Array(rows);
  const base = score.evaluate(truth, outputsOf(x, z), own, 1);
  const [asTarget, asDonor] = [new Float64Array(rows), new Float64Array(rows)];
  const indexes = new Uint32Array(repeats * rows);
  let sum = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const donors = shuffled(random, rows);
    indexes.set(donors, repeat * rows);
    const part = new Float64Array(rows);
    const moved = x.map((_, row) => x[donors[row] ?? 0] ?? 0);
    sum += score.evaluate(truth, outputsOf(moved, z), part, 1 / repeats);
    addInfluence(part, donors, asTarget, asDonor);
  }
  const influence = importanceInfluence({ own, sign: 1, asTarget, asDonor, indexes, repeats });
  const mean = influence.reduce((total, value) => total + value, 0) / rows;
  const squares = influence.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { value: base - sum / repeats, error: Math.sqrt(squares / (rows - 1) / rows) };
}

describe.each([
  ["accuracy", accuracy],
  ["roc-auc", rocAuc],
] as const)("the interval of importance in %s", (_name, score) => {
  // What the population loses: one sample large enough to stand for it.
  const large = new PhiloxStream(11, 0);
  const truth = importanceOf(draw(large, 400_000), score, 2, large).value;

  it("covers the population's importance as often as it says", () => {
    const random = new PhiloxStream(12, 0);
    const trials = 400;
    let covered = 0;
    let errors = 0;
    let squares = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { value, error } = importanceOf(draw(random, 300), score, 10, random);
      if (Math.abs(value - truth) <= 1.959963984540054 * error) covered++;
      errors += error;
      squares += (value - truth) ** 2;
    }
    // 95 % of 400, within three Monte-Carlo errors (1.09 points) below; wide by what ten shuffles leave above.
    expect(covered / trials).toBeGreaterThan(0.917);
    expect(covered / trials).toBeLessThan(0.99);
    // The told error is the true one, within a fifth.
    expect(errors / trials / Math.sqrt(squares / trials)).toBeGreaterThan(0.93);
    expect(errors / trials / Math.sqrt(squares / trials)).toBeLessThan(1.25);
  });
});

describe("the influence of rows that a shuffle does not change", () => {
  it("is none: a feature that the model does not read has no error", () => {
    const random = new PhiloxStream(13, 0);
    const sample = draw(random, 200);
    const { truth, z } = sample;
    const blind = { truth, x: new Float64Array(200), z };
    expect(importanceOf(blind, rocAuc, 5, random)).toEqual({ value: 0, error: expect.closeTo(0, 12) });
  });
});
