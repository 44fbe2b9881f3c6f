import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { metricNamed } from "../index.ts";
import { classMetrics, classSums } from "./index.ts";
import { linearise } from "./linearise.ts";

test("every metric stands in the list, by name, and in a file of its own", () => {
  const files = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => name.replace(/\.ts$/, ""))
    .filter(
      (name) =>
        !["class-metric", "class-table", "estimate", "index", "linearise", "replicates", "unseen-range"].includes(name),
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

describe("slopes", () => {
  const cells = [50, 12, 7, 9, 80, 13, 4, 2, 31];
  const compared = classMetrics.filter((metric) => "slopes" in metric);

  test("belong to the metrics that groups are compared by", () => {
    expect(compared.map(({ name }) => name)).toEqual(["cohen-kappa", "f1-macro", "f1-weighted", "mcc"]);
  });

  test.each(compared.map((metric) => [metric.name, metric] as const))("%s: are what small steps show", (_, metric) => {
    const sums = classSums(3, cells);
    const slopes = metric.slopes(sums);
    for (let cell = 0; cell < 9; cell++) {
      const step = (by: number): number =>
        metric.formula(
          classSums(
            3,
            cells.map((count, index) => (index === cell ? count + by : count)),
          ),
        );
      const [row, column] = [Math.floor(cell / 3), cell % 3];
      const slope =
        (row === column ? (slopes.right[row] ?? 0) : 0) +
        (slopes.truth[row] ?? 0) +
        (slopes.predicted[column] ?? 0) +
        slopes.total;
      expect(slope).toBeCloseTo((step(1e-4) - step(-1e-4)) / 2e-4, 9);
    }
    // The metric does not change with the number of rows: the slopes along the table itself add up to nothing.
    let along = slopes.total * sums.total;
    for (let index = 0; index < 3; index++) {
      along += (slopes.right[index] ?? 0) * (sums.right[index] ?? 0);
      along += (slopes.truth[index] ?? 0) * (sums.truth[index] ?? 0);
      along += (slopes.predicted[index] ?? 0) * (sums.predicted[index] ?? 0);
    }
    expect(along).toBeCloseTo(0, 12);
  });

  test("of two classes give the binary metric's standard error", () => {
    // Of ProPublica's table; Fleiss, Cohen and Everitt (1969) for kappa: see metrics.test.ts for the derivatives.
    const counts = Float64Array.of(990, 805, 532, 1369);
    const kappa = classMetrics.find(({ name }) => name === "cohen-kappa");
    const binary = metricNamed("cohen-kappa");
    if (!kappa || binary?.shape.kind !== "table") throw new Error("no kappa");
    const padded = { tn: 990.5, fp: 805.5, fn: 532.5, tp: 1369.5 };
    const slope = binary.shape.gradient(padded);
    const variance = (["tn", "fp", "fn", "tp"] as const).reduce(
      (sum, cell) => sum + slope[cell] ** 2 * padded[cell],
      0,
    );
    const found = linearise(kappa, { classes: 2, counts, weights: null }, [0, 1, 2, 3]);
    expect(found?.standardError).toBeCloseTo(Math.sqrt(variance), 12);
    expect(found?.center).toBeCloseTo(binary.formula(padded), 12);
  });
});
