import { describe, expect, test } from "vitest";
import { isSound } from "../../../testing/sound-run.ts";
import { auditPredictions, hostileNames, measureIn, type PredictedRow } from "../predictions.testing.ts";

/** Rows of a group by how often each label is predicted as each class. */
function table(
  group: string | null,
  cells: Readonly<Record<string, Readonly<Record<string, number>>>>,
  stratum?: string,
): PredictedRow[] {
  return Object.entries(cells).flatMap(([label, said]) =>
    Object.entries(said).flatMap(([prediction, count]) =>
      Array.from({ length: count }, () => ({
        group,
        label,
        prediction,
        ...(stratum === undefined ? {} : { stratum }),
      })),
    ),
  );
}

const good = {
  red: { red: 50, green: 5, blue: 5 },
  green: { red: 4, green: 40, blue: 6 },
  blue: { red: 3, green: 3, blue: 30 },
};
const bad = {
  red: { red: 25, green: 20, blue: 15 },
  green: { red: 14, green: 30, blue: 6 },
  blue: { red: 13, green: 8, blue: 15 },
};

describe("a sentence", () => {
  test("names the class in which groups lie furthest apart, and in how many they do", async () => {
    const run = await auditPredictions([...table("a", good), ...table("b", bad)]);
    isSound(run);
    const finding = run.findings.find(({ id }) => id === "true-positive-rate-of-class-3-gap-by-group");
    expect(finding?.text.en).toContain("**How often “red” is recognised differs by group.**");
    expect(finding?.text.en).toContain("83.3 % of a and 41.7 % of b");
    expect(finding?.text.en).toContain("of 3 classes");
    expect(finding?.text["zh-CN"]).toContain("“red”被识别出的比例因 group 而异");
    const accuracy = measureIn(run, { metric: "accuracy-difference", by: ["group"] });
    expect(accuracy.p_adjusted).toBeLessThan(0.01);
    for (const metric of ["cohen-kappa", "mcc", "f1-macro", "f1-weighted"]) {
      const gap = measureIn(run, { metric: `${metric}-difference`, by: ["group"] });
      expect(gap.p, metric).toBeLessThan(0.01);
      expect(gap.low, metric).toBeGreaterThan(0);
    }
  });

  test("of equal groups claims nothing, and every interval reaches zero", async () => {
    const run = await auditPredictions([...table("a", good), ...table("b", good)]);
    for (const one of run.measures.filter(
      ({ metric, by, value }) => by && value !== null && metric.endsWith("-difference"),
    )) {
      expect(one.low, `${one.metric} ${one.class}`).toBe(0);
      expect(one.p, `${one.metric} ${one.class}`).toBe(1);
    }
    expect(run.findings.filter(({ severity }) => severity !== "low")).toEqual([]);
  });

  test("of the greatest gap over classes has p that no class undercuts, adjusted over all classes", async () => {
    const run = await auditPredictions([...table("a", good), ...table("b", bad)]);
    const greatest = measureIn(run, { metric: "equalized-odds-difference", by: ["group"] });
    const parts = run.measures.filter(
      ({ metric, class: of }) => of !== undefined && /^(true|false)-positive-rate-difference$/.test(metric),
    );
    expect(parts).toHaveLength(6);
    expect(greatest.value).toBe(Math.max(...parts.map(({ value }) => value ?? 0)));
    expect(greatest.p).toBeCloseTo(Math.min(1, 6 * Math.min(...parts.map(({ p }) => p ?? 1))), 12);
    expect(greatest.p_adjusted).toBe(Math.min(...parts.map(({ p_adjusted }) => p_adjusted ?? 1)));
    // The family: 5 metrics of the table and 4 rates of 3 classes; the greatest gaps add none.
    const least = Math.min(...run.measures.flatMap(({ p }) => p ?? []));
    const surest = run.measures.find(({ p, class: of }) => p === least && of !== undefined);
    if (surest) expect(surest.p_adjusted).toBeLessThanOrEqual(17 * least + 1e-15);
  });

  test("within strata tells of accuracy that turns round", async () => {
    const many = (cells: typeof good, times: number) =>
      Object.fromEntries(
        Object.entries(cells).map(([label, said]) => [
          label,
          Object.fromEntries(Object.entries(said).map(([name, count]) => [name, count * times])),
        ]),
      );
    const right = { red: { red: 40 }, green: { green: 40, blue: 4 } };
    const run = await auditPredictions(
      [
        ...table("a", many(good, 3), "easy"),
        ...table("a", bad, "hard"),
        ...table("b", right, "easy"),
        ...table("b", { red: { red: 120, green: 60 }, green: { green: 120, blue: 60 } }, "hard"),
      ],
      { columns: { control: ["stratum"], reference: { group: "a" } } },
    );
    isSound(run);
    const pooled = measureIn(run, { metric: "accuracy-difference-pooled", group: { group: "b" } });
    expect(pooled.low).toBeGreaterThan(0);
    expect(run.findings.some(({ id }) => id.startsWith("within-strata"))).toBe(true);
  });
});

describe("robustness", () => {
  test("two classes: what is said of one is said of the other, and counted once", async () => {
    const run = await auditPredictions([
      ...table("a", { yes: { yes: 40, no: 10 }, no: { yes: 10, no: 40 } }),
      ...table("b", { yes: { yes: 20, no: 30 }, no: { yes: 5, no: 45 } }),
    ]);
    isSound(run);
    const [yes, no] = ["yes", "no"].map((name) =>
      measureIn(run, { metric: "selection-rate-difference", by: ["group"], class: name }),
    );
    expect(yes?.value).toBeCloseTo(no?.value ?? 0, 12);
    expect(yes?.p_adjusted).toBe(no?.p_adjusted);
  });

  test("without a label only predictions are compared, and that is told", async () => {
    const run = await auditPredictions(table("a", good).map(({ group, prediction }) => ({ group, prediction })));
    isSound(run);
    expect(measureIn(run, { metric: "accuracy" })).toMatchObject({ value: null, reason: "the plan names no label" });
    expect(measureIn(run, { metric: "selection-rate", class: "red", group: { group: "a" } }).value).toBeCloseTo(
      57 / 146,
      12,
    );
  });

  test("rows without prediction or label are counted and left out; weights enter", async () => {
    const list: PredictedRow[] = [
      { group: "a", label: "x", prediction: "x", weight: 3 },
      { group: "a", label: "x", prediction: "y", weight: 1 },
      { group: "a", label: null, prediction: "y", weight: 1 },
      { group: "a", label: "y", prediction: null, weight: 1 },
      { group: "b", label: "y", prediction: "y", weight: null },
      { group: null, label: "y", prediction: "y", weight: 1 },
    ];
    const run = await auditPredictions(list, { columns: { weight: "weight" }, settings: { min_count: 0 } });
    isSound(run);
    expect(measureIn(run, { metric: "rows-without-prediction" }).value).toBe(1);
    expect(measureIn(run, { metric: "rows-without-label" }).value).toBe(1);
    expect(measureIn(run, { metric: "accuracy", group: { group: "a" } }).value).toBeCloseTo(0.75, 12);
    expect(measureIn(run, { metric: "selection-rate", class: "y", group: { group: "a" } }).value).toBeCloseTo(0.4, 12);
  });

  test("rows without prediction or label are told of more classes than can be compared, and no others", async () => {
    // Numbers in a column of texts: each is a class of its own, and a missing one is missing.
    const list = Array.from({ length: 240 }, (_, row): PredictedRow => {
      const number = (row * 1.25).toFixed(2);
      return {
        group: row % 2 === 0 ? "a" : "b",
        stratum: row % 3 === 0 ? "x" : "y",
        label: row % 40 === 1 ? null : number,
        prediction: row % 20 === 0 ? null : number,
      };
    });
    const run = await auditPredictions(list, { columns: { control: ["stratum"] } });
    isSound(run);
    expect(measureIn(run, { metric: "rows-without-prediction" }).value).toBe(12);
    expect(measureIn(run, { metric: "rows-without-label" }).value).toBe(6);
    expect(measureIn(run, { metric: "count", group: { group: "a" } }).value).toBe(120);
    expect(measureIn(run, { metric: "accuracy" }).value).toBeNull();
    expect(run.measures.filter(({ metric, stratum }) => metric === "accuracy" && stratum)).toEqual([]);
    const told = run.findings.find(({ id }) => id === "rows-without-prediction");
    expect(told?.text.en).toContain("12 rows have no prediction");
  });

  test("one class, one group, a group of one row, every row wrong and no row give sound reports", async () => {
    isSound(await auditPredictions(table("a", { x: { x: 40 } })));
    isSound(await auditPredictions([...table("a", { x: { x: 40 } }), ...table("b", { x: { x: 40 } })]));
    isSound(
      await auditPredictions([...table("a", good), ...table("b", { red: { red: 1 } })], { settings: { min_count: 0 } }),
    );
    isSound(await auditPredictions([...table("a", { x: { y: 40 } }), ...table("b", { y: { x: 40 } })]));
    isSound(await auditPredictions([], { columns: { label: "label" } }));
    isSound(await auditPredictions([{ group: null, label: null, prediction: null }]));
  });

  test("numbers taken for classes say how to take them for numbers", async () => {
    const run = await auditPredictions(
      Array.from({ length: 400 }, (_, row) => ({
        group: row % 2 ? "a" : "b",
        label: String(row),
        prediction: String(row + 1),
      })),
      { types: { label: "integer", prediction: "integer" } },
    );
    isSound(run);
    expect(run.findings.find(({ id }) => id === "many-classes")?.text.en).toContain("set output to values");
    expect(measureIn(run, { metric: "accuracy" }).value).toBeNull();
  });

  test("texts cannot be values, which is a problem of the plan", async () => {
    await expect(auditPredictions(table("a", good), { settings: { output: "values" } })).rejects.toThrow(
      /output: column "prediction" holds text, values are numbers/,
    );
  });

  test("more classes than are rated leave accuracy and the table", async () => {
    const run = await auditPredictions(
      Array.from({ length: 800 }, (_, row) => ({
        group: row % 2 ? "a" : "b",
        label: `c${row % 40}`,
        prediction: `c${(row + (row % 5 === 0 ? 1 : 0)) % 40}`,
      })),
    );
    isSound(run);
    expect(measureIn(run, { metric: "f1-macro-difference", by: ["group"] }).value).not.toBeNull();
    expect(run.measures.some(({ class: of }) => of !== undefined)).toBe(false);
    expect(run.findings.find(({ id }) => id === "many-classes")).toBeDefined();
  });

  test("names that are code somewhere stay text in every sentence, as groups and as classes", async () => {
    const run = await auditPredictions(
      hostileNames.flatMap((name, index) =>
        Array.from({ length: 40 }, (_, row) => ({
          group: name,
          label: hostileNames[row % hostileNames.length] ?? "",
          prediction: hostileNames[(row + (row % (index + 2) === 0 ? 1 : 0)) % hostileNames.length] ?? "",
        })),
      ),
    );
    isSound(run);
  });

  test("thousands of groups end in seconds and all enter the gap", async () => {
    const run = await auditPredictions(
      Array.from({ length: 4_500 }, (_, row) => ({
        group: `g${row % 1_500}`,
        label: ["x", "y", "z"][(row * 7) % 3] ?? "",
        prediction: ["x", "y", "z"][(row * 5 + (row % 11)) % 3] ?? "",
      })),
      { settings: { min_count: 0, replicates: 199 } },
    );
    isSound(run);
    expect(measureIn(run, { metric: "accuracy-difference", by: ["group"] }).n).toBe(4_500);
  });
});
