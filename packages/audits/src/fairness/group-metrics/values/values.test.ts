import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSound } from "../../../testing/sound-run.ts";
import {
  auditPredictions,
  hostileNames,
  measureIn,
  type PredictedOptions,
  type PredictedRow,
} from "../predictions.testing.ts";

const asNumbers: PredictedOptions = { types: { label: "number", prediction: "number" } };

/** Rows whose predictions are off by `bias` and a spread that goes round. */
function rows(group: string | null, count: number, bias: number, stratum?: string): PredictedRow[] {
  return Array.from({ length: count }, (_, row) => {
    const label = ((row * 37) % 101) / 10;
    const error = (((row * 53) % 21) - 10) / 10;
    return {
      group,
      ...(stratum === undefined ? {} : { stratum }),
      label: String(label),
      prediction: String(label + error + bias),
    };
  });
}

describe("a sentence", () => {
  test("says who is predicted too high and who too low, how far, and how sure it is", async () => {
    const run = await auditPredictions([...rows("a", 210, 1), ...rows("b", 210, -0.5)], asNumbers);
    isSound(run);
    const finding = run.findings.find(({ id }) => id === "mean-residual-gap-by-group");
    expect(finding?.verdict).toBe("info");
    expect(finding?.text.en).toContain("1.00 too high for a and 0.500 too low for b: a gap of 1.50");
    expect(finding?.text["zh-CN"]).toContain("对 a 偏高 1.00，对 b 偏低 0.500，相差 1.50");
    expect(measureIn(run, { metric: "mean-residual-difference", by: ["group"] }).p_adjusted).toBeLessThan(1e-6);
    expect(run.gives.map(({ metric }) => metric)).toContain("mean-residual-difference");
  });

  test("of equal groups claims nothing, and the interval reaches zero", async () => {
    const run = await auditPredictions([...rows("a", 210, 0), ...rows("b", 210, 0)], asNumbers);
    for (const metric of ["mean-residual", "mean-absolute-error", "root-mean-squared-error", "r2", "mean-prediction"]) {
      const gap = measureIn(run, { metric: `${metric}-difference`, by: ["group"] });
      expect(gap.low, metric).toBe(0);
      expect(gap.p, metric).toBeGreaterThan(0.99);
    }
    expect(run.findings.filter(({ severity }) => severity !== "low")).toEqual([]);
  });

  test("within strata tells that a gap turns round, and names a stratum that is too small", async () => {
    // Group b is mostly in the stratum that is predicted too high; in each stratum it is predicted lower.
    const run = await auditPredictions(
      [
        ...rows("a", 300, 0, "s"),
        ...rows("a", 60, 4, "t"),
        ...rows("b", 60, -1, "s"),
        ...rows("b", 300, 3, "t"),
        ...rows("b", 7, 9, "tiny"),
      ],
      { ...asNumbers, columns: { control: ["stratum"], reference: { group: "a" } } },
    );
    isSound(run);
    const turned = run.findings.find(
      ({ id, text }) => id.startsWith("within-strata") && text.en.includes("turns round"),
    );
    expect(turned?.text.en).toContain("Simpson's paradox");
    expect(turned?.text["zh-CN"]).toContain("辛普森悖论");
    const pooled = measureIn(run, { metric: "mean-residual-difference-pooled", group: { group: "b" } });
    expect(pooled.value).toBeCloseTo(-1, 1);
    expect(pooled.high).toBeLessThan(0);
    expect(run.findings.find(({ id }) => id === "small-strata-1")?.text.en).toContain("tiny (one group alone)");
  });
});

describe("rows", () => {
  test("without prediction, label or weight are counted and left out of what needs them", async () => {
    const run = await auditPredictions(
      [
        { group: "a", label: "1", prediction: "2", weight: 1 },
        { group: "a", label: null, prediction: "4", weight: 1 },
        { group: "a", label: "1", prediction: null, weight: 1 },
        { group: "b", label: "1", prediction: "3", weight: null },
        { group: null, label: "2", prediction: "2", weight: 2 },
      ],
      { ...asNumbers, columns: { weight: "weight" } },
    );
    isSound(run);
    expect(measureIn(run, { metric: "rows-without-prediction" }).value).toBe(1);
    expect(measureIn(run, { metric: "rows-without-label" }).value).toBe(1);
    expect(measureIn(run, { metric: "rows-without-weight" }).value).toBe(1);
    expect(measureIn(run, { metric: "mean-prediction", group: { group: "a" } }).value).toBe(3);
    expect(measureIn(run, { metric: "mean-residual", group: { group: "a" } }).value).toBe(1);
    expect(run.findings.find(({ id }) => id === "unknown-group-1")).toBeDefined();
  });

  test("counted many times stand for as many rows", async () => {
    const few: PredictedRow[] = [
      { group: "a", label: "1", prediction: "1.5" },
      { group: "a", label: "3", prediction: "2.5" },
      { group: "b", label: "2", prediction: "2.25" },
      { group: "b", label: "4", prediction: "5" },
    ];
    const counts = [3, 2, 4, 1];
    const many = few.flatMap((row, index) => Array.from({ length: counts[index] ?? 0 }, () => row));
    const [counted, plain] = [
      await auditPredictions(few, { ...asNumbers, counts, settings: { min_count: 0 } }),
      await auditPredictions(many, { ...asNumbers, settings: { min_count: 0 } }),
    ];
    for (const [index, one] of plain.measures.entries()) {
      const other = counted.measures[index];
      expect(other?.metric).toBe(one.metric);
      for (const key of ["value", "low", "high", "p"] as const) {
        if (typeof one[key] === "number") expect(other?.[key], `${one.metric} ${key}`).toBeCloseTo(one[key], 9);
      }
    }
  });

  test("far from zero lose no digit: a billion added to every number changes no error and no spread", async () => {
    const near = [...rows("a", 50, 1), ...rows("b", 60, 0)].map((row) => ({
      ...row,
      // Eighths are whole in binary: nothing is rounded on the way.
      label: String(Math.round(Number(row.label) * 8) / 8),
      prediction: String(Math.round(Number(row.prediction) * 8) / 8),
    }));
    const far = near.map((row) => ({
      ...row,
      label: String(Number(row.label) + 1e9),
      prediction: String(Number(row.prediction) + 1e9),
    }));
    const [one, other] = [await auditPredictions(near, asNumbers), await auditPredictions(far, asNumbers)];
    for (const metric of ["mean-residual", "mean-absolute-error", "root-mean-squared-error"]) {
      const about = { metric, group: { group: "a" } };
      expect(measureIn(other, about)).toEqual(measureIn(one, about));
    }
    const [low, high] = [one, other].map((run) => measureIn(run, { metric: "mean-prediction", group: { group: "a" } }));
    expect((high?.high ?? 0) - (high?.value ?? 0)).toBeCloseTo((low?.high ?? 0) - (low?.value ?? 0), 6);
    // Fourth powers of such labels are beyond doubles: R² stands without, and says so.
    expect(measureIn(other, { metric: "r2" }).reason).toContain("standard deviations from 0");
  });

  test("all alike, one group alone, a group of one row and none at all give sound reports", async () => {
    const alike = Array.from(
      { length: 80 },
      (_, row): PredictedRow => ({ group: row % 2 ? "a" : "b", label: "2", prediction: "3" }),
    );
    const run = await auditPredictions(alike, asNumbers);
    isSound(run);
    expect(measureIn(run, { metric: "mean-residual-difference", by: ["group"] })).toMatchObject({
      value: 0,
      low: 0,
      high: 0,
    });
    expect(measureIn(run, { metric: "r2" }).value).toBeNull();
    isSound(await auditPredictions(rows("a", 40, 0), asNumbers));
    const single = await auditPredictions([...rows("a", 40, 0), { group: "b", label: "1", prediction: "1.5" }], {
      ...asNumbers,
      settings: { min_count: 0 },
    });
    isSound(single);
    const alone = measureIn(single, { metric: "mean-prediction", group: { group: "b" } });
    expect(alone.method).toBe("unseen");
    expect((alone.high ?? 0) - (alone.low ?? 0)).toBeGreaterThan(5);
    isSound(await auditPredictions([], { ...asNumbers, columns: { label: "label" } }));
    isSound(await auditPredictions([{ group: null, label: null, prediction: null }], asNumbers));
  });

  test("beyond what doubles carry are refused with their row", async () => {
    await expect(auditPredictions([{ group: "a", label: "1", prediction: "Infinity" }], asNumbers)).rejects.toThrow(
      /"prediction": Infinity in row 1/,
    );
    await expect(auditPredictions([{ group: "a", label: "1e80", prediction: "1" }], asNumbers)).rejects.toThrow(
      /"label"/,
    );
  });
});

test("without a label only predictions are compared, and that is told", async () => {
  const run = await auditPredictions(
    rows("a", 40, 0).map(({ group, prediction }) => ({ group, prediction })),
    asNumbers,
  );
  isSound(run);
  expect(measureIn(run, { metric: "r2" })).toMatchObject({ value: null, reason: "the plan names no label" });
  expect(run.findings.find(({ id }) => id === "no-label")).toBeDefined();
});

test("names that are code somewhere stay text in every sentence", async () => {
  const run = await auditPredictions(
    hostileNames.flatMap((name, index) => rows(name, 40, index / 4)),
    { ...asNumbers, columns: { reference: { group: hostileNames[0] } } },
  );
  isSound(run);
  expect(measureIn(run, { metric: "mean-residual", group: { group: hostileNames[1] } }).value).not.toBeNull();
});

test("thousands of groups end in seconds, all enter the gap, and the largest are printed", async () => {
  const many = Array.from(
    { length: 4_500 },
    (_, row): PredictedRow => ({
      group: `g${row % 1_500}`,
      label: String((row * 7) % 13),
      prediction: String((row * 5) % 13),
    }),
  );
  const run = await auditPredictions(many, { ...asNumbers, settings: { min_count: 0 } });
  isSound(run);
  expect(measureIn(run, { metric: "mean-residual-difference", by: ["group"] }).n).toBe(4_500);
  expect(run.measures.filter(({ metric, group }) => metric === "count" && group).length).toBe(500);
});

test("any rows, in any shards, give one summary to the bit", async () => {
  const row = fc.record({
    group: fc.constantFrom("a", "b", null),
    stratum: fc.constantFrom("s", "t", null),
    label: fc.constantFrom("0", "-0", "1e-3", "3.25", "-7", "123456.789", null),
    prediction: fc.constantFrom("0", "2.5", "-7", "1e9", "0.1", null),
    weight: fc.constantFrom(1, 0.1, 0, 12_345.678, null),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), fc.boolean(), async (list, isWeighted) => {
      const columns = { control: ["stratum"], ...(isWeighted ? { weight: "weight" } : {}) };
      const options = { ...asNumbers, columns: { ...columns, label: "label" } };
      const [one, some] = [
        await auditPredictions(list, options),
        await auditPredictions(list, { ...options, shards: 4 }),
      ];
      expect(some.summary).toEqual(one.summary);
      isSound(one);
    }),
    { numRuns: 10, seed: 7 },
  );
});
