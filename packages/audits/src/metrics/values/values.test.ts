import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { criticalValue } from "../../statistics/index.ts";
import { type Quantity, type ValueMoments, valueMetrics } from "./index.ts";

test("every metric stands in the list, by name, and in a file of its own", () => {
  const files = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => name.replace(/\.ts$/, ""))
    .filter((name) => !["index", "mean-interval", "value-metric", "value-moments"].includes(name));
  expect(valueMetrics.map((metric) => metric.name)).toEqual(files.sort());
});

const quantity = (over: Partial<Quantity>): Quantity => ({
  n: 50,
  effective: 50,
  mean: 2,
  standardError: 0.2,
  least: 0,
  most: 9,
  ...over,
});

/** One quantity for all: what the metrics make of it is held below. */
function moments(over: Partial<Quantity>, rest: Partial<ValueMoments> = {}): ValueMoments {
  const one = quantity(over);
  return {
    prediction: one,
    label: one,
    residual: one,
    absolute: one,
    square: one,
    labelVariance: 8,
    logShareError: 0.1,
    ...rest,
  };
}

test.each([
  ["rows that differ", {}],
  ["rows that are all the same", { standardError: 0 }],
  ["errors of 0", { mean: 0, standardError: 0 }],
  ["one row", { n: 1, effective: 1, standardError: Number.NaN }],
  ["weights of which one is nearly all", { effective: 1.01 }],
])("%s: the value stands in its interval and range, and the interval widens with the level", (_, over) => {
  for (const metric of valueMetrics) {
    const one = metric.estimate(moments(over));
    if (one === null) {
      expect(metric.name).toBe("r2");
      continue;
    }
    const [narrow, wide] = [one.interval(criticalValue(0.9)), one.interval(criticalValue(0.999))];
    expect(narrow.low, metric.name).toBeLessThanOrEqual(one.value);
    expect(narrow.high, metric.name).toBeGreaterThanOrEqual(one.value);
    expect(wide.low, metric.name).toBeLessThanOrEqual(narrow.low);
    expect(wide.high, metric.name).toBeGreaterThanOrEqual(narrow.high);
    expect(wide.high - wide.low, metric.name).toBeGreaterThan(0);
    expect(wide.low, metric.name).toBeGreaterThanOrEqual(metric.range[0]);
    expect(wide.high, metric.name).toBeLessThanOrEqual(metric.range[1]);
  }
});

test("Student's interval of a mean is the textbook's", () => {
  // 50 rows, mean 2, standard error 0.2: t(0.975; 49) = 2.009575 (R: qt).
  const metric = valueMetrics.find(({ name }) => name === "mean-prediction");
  const { low, high } = metric?.estimate(moments({}))?.interval(criticalValue(0.95)) ?? { low: 0, high: 0 };
  expect(low).toBeCloseTo(2 - 2.0095752371 * 0.2, 8);
  expect(high).toBeCloseTo(2 + 2.0095752371 * 0.2, 8);
});

test("labels without spread have no R², and say why", () => {
  const metric = valueMetrics.find(({ name }) => name === "r2");
  expect(metric?.estimate(moments({}, { labelVariance: 0 }))).toBeNull();
  expect(metric?.estimate(moments({}, { logShareError: Number.NaN }))).toBeNull();
  expect(metric?.undefinedReason).toMatch(/labels differ/);
});
