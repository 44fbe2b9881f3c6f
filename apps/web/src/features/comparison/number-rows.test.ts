import { metricSense } from "@assay/audits";
import type { ComparedMeasure, ComparedQuantity } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { metricFormat } from "./metric-format.ts";
import {
  alsoNames,
  countVerdicts,
  filterNumbers,
  groupingOf,
  groupingsOf,
  levelText,
  numberCells,
  type PlaceWords,
  placeText,
  rankNumbers,
} from "./number-rows.ts";

const number = (over: Partial<ComparedMeasure>): ComparedMeasure => ({
  metric: "false-positive-rate",
  a: { value: 0.448, low: 0.425, high: 0.472, n: 1795 },
  b: { value: 0.235, low: 0.213, high: 0.257, n: 1488 },
  difference: -0.213,
  low: -0.259,
  high: -0.168,
  confidence: 0.9,
  verdict: "improved",
  ...over,
});
const alone = (measures: readonly ComparedMeasure[]): ComparedQuantity[] =>
  measures.map((measure, place) => ({ measure, place, also: [] }));
const words: PlaceWords = {
  unknown: "unknown",
  everyone: "everyone",
  between: (columns) => `between ${columns}`,
  threshold: (value) => `at ${value}`,
};

describe("numbers of a comparison", () => {
  test("stand with what got worse first and what is not known last, else as the reports have them", () => {
    const list = (["unknown", "improved", "no-evidence", "regressed", "changed", "improved"] as const).map(
      (verdict, place) => number({ verdict, feature: `${place}` }),
    );
    expect(rankNumbers(alone(list)).map(({ measure }) => measure.feature)).toEqual(["3", "1", "5", "4", "2", "0"]);
    expect(countVerdicts(alone([...list, number({ difference: 0, verdict: "no-evidence", low: 0, high: 0 })]))).toEqual(
      {
        ...{ regressed: 1, improved: 2, changed: 1, "no-evidence": 1, unchanged: 1, unknown: 1 },
      },
    );
  });

  test("name what says the same: another metric by its name, the same metric by its audit", () => {
    const [quantity] = alone([number({ audit: "fairness.group-metrics" })]);
    if (quantity === undefined) throw new Error("no quantity");
    const also = [
      number({ metric: "true-negative-rate" }),
      number({ audit: "impact.classification" }),
      number({ metric: "true-negative-rate", audit: "impact.classification" }),
    ];
    const names = { "impact.classification": "Classification" };
    expect(alsoNames({ ...quantity, also }, "en", names)).toEqual(["true-negative rate", "Classification"]);
  });

  test("are filtered by verdict and by the columns that their groups come from, gaps with their groups", () => {
    const list = [
      number({}),
      number({ group: { race: "Black" }, verdict: "regressed" }),
      number({ by: ["race"] }),
      number({ group: { sex: "f", race: "Black" } }),
    ];
    expect(list.map(groupingOf)).toEqual(["", "race", "race", "race × sex"]);
    expect(groupingsOf(alone(list))).toEqual(["", "race", "race × sex"]);
    expect(filterNumbers(alone(list), { show: "all", of: null })).toHaveLength(4);
    expect(filterNumbers(alone(list), { show: "all", of: "race" })).toHaveLength(2);
    expect(filterNumbers(alone(list), { show: "improved", of: "race" }).map(({ measure }) => measure)).toEqual([
      list[2],
    ]);
    expect(filterNumbers(alone(list), { show: "all", of: "" }).map(({ measure }) => measure)).toEqual([list[0]]);
  });

  test("of shares are set in percent and their differences in points, with the sign and the interval", () => {
    expect(numberCells(number({}), "en")).toEqual({
      metric: "False-positive rate",
      a: "44.8\u202f%",
      b: "23.5\u202f%",
      difference: "−21.3",
      unit: "points",
      interval: "−25.9 to −16.8",
      p: "",
    });
    expect(
      numberCells(number({ difference: 0.213, low: 0.168, high: 0.259, p_adjusted: 0.0001 }), "zh-CN"),
    ).toMatchObject({
      metric: "假正例率",
      difference: "+21.3",
      unit: "个百分点",
      interval: "16.8 至 25.9",
      p: "< 0.001",
    });
  });

  test("of other metrics keep their own scale and unit", () => {
    const cells = numberCells(
      number({
        metric: "latency-ms",
        unit: "ms",
        a: { value: 12 },
        b: { value: 15.5 },
        difference: 3.5,
        low: 3,
        high: 4,
      }),
      "en",
    );
    expect(cells).toMatchObject({
      a: "12.0",
      b: "15.5",
      difference: "+3.5",
      unit: "ms",
      interval: "3.0 to 4.0",
    });
  });

  test("that are not known are a dash, never zero", () => {
    const { low: _l, high: _h, ...rest } = number({ a: { value: null }, difference: null, verdict: "unknown" });
    expect(numberCells(rest, "en")).toMatchObject({
      a: "–",
      b: "23.5\u202f%",
      difference: "–",
      unit: "",
      interval: "",
    });
  });

  test("tell their confidence in as few digits as it has", () => {
    expect([0.9, 0.98, 0.998].map((level) => levelText(level, "en"))).toEqual([
      "90\u202f%",
      "98\u202f%",
      "99.8\u202f%",
    ]);
    expect(levelText(0.9, "zh-CN")).toBe("90%");
  });

  test("say whom they are about", () => {
    expect(placeText(number({}), "en", words)).toBe("everyone");
    expect(placeText(number({ group: { race: "Black", sex: null } }), "en", words)).toBe("race Black, sex unknown");
    expect(placeText(number({ by: ["race", "sex"] }), "en", words)).toBe("between race × sex");
    expect(placeText(number({ group: { race: "Black" }, threshold: 0.5 }), "zh-CN", words)).toBe("race Black、at 0.5");
  });
});

test("every number is read in percent where the sentences of a comparison read it so", () => {
  const names = [
    "accuracy",
    "average-prosecutor-risk",
    "balanced-accuracy",
    "base-rate",
    "brier-score",
    "cohen-kappa",
    "demographic-parity-difference",
    "equalized-odds-difference",
    "error-rate",
    "expected-calibration-error",
    "f1",
    "f1-difference",
    "false-negative-rate",
    "false-positive-rate",
    "false-positive-rate-difference",
    "false-positive-rate-ratio",
    "favourable-rate",
    "impact-ratio",
    "latency-ms",
    "log-loss",
    "mcc",
    "negative-predictive-value",
    "permutation-importance",
    "positive-predictive-value-difference",
    "precision",
    "recall",
    "roc-auc",
    "roc-auc-difference",
    "scoring-impact-ratio",
    "selection-rate",
    "selection-rate-difference",
    "selection-rate-ratio",
    "true-negative-rate",
    "true-positive-rate",
  ];
  for (const name of names) expect(metricFormat(name) === "percent", name).toBe(metricSense(name).percent);
});
