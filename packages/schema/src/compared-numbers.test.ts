import { expect, test } from "vitest";
import { comparedQuantities, shownVerdict } from "./compared-numbers.ts";
import type { ComparedMeasure } from "./comparison.ts";

const number = (metric: string, a: number | null, b: number | null, more: Partial<ComparedMeasure> = {}) =>
  ({
    metric,
    a: { value: a },
    b: { value: b },
    difference: a === null || b === null ? null : b - a,
    verdict: "regressed",
    ...more,
  }) satisfies ComparedMeasure;
const group = { sex: "female" };

test("a quantity counts once: under another name, as its complement, in another audit", () => {
  const measures = [
    number("false-negative-rate", 0.2, 0.3, { group }),
    number("recall", 0.8, 0.7, { group }),
    number("recall", 0.9, 0.6),
    number("selection-rate", 0.6, 0.4, { audit: "fairness.group-metrics", group }),
    number("selection-rate", 0.4, 0.6, { audit: "fairness.impact-ratio", group }),
    number("equalized-odds-difference", 0.1, 0.25, { by: ["sex"] }),
    number("true-positive-rate-difference", 0.1, 0.25, { by: ["sex"], verdict: "unknown" }),
    number("false-positive-rate-difference", 0.05, 0.02, { by: ["sex"] }),
    number("demographic-parity-difference", 0.2, 0.3, { by: ["sex"] }),
    number("selection-rate-difference", 0.2, 0.3, { by: ["sex"] }),
  ];
  const told = comparedQuantities(measures).map(({ place, also }) => [place, also.map(({ metric }) => metric)]);
  expect(told).toEqual([
    [0, ["recall"]],
    [2, []],
    [3, ["selection-rate"]],
    [6, ["equalized-odds-difference"]],
    [7, []],
    [8, ["selection-rate-difference"]],
  ]);
});

test("numbers that are no more than alike stay apart", () => {
  const measures = [
    number("true-positive-rate", 0.8, 0.7, { group }),
    number("true-positive-rate", 0.8, 0.7, { group: { sex: "male" } }),
    number("accuracy", 0.8, 0.7, { group }),
    number("false-negative-rate", 0.2, 0.31, { group }),
    number("true-negative-rate-ratio", 0.8, 0.7, { by: ["sex"] }),
    number("false-positive-rate-ratio", 0.2, 0.3, { by: ["sex"] }),
    number("precision", null, null, { group }),
    number("positive-predictive-value", null, null, { group }),
  ];
  expect(comparedQuantities(measures)).toHaveLength(measures.length);
});

test("what is equal on both sides is unchanged, and where a test allows for more there is no evidence", () => {
  const equal = number("recall", 1, 1, { verdict: "no-evidence" });
  expect(shownVerdict(equal)).toBe("unchanged");
  expect(shownVerdict({ ...equal, low: -0.1, high: 0.1, method: "joint-intervals" })).toBe("unchanged");
  expect(shownVerdict({ ...equal, low: -0.1, high: 0.1, method: "mcnemar" })).toBe("no-evidence");
  expect(shownVerdict(number("recall", 1, 0.9))).toBe("regressed");
});
