import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { solveLinearProgram } from "./linear-program.ts";

interface Group {
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}
interface Case {
  readonly case: number;
  readonly constraint: string;
  readonly tolerance: number;
  readonly objective: string;
  readonly optimum: number;
  readonly groups?: readonly Group[];
}

/** Programs over every threshold of every group, and the optima that scipy's HiGHS found: see lp-optima.py. */
const cases = JSON.parse(
  readFileSync(new URL("../threshold/lp-optima.json", import.meta.url), "utf8"),
) as readonly Case[];

describe("linear programs", () => {
  it("have the optima that HiGHS finds, and duals that prove them", () => {
    const groupsOf = new Map(cases.flatMap((one) => (one.groups ? [[one.case, one.groups] as const] : [])));
    let solved = 0;
    for (const { case: place, constraint, tolerance, objective, optimum } of cases) {
      if (objective !== "accuracy" || !["demographic-parity", "equalized-odds"].includes(constraint)) continue;
      const program = programOf(groupsOf.get(place) ?? [], constraint, tolerance);
      const found = solveLinearProgram(program);
      expect(found).not.toBeNull();
      // HiGHS' own tolerance is 1e-7; these optima are good to about 1e-9.
      expect(Math.abs(-(found?.value ?? 0) - optimum)).toBeLessThan(1e-9);
      for (const [index, row] of program.rows.entries()) {
        const sum = (found?.x ?? new Float64Array(0)).reduce((total, x, column) => total + x * (row[column] ?? 0), 0);
        expect(sum).toBeLessThan((program.bounds[index] ?? 0) + 1e-9);
      }
      // The dual program's value is the same: nothing can be better.
      const bound = (found?.duals ?? new Float64Array(0)).reduce(
        (sum, dual, index) => sum - dual * (program.bounds[index] ?? 0),
        0,
      );
      expect(Math.abs(bound - (found?.value ?? 0))).toBeLessThan(1e-9);
      solved++;
    }
    expect(solved).toBe(120);
  });

  it("that nothing satisfies have no optimum", () => {
    const rows = [Float64Array.of(1, 1), Float64Array.of(1, 1)];
    expect(solveLinearProgram({ cost: [1, 1], rows, bounds: [1, 2], equal: [false, true] })).toBeNull();
  });
});

function programOf(groups: readonly Group[], constraint: string, tolerance: number) {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const above = (values: readonly number[]): number[] =>
    Array.from({ length: values.length + 1 }, (_, count) => sum(values.slice(values.length - count)));
  const all = sum(groups.map((group) => sum(group.positive) + sum(group.negative)));
  const curves = groups.map(({ positive, negative }) => ({ positive: above(positive), negative: above(negative) }));
  const width = sum(curves.map((curve) => curve.positive.length)) + 2;
  const cost = new Float64Array(width);
  const rows: Float64Array[] = [];
  const bounds: number[] = [];
  const equal: boolean[] = [];
  let start = 0;
  for (const { positive, negative } of curves) {
    const [p, n] = [positive.at(-1) ?? 0, negative.at(-1) ?? 0];
    const rates =
      constraint === "equalized-odds"
        ? [positive.map((one) => one / p), negative.map((one) => one / n)]
        : [positive.map((one, index) => (one + (negative[index] ?? 0)) / (p + n))];
    for (const [index, one] of positive.entries()) cost[start + index] = ((negative[index] ?? 0) - one) / all;
    for (const [place, rate] of rates.entries()) {
      for (const side of [1, -1]) {
        const row = new Float64Array(width);
        for (const [index, value] of rate.entries()) row[start + index] = side * value;
        row[width - 2 + place] = -side;
        rows.push(row);
        bounds.push(side === 1 ? tolerance : 0);
        equal.push(false);
      }
    }
    rows.push(Float64Array.from({ length: width }, (_, at) => (at >= start && at < start + positive.length ? 1 : 0)));
    bounds.push(1);
    equal.push(true);
    start += positive.length;
  }
  return { cost, rows, bounds, equal };
}
