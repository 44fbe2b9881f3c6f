import { type GroupScores, rocHull } from "./hull.ts";
import type { Mixture } from "./mixture.ts";
import { type Constraint, type Curve, curveOf, isBound, type Solution, type Worth } from "./problem.ts";
import { solve } from "./solve.ts";

export type Objective = "accuracy" | "balanced-accuracy";

export interface Lesson {
  readonly groups: readonly GroupScores[];
  /** All groups together. */
  readonly pooled: GroupScores;
  /** Groups that may have a rule of their own: known, and of enough rows. */
  readonly may: readonly boolean[];
  readonly constraint: Constraint;
  readonly tolerance: number;
  readonly objective: Objective;
}

export interface Learned {
  /** One for each group: its own, or the pooled one. */
  readonly rules: readonly Mixture[];
  /** Whether the constraint holds the group: else it has the pooled rule. */
  readonly own: readonly boolean[];
  readonly pooled: Mixture;
  /** One threshold for all, as good as can be without a constraint. */
  readonly plain: Mixture;
  /** One threshold for each group, as good as can be without a constraint; the plain one where a group has no rule of its own. */
  readonly unconstrained: readonly Mixture[];
  /** The hulls of groups with a rule of their own. */
  readonly curves: readonly (Curve | null)[];
}

/**
 * Learns the rules. A group that is unknown, too small, or without rows that the constraint speaks of has the pooled rule:
 * the best for all rows together among those that keep the same rates as the groups.
 */
export function learn(lesson: Lesson): Learned {
  const { groups, may, constraint, tolerance } = lesson;
  const pooled = curveOf(rocHull(lesson.pooled));
  const worth = worthOf(pooled, lesson.objective);
  const curves = groups.map((group, index): Curve | null => {
    if (may[index] !== true) return null;
    const curve = curveOf(rocHull(group));
    return isBound(curve, constraint) ? curve : null;
  });
  const bound = curves.filter((curve) => curve !== null);
  // Where the rates that a constraint speaks of have no rows at all, nothing is constrained.
  const free = solve({ curves: bound, pooled, constraint: "demographic-parity", tolerance: 1, worth });
  const solution = bound.length > 0 ? solve({ curves: bound, pooled, constraint, tolerance, worth }) : free;
  const ofGroups = ({ rules, pooled }: Solution): Mixture[] => {
    let next = 0;
    return curves.map((curve) => (curve === null ? pooled : (rules[next++] ?? pooled)));
  };
  return {
    rules: ofGroups(solution),
    own: curves.map((curve) => curve !== null),
    pooled: solution.pooled,
    plain: free.pooled,
    unconstrained: ofGroups(free),
    curves,
  };
}

/** What accepting a row is worth, so that worths add up to the objective but for a constant. */
export function worthOf({ positive, negative }: Curve, objective: Objective): Worth {
  if (objective === "accuracy" || positive === 0 || negative === 0) {
    const rows = Math.max(Number.MIN_VALUE, positive + negative);
    return { positive: 1 / rows, negative: 1 / rows };
  }
  return { positive: 0.5 / positive, negative: 0.5 / negative };
}
