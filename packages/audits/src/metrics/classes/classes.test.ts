import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { metricNamed } from "../index.ts";
import { classMetrics, classSums } from "./index.ts";

test("every metric stands in the list, by name, and in a file of its own", () => {
  const files = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => name.replace(/\.ts$/, ""))
    .filter(
      (name) => !["class-metric", "class-table", "estimate", "index", "replicates", "unseen-range"].includes(name),
    );
  expect(classMetrics.map((metric) => metric.name)).toEqual(files.sort());
});

describe("on two classes", () => {
  // ProPublica's table of Black defendants.
  const cells = { tp: 1369, fp: 805, fn: 532, tn: 990 };
  const sums = classSums(2, [cells.tn, cells.fp, cells.fn, cells.tp]);

  test.each(["accuracy", "balanced-accuracy", "cohen-kappa", "mcc"])("%s is the binary metric", (name) => {
    const metric = classMetrics.find((one) => one.name === name);
    expect(metric?.formula(sums)).toBeCloseTo(metricNamed(name)?.formula(cells) ?? Number.NaN, 13);
  });
});

test("no metric changes with the number of rows", () => {
  const cells = [5, 2, 1, 0, 7, 3, 2, 2, 9];
  for (const metric of classMetrics) {
    const once = metric.formula(classSums(3, cells));
    const often = metric.formula(
      classSums(
        3,
        cells.map((count) => count * 1000),
      ),
    );
    expect(often, metric.name).toBeCloseTo(once, 13);
    expect(once, metric.name).toBeLessThanOrEqual(metric.range[1]);
  }
});
