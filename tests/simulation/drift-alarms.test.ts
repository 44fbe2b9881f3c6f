import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  indexCoverage,
  indexScenarios,
  limit,
  pageOf,
  pagePath,
  rateScenarios,
  readFigures,
  scoreAlarms,
  scoreScenarios,
} from "./drift-alarms.ts";

const figures = readFigures();
const told = { ...figures.rates, ...figures.scores };

describe("false alarms, power and delay of drift", () => {
  test("the committed page is that of the committed figures, and holds every scenario", () => {
    expect(readFileSync(pagePath, "utf8"), "node scripts/drift-alarms.mjs").toBe(pageOf(figures));
    for (const [kind, scenarios] of [
      ["rates", rateScenarios],
      ["scores", scoreScenarios],
      ["indices", indexScenarios],
    ] as const) {
      expect(Object.keys(figures[kind]).sort()).toEqual(Object.keys(scenarios).sort());
    }
  });

  test("no test of what stays as it was alarms in more than 5 % of series", () => {
    const nulls = Object.values(told).flatMap(({ runs, tests }) =>
      tests.filter(({ isNull }) => isNull).map((one) => ({ ...one, runs })),
    );
    expect(nulls.length).toBeGreaterThanOrEqual(18);
    for (const { test, alarms, runs } of nulls) {
      expect(runs, test).toBeGreaterThanOrEqual(500);
      expect(alarms / runs, test).toBeLessThanOrEqual(limit(runs));
    }
  });

  test("a larger change is found more often and sooner", () => {
    for (const [small, large] of [
      ["5 points more", "10 points more"],
      ["a fifth of a standard deviation more", "half a standard deviation more"],
    ] as const) {
      for (const [index, one] of (told[large]?.tests ?? []).entries()) {
        const other = told[small]?.tests[index];
        expect(one.alarms).toBeGreaterThanOrEqual(other?.alarms ?? Number.NaN);
        expect(one.half).toBeLessThanOrEqual(other?.half ?? Number.POSITIVE_INFINITY);
      }
    }
  });

  test("the stability index's interval holds the true index in 94 % of series or more, less the error of the simulation", () => {
    for (const [name, { runs, covered }] of Object.entries(figures.indices)) {
      expect(covered / runs, name).toBeGreaterThanOrEqual(0.94 - 3 * Math.sqrt((0.94 * 0.06) / runs));
    }
  });

  test("a small study agrees with the page", () => {
    const name = "half a standard deviation more";
    const [small] = scoreAlarms(name, 5);
    const whole = figures.scores[name]?.tests[0];
    // Nearly every series alarms, and within a few looks.
    expect(small?.alarms).toBe(5);
    expect((whole?.alarms ?? 0) / (figures.scores[name]?.runs ?? 1)).toBeGreaterThan(0.99);
    expect(Math.abs((small?.half ?? 60) - (whole?.half ?? 0))).toBeLessThanOrEqual(2);
    const about = "1000 rows against 3000, 0.3 standard deviations apart";
    expect(indexCoverage(about, 20).index).toBeCloseTo(figures.indices[about]?.index ?? Number.NaN, 2);
  });
});
