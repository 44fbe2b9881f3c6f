import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../paths.ts";
import { coverageOf, scenarios } from "./neighbours-coverage.ts";

/** Rows of the committed page: consistency, held, group, false as shares, and the ratio of errors. */
const told = readFileSync(join(root, "docs/methods/neighbours-coverage.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| [^-o]/.test(line))
  .map((line) => {
    const [, name = "", people = "", ...rest] = line.split("|").map((cell) => cell.trim());
    const numbers = rest.filter(Boolean).map((cell) => Number.parseFloat(cell) / (cell.endsWith("%") ? 100 : 1));
    return { key: `${name} ${people}`, numbers };
  });

test("the page tells every scenario, and intervals that hold what they say, differences that are seldom false", () => {
  expect(told.map(({ key }) => key)).toEqual(scenarios.map(({ name, people }) => `${name} ${people}`));
  // 2,000 draws: three standard errors of 95 % and of 5 %, and the page's rounding.
  const error = 3 * Math.sqrt((0.95 * 0.05) / 2000) + 0.0005;
  for (const { key, numbers } of told) {
    const [, overall = 0, group = 0, wrong = 1, ratio = 0] = numbers;
    expect(overall, key).toBeGreaterThanOrEqual(0.95 - error);
    expect(group, key).toBeGreaterThanOrEqual(0.95 - error);
    expect(wrong, key).toBeLessThanOrEqual(0.05 + error);
    expect(ratio, key).toBeGreaterThan(0.95);
  }
});

test("a small study agrees with the page", async () => {
  const runs = 100;
  for (const place of [0, 5]) {
    const scenario = scenarios[place];
    const row = told[place];
    if (!scenario || !row) throw new Error("no such scenario");
    const found = await coverageOf({ ...scenario, people: Math.min(200, scenario.people) }, runs);
    if (scenario.people <= 200) {
      const [mean = 0, , , , ratio = 0] = row.numbers;
      // The standard deviation over draws is under 0.05 for these people; four standard errors of a mean of 100.
      expect(Math.abs(found.mean - mean)).toBeLessThan(0.02);
      expect(Math.abs(found.errorRatio - ratio)).toBeLessThan(0.35);
    }
    expect(found.overall).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / runs));
  }
});
