import { describe, expect, it } from "vitest";
import type { ScoreGradients } from "../../score-gradients.ts";
import { integrate } from "./integrate.ts";

/** A function of rows with its derivatives, in float64. */
function known(
  of: (x: readonly number[]) => number,
  slopes: (x: readonly number[]) => readonly number[],
): ScoreGradients & { asked: number } {
  const rowsOf = (columns: readonly Float64Array[]) =>
    Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => columns.map((column) => column[row] ?? Number.NaN));
  const made = {
    asked: 0,
    columns: () => [],
    score: async (columns: readonly Float64Array[]) => Float64Array.from(rowsOf(columns), of),
    gradient: async (columns: readonly Float64Array[]) => {
      made.asked += columns[0]?.length ?? 0;
      return Float64Array.from(rowsOf(columns).flatMap(slopes));
    },
  };
  return made;
}

const go = () => {};
const at = (...values: number[]) => Float64Array.from(values);

describe("integrated gradients", () => {
  it("of a linear function are its weights times the way, exactly", async () => {
    const linear = known(
      ([a = 0, b = 0]) => 2 * a - 3 * b + 1,
      () => [2, -3],
    );
    const { values, gaps } = await integrate(
      linear,
      [at(1, 5), at(4, -2)],
      { values: at(0.5, 1), score: -1 },
      1e-5,
      go,
    );
    for (const [index, value] of [1, -9, 9, 9].entries()) expect(values[index]).toBeCloseTo(value, 12);
    expect(Math.max(...gaps)).toBeLessThan(1e-12);
  });

  it("of a product share it evenly from zero", async () => {
    const product = known(
      ([a = 0, b = 0]) => a * b,
      ([a = 0, b = 0]) => [b, a],
    );
    const { values } = await integrate(product, [at(2), at(3)], { values: at(0, 0), score: 0 }, 1e-5, go);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(3, 12);
  });

  it("of the larger of two, whose slope jumps on the way, take more points and tell the gap", async () => {
    // max(a, b) from (0, 1) to (1, 0): b's slope until the middle, then a's.
    const larger = known(
      ([a = 0, b = 0]) => Math.max(a, b),
      ([a = 0, b = 0]) => (a > b ? [1, 0] : [0, 1]),
    );
    const exact = await integrate(larger, [at(1), at(0)], { values: at(0, 1), score: 1 }, 1e-5, go);
    expect(exact.values[0]).toBeCloseTo(0.5, 12);
    expect(exact.values[1]).toBeCloseTo(-0.5, 12);
    // From (0, 0.37) the jump lies between points.
    const uneven = await integrate(larger, [at(1), at(0)], { values: at(0, 0.37), score: 0.37 }, 1e-5, go);
    expect(uneven.points).toBe(512);
    expect(uneven.gaps[0]).toBeGreaterThan(1e-5);
    expect(uneven.gaps[0]).toBeLessThan(5e-3);
    const loose = await integrate(larger, [at(1), at(0)], { values: at(0, 0.37), score: 0.37 }, 0.2, go);
    expect(loose.points).toBe(16);
  });

  it("take more points only for rows that need them, and leave out rows with a missing input", async () => {
    const jump = known(
      ([a = 0]) => Math.max(a, 0.3),
      ([a = 0]) => [a > 0.3 ? 1 : 0],
    );
    const { values, gaps } = await integrate(jump, [at(0.2, Number.NaN, 1)], { values: at(0), score: 0.3 }, 1e-5, go);
    expect([values[0], gaps[0]]).toEqual([0, 0]);
    expect([values[1], gaps[1]]).toEqual([Number.NaN, Number.NaN]);
    expect(jump.asked).toBe(2 * 16 + 32 + 64 + 128 + 256 + 512);
  });
});
