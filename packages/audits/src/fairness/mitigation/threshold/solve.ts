import { solveOneRate } from "./one-rate.ts";
import type { Problem, Solution } from "./problem.ts";
import { solveTwoRates } from "./two-rates.ts";

/** The best randomised thresholds, group by group, under a constraint: exact but for rounding, and deterministic. */
export function solve(problem: Problem): Solution {
  const { constraint } = problem;
  return constraint === "equalized-odds" ? solveTwoRates(problem) : solveOneRate({ ...problem, constraint });
}
