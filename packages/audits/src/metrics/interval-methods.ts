/**
 * The one table of interval methods: what stands behind `low` and `high` of every metric and what is made of it.
 * `weighted` is the method where rows carry weights. A metric that is missing here fails the tests, and so does one
 * that is missing from the simulated coverage in docs/methods/coverage.md.
 */
export interface IntervalMethod {
  readonly value: string | null;
  readonly weighted: string | null;
  /** Signed difference to a reference group. */
  readonly difference: string | null;
  /** Ratio to a reference group. */
  readonly ratio: string | null;
  /** max − min over groups, and min / max: simultaneous over all pairs. */
  readonly range: string | null;
  /** Test of no disparity. */
  readonly test: string | null;
}

const rate: IntervalMethod = {
  value: "wilson",
  weighted: "wilson-effective",
  difference: "newcombe",
  ratio: "mover-ratio",
  range: "tukey-mover",
  test: "permutation",
};
const mean: IntervalMethod = { ...rate, value: "mover-wilson", weighted: "mover-wilson-effective" };
const table: IntervalMethod = {
  ...rate,
  value: "bca",
  weighted: "linearised",
  difference: "mover-difference",
};
const none: IntervalMethod = {
  value: null,
  weighted: null,
  difference: null,
  ratio: null,
  range: null,
  test: null,
};

export const intervalMethods: Readonly<Record<string, IntervalMethod>> = {
  accuracy: rate,
  "balanced-accuracy": { ...mean, difference: "mover-difference" },
  "base-rate": rate,
  "cohen-kappa": table,
  count: none,
  f1: { ...rate, value: "wilson-jaccard", weighted: "wilson-jaccard-effective", difference: "mover-difference" },
  "false-negative-rate": rate,
  "false-positive-rate": rate,
  mcc: table,
  "negative-predictive-value": rate,
  "positive-predictive-value": rate,
  precision: rate,
  recall: rate,
  "selection-rate": rate,
  "true-negative-rate": rate,
  "true-positive-rate": rate,
};
