import { openDevice } from "@assay/compute";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { ClassTable } from "./class-table.ts";
import { type ClassEstimate, classMetrics, estimateClassMetrics } from "./index.ts";

const device = await openDevice("cpu");
afterAll(() => device.dispose());

const options = { confidence: 0.95, replicates: 200, seed: 3, stream: 9, device };
const plain = (counts: readonly number[]): ClassTable => ({
  classes: Math.sqrt(counts.length),
  counts: Float64Array.from(counts),
  weights: null,
});
/** Every row of a cell has that cell's weight. */
const weighted = (counts: readonly number[], weights: readonly number[]): ClassTable => ({
  ...plain(counts),
  weights: {
    sums: Float64Array.from(counts, (count, cell) => count * (weights[cell] ?? 1)),
    squares: Float64Array.from(counts, (count, cell) => count * (weights[cell] ?? 1) ** 2),
  },
});
const estimates = async (table: ClassTable): Promise<Map<string, ClassEstimate>> =>
  new Map((await estimateClassMetrics(table, classMetrics, options)).map((one) => [one.metric.name, one]));

function expectWidth(found: ReadonlyMap<string, ClassEstimate>): void {
  for (const [name, { metric, value, interval }] of found) {
    if (Number.isNaN(value)) continue;
    const { low, high } = interval ?? { low: Number.NaN, high: Number.NaN };
    expect(high - low, name).toBeGreaterThan(1e-9);
    expect(low, name).toBeLessThanOrEqual(value);
    expect(high, name).toBeGreaterThanOrEqual(value);
    expect(low, name).toBeGreaterThanOrEqual(metric.range[0]);
    expect(high, name).toBeLessThanOrEqual(metric.range[1]);
  }
}

const counts = fc
  .integer({ min: 1, max: 3 })
  .chain((classes) => fc.array(fc.integer({ min: 0, max: 3 }), { minLength: classes ** 2, maxLength: classes ** 2 }))
  .filter((cells) => cells.some((count) => count > 0) && cells.reduce((sum, count) => sum + count, 0) < 30);
const weights = fc.array(fc.constantFrom(0, 1e-50, 1e-9, 0.5, 1, 2.5, 1e50), { minLength: 9, maxLength: 9 });

describe("fewer than thirty rows never make a number certain", () => {
  test("any table", async () => {
    await fc.assert(
      fc.asyncProperty(counts, async (cells) => expectWidth(await estimates(plain(cells)))),
      { numRuns: 150 },
    );
  });

  test("any table of weighted rows", async () => {
    await fc.assert(
      fc.asyncProperty(counts, weights, async (cells, each) => expectWidth(await estimates(weighted(cells, each)))),
      { numRuns: 300 },
    );
  });

  test.each([1, 2, 3, 10])(
    "%i rows of one class, all right: no average is told to lie above accuracy's bound",
    async (n) => {
      for (const table of [plain([n]), plain([0, 0, 0, n]), weighted([0, 0, 0, n], [1, 1, 1, 2.5])]) {
        const found = await estimates(table);
        const bound = found.get("accuracy")?.interval?.low ?? Number.NaN;
        expect(bound).toBeLessThan(0.75);
        for (const name of ["f1-macro", "f1-weighted", "precision-weighted"]) {
          expect(found.get(name), name).toMatchObject({ value: 1, interval: { high: 1 } });
          expect(found.get(name)?.interval?.low, name).toBeLessThanOrEqual(bound + 1e-12);
        }
      }
    },
  );

  test("all rows wrong: an average of 0 is not certain either", async () => {
    const found = await estimates(plain([0, 6, 6, 0]));
    for (const name of ["f1-macro", "f1-weighted", "precision-weighted"]) {
      expect(found.get(name), name).toMatchObject({ value: 0, method: "wilson-unseen", interval: { low: 0 } });
      // Wilson's bound on the accuracy, 3.84 / 15.84, can be reached by errors that do not fall on the same classes.
      expect(found.get(name)?.interval?.high, name).toBeGreaterThan(0.2);
    }
  });
});

test("one weighted row takes in the whole range", async () => {
  const found = await estimates(weighted([0, 1, 0, 0], [1, 2.5, 1, 1]));
  for (const name of ["f1-macro", "f1-weighted", "precision-weighted"]) {
    expect(found.get(name), name).toMatchObject({ value: 0, method: "range", interval: { low: 0, high: 1 } });
  }
});

test("equal weights give one interval, whatever they are", async () => {
  const cells = [7, 2, 3, 8];
  const once = await estimates(weighted(cells, [1, 1, 1, 1]));
  for (const weight of [1e-50, 2.5, 1e50]) {
    for (const [name, one] of await estimates(weighted(cells, Array(4).fill(weight)))) {
      expect(one.value, name).toBeCloseTo(once.get(name)?.value ?? Number.NaN, 12);
      expect(one.interval?.low, name).toBeCloseTo(once.get(name)?.interval?.low ?? Number.NaN, 8);
      expect(one.interval?.high, name).toBeCloseTo(once.get(name)?.interval?.high ?? Number.NaN, 8);
    }
  }
});

test("the linearised interval of a rare class is the delta method's", async () => {
  // The rare class has Jaccard's index J = 2 / 4 and F1 = 2J / (1 + J) = 2/3, of deviation 2 / (1 + J)² · √(J (1 − J) / 4).
  const found = await estimates(weighted([999_998, 1, 1, 2], [1, 1, 1, 1]));
  const f1 = found.get("f1-macro");
  const sd = (2 / 1.5 ** 2) * Math.sqrt(0.25 / 4);
  expect(f1?.value).toBeCloseTo((1 + 2 / 3) / 2, 5);
  expect(f1?.interval?.low).toBeCloseTo((1 + 2 / 3) / 2 - (1.959964 * sd) / 2, 4);
});

/** scikit-learn 1.x, precision_recall_fscore_support(average=…, zero_division=0): labels that occur in truth or prediction. */
describe("averages run over the classes that occur, as scikit-learn's do", () => {
  test.each([
    { what: "one class, all right", cells: [0, 0, 0, 3], macro: [1, 1, 1] },
    { what: "one class, one taken for another", cells: [0, 0, 1, 2], macro: [0.5, 1 / 3, 0.4] },
    { what: "one class, all taken for another", cells: [0, 0, 3, 0], macro: [0, 0, 0] },
    { what: "a class never predicted", cells: [0, 2, 0, 2], macro: [0.25, 0.5, 1 / 3] },
    {
      what: "a class in truth only, one in predictions only, one in neither",
      cells: fiveClasses(),
      macro: [0.5, 0.5, 0.5],
    },
  ])("$what", async ({ cells, macro }) => {
    const found = await estimates(plain(cells));
    expect(found.get("precision-macro")?.value).toBeCloseTo(macro[0] ?? Number.NaN, 14);
    expect(found.get("recall-macro")?.value).toBeCloseTo(macro[1] ?? Number.NaN, 14);
    expect(found.get("f1-macro")?.value).toBeCloseTo(macro[2] ?? Number.NaN, 14);
  });
});

/** Truth a a b b c, predicted a a b b d; e is a class of the table and of no row. */
function fiveClasses(): number[] {
  const cells = new Array<number>(25).fill(0);
  cells[0] = 2;
  cells[6] = 2;
  cells[13] = 1;
  return cells;
}
