import type { Problem } from "@assay/schema";
import { listRoles, type PlanView, singleRoles } from "./plan-view.ts";

/** Problems at a path or under it. */
export function problemsAt(problems: readonly Problem[], path: string): Problem[] {
  return problems.filter((problem) => {
    const { at } = problem;
    return at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`);
  });
}

/** The column of the data that a problem of the roles speaks of, so that it can be told in its row. */
export function columnOf(problem: Problem, view: PlanView): string | null {
  const [, role = "", index] = /^columns\.(\w+)(?:\[(\d+)\])?/.exec(problem.at) ?? [];
  const list = listRoles.find((one) => one === role);
  if (list !== undefined) return index === undefined ? null : (view.lists[list][Number(index)] ?? null);
  const single = singleRoles.find((one) => one === role);
  if (single !== undefined) return view.single[single] ?? null;
  const reference = /^columns\.reference\.(.+)$/.exec(problem.at)?.[1];
  return reference ?? (role === "positive" ? (view.single.label ?? view.decision?.column ?? null) : null);
}

const placed = /^(columns\.|audits\.|rules\[|data\.where|model|seed|project)/;

/** Problems that no field of the form can tell; a column that the data has not got has no row either. */
export function looseProblems(problems: readonly Problem[], view: PlanView, columns: readonly string[]): Problem[] {
  return problems.filter((problem) => {
    if (!problem.at.startsWith("columns.")) return !placed.test(problem.at);
    const column = columnOf(problem, view);
    return column === null || !columns.includes(column);
  });
}
