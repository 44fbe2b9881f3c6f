import { expect, test } from "vitest";
import { readPlanView } from "./plan-view.ts";
import { columnOf, looseProblems, problemsAt } from "./problem-places.ts";

const reading = readPlanView(
  "columns: { label: y, decision: { column: s, at_least: 5 }, protected: [race, { column: age, breaks: [4] }] }",
);
const view = reading.ok ? reading.view : null;
const at = (path: string) => ({ at: path, message: "no" });

test("a problem of a role stands in the row of its column", () => {
  if (view === null) throw new Error("the plan is YAML");
  expect(columnOf(at("columns.protected[1].column (line 3)"), view)).toBe("age");
  expect(columnOf(at("columns.decision.column"), view)).toBe("s");
  expect(columnOf(at("columns.reference.race"), view)).toBe("race");
  expect(columnOf(at("columns.positive"), view)).toBe("y");
  expect(columnOf(at("columns"), view)).toBeNull();
  expect(columnOf(at("rules[0]"), view)).toBeNull();
});

test("problems under a path are found, neighbours are not", () => {
  const all = [at("rules[1]"), at("rules[10].metric"), at("audits.a.b (line 9)"), at("data.where")];
  expect(problemsAt(all, "rules[1]")).toEqual([all[0]]);
  expect(problemsAt(all, "audits.a")).toEqual([all[2]]);
});

test("what no field can tell is told above the form, also a role of a column that is not in the data", () => {
  if (view === null) throw new Error("the plan is YAML");
  const all = [at("columns.label"), at("columns.protected[0]"), at("columns"), at("rules[0].by"), at("version")];
  expect(looseProblems(all, view, ["y", "s", "age"])).toEqual([all[1], all[2], all[4]]);
});
