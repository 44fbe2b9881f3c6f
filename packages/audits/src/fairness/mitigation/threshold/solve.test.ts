import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GroupScores, rocHull } from "./hull.ts";
import { acceptance, type Mixture } from "./mixture.ts";
import { type Constraint, constraints, curveOf, type Solution } from "./problem.ts";
import { solve } from "./solve.ts";

interface Case {
  readonly case: number;
  readonly constraint: Constraint;
  readonly tolerance: number;
  readonly objective: "accuracy" | "balanced-accuracy";
  readonly optimum: number;
  readonly groups?: readonly GroupScores[];
}

const cases = JSON.parse(readFileSync(new URL("lp-optima.json", import.meta.url), "utf8")) as readonly Case[];

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

/** What a group's rule does, worked out row by row from the probabilities of its thresholds. */
function ratesOf(rule: Mixture, group: GroupScores) {
  const accepted = (rows: ArrayLike<number>): number =>
    sum(Array.from(group.scores, (score, index) => acceptance(rule, score) * (rows[index] ?? 0)));
  const [p, n] = [sum(group.positive), sum(group.negative)];
  const [tp, fp] = [accepted(group.positive), accepted(group.negative)];
  return { tp, fp, tpr: tp / p, fpr: fp / n, selection: (tp + fp) / (p + n) };
}

function worthOf(groups: readonly GroupScores[], objective: Case["objective"]) {
  const p = sum(groups.map((group) => sum(group.positive)));
  const n = sum(groups.map((group) => sum(group.negative)));
  return objective === "accuracy"
    ? { positive: 1 / (p + n), negative: 1 / (p + n) }
    : { positive: 0.5 / p, negative: 0.5 / n };
}

function solved(
  groups: readonly GroupScores[],
  constraint: Constraint,
  tolerance: number,
  objective: Case["objective"],
) {
  const worth = worthOf(groups, objective);
  const curves = groups.map((group) => curveOf(rocHull(group)));
  const pooled = curveOf(
    rocHull({
      scores: [0],
      positive: [sum(groups.map((group) => sum(group.positive)))],
      negative: [sum(groups.map((group) => sum(group.negative)))],
    }),
  );
  return { worth, solution: solve({ curves, pooled, constraint, tolerance, worth }) };
}

function gapOf(solution: Solution, groups: readonly GroupScores[], constraint: Constraint): number {
  const rates = groups.map((group, index) => ratesOf(solution.rules[index] ?? [], group));
  const range = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const [selection, tpr, fpr] = [
    range(rates.map((rate) => rate.selection)),
    range(rates.map((rate) => rate.tpr)),
    range(rates.map((rate) => rate.fpr)),
  ];
  return {
    "demographic-parity": selection,
    "equalized-odds": Math.max(tpr, fpr),
    "false-positive-rate-parity": fpr,
    "true-positive-rate-parity": tpr,
  }[constraint];
}

function worthOfRules(
  solution: Solution,
  groups: readonly GroupScores[],
  worth: { positive: number; negative: number },
) {
  return sum(
    groups.map((group, index) => {
      const { tp, fp } = ratesOf(solution.rules[index] ?? [], group);
      return worth.positive * tp - worth.negative * fp;
    }),
  );
}

describe("thresholds by group", () => {
  const groupsOf = new Map(cases.flatMap((one) => (one.groups ? [[one.case, one.groups] as const] : [])));

  it.each(constraints)(
    "are as good as the linear program over all thresholds under %s, and keep to it",
    (constraint) => {
      for (const one of cases.filter((other) => other.constraint === constraint)) {
        const groups = groupsOf.get(one.case) ?? [];
        const { worth, solution } = solved(groups, constraint, one.tolerance, one.objective);
        // HiGHS' own tolerance is 1e-7, and its optima here are good to about 1e-9.
        expect(
          Math.abs(worthOfRules(solution, groups, worth) - one.optimum),
          JSON.stringify({ ...one, groups: 0 }),
        ).toBeLessThan(1e-9);
        expect(gapOf(solution, groups, constraint)).toBeLessThan(one.tolerance + 1e-12);
        for (const rule of solution.rules) expect(sum(rule.map((part) => part.probability))).toBeCloseTo(1, 12);
      }
    },
  );

  const anyGroup = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 30 }).map(
    (rows): GroupScores => ({
      scores: rows.map((_, index) => index / 7),
      positive: rows.map(([positive], index) => positive + (index === 0 ? 1 : 0)),
      negative: rows.map(([, negative], index) => negative + (index === 0 ? 1 : 0)),
    }),
  );

  it("are never better for a smaller tolerance, and free of it at 1", () => {
    fc.assert(
      fc.property(
        fc.array(anyGroup, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...constraints),
        (groups, constraint) => {
          let before = Number.NEGATIVE_INFINITY;
          for (const tolerance of [0, 0.03, 0.3, 1]) {
            const { worth, solution } = solved(groups, constraint, tolerance, "accuracy");
            const value = worthOfRules(solution, groups, worth);
            expect(value).toBeGreaterThanOrEqual(before - 1e-12);
            expect(gapOf(solution, groups, constraint)).toBeLessThan(tolerance + 1e-12);
            before = value;
          }
          const { worth } = solved(groups, constraint, 1, "accuracy");
          const free = sum(
            groups.map((group) =>
              Math.max(
                ...rocHull(group).map((corner) => worth.positive * corner.positive - worth.negative * corner.negative),
              ),
            ),
          );
          expect(before).toBeCloseTo(free, 12);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });

  it("solve ten thousand groups in a moment", () => {
    const groups = Array.from(
      { length: 10_000 },
      (_, index): GroupScores => ({
        scores: [0, 1, 2, 3],
        positive: [1, 2 + (index % 3), 3, 5 + (index % 7)],
        negative: [6 + (index % 5), 4, 2, 1],
      }),
    );
    for (const constraint of constraints) {
      const started = performance.now();
      const { solution } = solved(groups, constraint, 0.01, "accuracy");
      expect(gapOf(solution, groups, constraint)).toBeLessThan(0.01 + 1e-12);
      expect(performance.now() - started).toBeLessThan(60_000);
    }
  });
});
