import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ConfusionMetric, confusionValues, openDevice, PhiloxStream } from "@assay/compute";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { metricNamed, metrics } from "./index.ts";
import { intervalMethods } from "./interval-methods.ts";
import type { Confusion, Metric } from "./metric.ts";

/** ProPublica's table of Black defendants; mcc and kappa by the textbook formulas in Python. */
const cells: Confusion = { tp: 1369, fp: 805, fn: 532, tn: 990 };
const expected: Readonly<Record<string, number>> = {
  accuracy: 2359 / 3696,
  "balanced-accuracy": (1369 / 1901 + 990 / 1795) / 2,
  "base-rate": 1901 / 3696,
  "cohen-kappa": 0.27283621939440106,
  count: 3696,
  f1: 2738 / (2738 + 805 + 532),
  "false-negative-rate": 532 / 1901,
  "false-positive-rate": 805 / 1795,
  mcc: 0.2758943312866387,
  "negative-predictive-value": 990 / 1522,
  "positive-predictive-value": 1369 / 2174,
  precision: 1369 / 2174,
  recall: 1369 / 1901,
  "selection-rate": 2174 / 3696,
  "true-negative-rate": 990 / 1795,
  "true-positive-rate": 1369 / 1901,
};

function isOfTable(metric: Metric): metric is Metric & { readonly shape: { readonly kernel: ConfusionMetric } } {
  return metric.shape.kind === "mean" || metric.shape.kind === "table";
}

describe("metrics", () => {
  it("are listed by name, each in a file of its own", () => {
    const files = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => name.replace(/\.ts$/, ""))
      .filter((name) => !["index", "interval-methods", "metric"].includes(name));
    expect(metrics.map((metric) => metric.name)).toEqual(files.sort());
  });

  it("each have an interval method, and no method stands without a metric", () => {
    expect(Object.keys(intervalMethods).sort()).toEqual(metrics.map((metric) => metric.name).sort());
  });

  it.each([...metrics] as Metric[])("$name has its value on ProPublica's table", (metric) => {
    expect(metric.formula(cells)).toBeCloseTo(expected[metric.name] ?? Number.NaN, 12);
    expect(metric.meaning["zh-CN"]).not.toBe("");
  });

  it.each([...metrics] as Metric[])(
    "$name is unknown without rows, and does not change with their number",
    (metric) => {
      if (metric.shape.kind === "count") return;
      expect(metric.formula({ tp: 0, fp: 0, fn: 0, tn: 0 })).toBeNaN();
      const tenth = { tp: 136.9, fp: 80.5, fn: 53.2, tn: 99 };
      expect(metric.formula(tenth)).toBeCloseTo(metric.formula(cells), 12);
    },
  );

  it.each((metrics as readonly Metric[]).filter(isOfTable))(
    "$name has one value by its formula and by its kernel, to the bit",
    async (metric) => {
      const random = new PhiloxStream(8, 0);
      const tables = Uint32Array.from({ length: 4000 }, (_, cell) =>
        random.integer([1, 4, 90, 3_000_000][(cell >> 2) % 4] ?? 1),
      );
      const device = await openDevice("cpu");
      onTestFinished(() => device.dispose());
      const [values = []] = await confusionValues(device, tables, [metric.shape.kernel]);
      const formulas = Float64Array.from({ length: 1000 }, (_, table) => {
        const [tp = 0, fp = 0, fn = 0, tn = 0] = tables.subarray(4 * table, 4 * table + 4);
        return metric.formula({ tp, fp, fn, tn });
      });
      expect(values).toEqual(formulas);
    },
  );

  it.each(["mcc", "cohen-kappa"])("%s has the derivatives that small steps show", (name) => {
    const metric = metricNamed(name);
    if (metric?.shape.kind !== "table") throw new Error(`${name} is no function of the table`);
    const slope = metric.shape.gradient(cells);
    for (const cell of ["tp", "fp", "fn", "tn"] as const) {
      const up = metric.formula({ ...cells, [cell]: cells[cell] + 1e-3 });
      const down = metric.formula({ ...cells, [cell]: cells[cell] - 1e-3 });
      expect(slope[cell]).toBeCloseTo((up - down) / 2e-3, 9);
    }
  });
});

test("a metric of one class alone is unknown rather than 0", () => {
  const none: Confusion = { tp: 0, fp: 0, fn: 3, tn: 7 };
  expect(metricNamed("precision")?.formula(none)).toBeNaN();
  expect(metricNamed("mcc")?.formula(none)).toBeNaN();
  expect(metricNamed("recall")?.formula(none)).toBe(0);
  expect(metricNamed("f1")?.formula(none)).toBe(0);
});
