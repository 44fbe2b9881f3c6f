import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClassTable } from "../../metrics/classes/index.ts";
import { accuracyGain } from "./accuracy-gain.ts";

const cells = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 4 });
const weights = fc.option(fc.array(fc.constantFrom(0, 1e-50, 0.5, 1, 2.5, 1e50), { minLength: 4, maxLength: 4 }));

test("a few rows, weighted or not, never make the gain or the baseline certain", () => {
  fc.assert(
    fc.property(cells, weights, (counts, each) => {
      const table: ClassTable = {
        classes: 2,
        counts: Float64Array.from(counts),
        weights: each && {
          sums: Float64Array.from(counts, (count, cell) => count * (each[cell] ?? 0)),
          squares: Float64Array.from(counts, (count, cell) => count * (each[cell] ?? 0) ** 2),
        },
      };
      for (const { metric, value, low, high, p, reason } of accuracyGain(table, 0.95)) {
        if (value === null) {
          expect(reason, metric).toBeTruthy();
          continue;
        }
        expect(low, metric).toBeLessThanOrEqual(value);
        expect(high, metric).toBeGreaterThanOrEqual(value);
        expect((high ?? Number.NaN) - (low ?? Number.NaN), metric).toBeGreaterThan(0.01);
        if (metric === "accuracy-gain") expect(p).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 500 },
  );
});

test("equal weights give the gain that no weights give", () => {
  const counts = Float64Array.of(30, 10, 9, 21);
  const of = (weight: number | null): ClassTable => ({
    classes: 2,
    counts,
    weights:
      weight === null ? null : { sums: counts.map((n) => n * weight), squares: counts.map((n) => n * weight ** 2) },
  });
  const [plain] = accuracyGain(of(null), 0.95);
  for (const weight of [1e-50, 2.5, 1e50]) {
    const [gain] = accuracyGain(of(weight), 0.95);
    expect(gain?.value).toBeCloseTo(plain?.value ?? Number.NaN, 12);
    expect(gain?.low).toBeCloseTo(plain?.low ?? Number.NaN, 1);
    expect(gain?.high).toBeCloseTo(plain?.high ?? Number.NaN, 1);
  }
});
