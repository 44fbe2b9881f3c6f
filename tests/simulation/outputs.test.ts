import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listMetrics } from "../../packages/audits/src/metrics/lists/index.ts";
import { valueMethods, valueMetrics } from "../../packages/audits/src/metrics/values/index.ts";
import { root } from "../paths.ts";
import { outputChecks, outputsPage, readOutputFigures } from "./outputs.ts";
import { comparedClassMetrics } from "./predicted-classes.ts";
import { holds } from "./study.ts";

/** Rows of a section of the committed page, as lists of metrics. */
function metricsIn(section: string): Set<string> {
  const text = readFileSync(join(root, "docs/methods/coverage-outputs.md"), "utf8");
  const own = text.split(/^## /m).find((one) => one.toLowerCase().startsWith(`${section}\n`)) ?? "";
  return new Set(
    own
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .flatMap((line) => (line.split("|")[1] ?? "").split(",").map((name) => name.trim())),
  );
}

describe("predicted numbers, predicted classes and ranked lists", () => {
  test("every metric has its methods, and the committed study covers its interval, its gap and its test", () => {
    expect(Object.keys(valueMethods).sort()).toEqual(valueMetrics.map(({ name }) => name).sort());
    for (const section of ["value", "max − min", "size of welch's test"]) {
      const told = metricsIn(`predicted numbers: ${section}`);
      for (const { name } of valueMetrics) expect(told, `${section}: ${name}`).toContain(name);
    }
    for (const section of ["value, linearised", "max − min", "size of the permutation test"]) {
      const told = metricsIn(`predicted classes: ${section}`);
      for (const { name } of comparedClassMetrics) expect(told, `${section}: ${name}`).toContain(name);
    }
    const [values, gaps, sizes] = ["value", "max − min", "size of the test"].map((one) =>
      metricsIn(`ranked lists: ${one}`),
    );
    for (const metric of listMetrics) {
      expect(values).toContain(metric.name);
      if (metric.gaps.length > 0) expect(gaps).toContain(metric.name);
      if (metric.test !== null) expect(sizes).toContain(metric.name);
    }
    expect(sizes).toContain("ndkl");
  });

  test("the committed page is that of the committed figures", () => {
    const page = readFileSync(join(root, "docs/methods/coverage-outputs.md"), "utf8");
    expect(page, "node scripts/coverage.mjs --study outputs").toBe(outputsPage(readOutputFigures()));
  });

  test("a small seeded study keeps to the bounds", async () => {
    const checks = await outputChecks({ simulations: 200, replicates: 99, quick: true });
    const short = checks.filter((check) => !holds(check));
    expect(short.map(({ section, metric, scenario, value }) => `${section}, ${metric}, ${scenario}: ${value}`)).toEqual(
      [],
    );
    expect(checks.filter(({ atLeast, atMost }) => atLeast !== null || atMost !== null).length).toBeGreaterThan(50);
  });
});
