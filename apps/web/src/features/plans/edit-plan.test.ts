import { readPlan } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { editPlan, type PlanEdit } from "./edit-plan.ts";
import { readPlanView, rolesOf } from "./plan-view.ts";

const yaml = `version: 1 # first
project: compas
data:
  file: compas.csv
columns:
  label: two_year_recid # the truth
  positive: 01
  decision: { column: decile_score, at_least: 5 }
  protected:
    - race
    - sex
`;

function view(text: string) {
  const reading = readPlanView(text);
  if (!reading.ok) throw new Error(reading.message);
  return reading.view;
}
const edited = (...edits: PlanEdit[]) => edits.reduce(editPlan, yaml);

describe("a plan in the form", () => {
  test("keeps the spelling of the file's texts", () => {
    expect(view(yaml).positive).toBe("01");
    expect(view(yaml).decision).toEqual({ column: "decile_score", kind: "at_least", value: "5" });
  });

  test("keeps comments and order through a change", () => {
    const text = edited({ kind: "text", at: "data.where", value: "age >= 18" });
    expect(text).toContain("version: 1 # first");
    expect(text).toContain("label: two_year_recid # the truth");
    expect(text).toContain("positive: 01");
    expect(readPlan(text).data.where).toBe("age >= 18");
  });

  test("gives and takes roles, and leaves no empty list behind", () => {
    const more = edited(
      { kind: "role", column: "age", role: "protected", on: true, numeric: true },
      { kind: "breaks", column: "age", text: "25，45" },
      { kind: "role", column: "race", role: "quasi_identifiers", on: true, numeric: false },
    );
    expect(readPlan(more).columns.protected).toEqual(["race", "sex", { column: "age", breaks: [25, 45] }]);
    expect(rolesOf(view(more), "race")).toEqual(["protected", "quasi_identifiers"]);
    const less = (["race", "sex", "age"] as const).reduce(
      (text, column) => editPlan(text, { kind: "role", column, role: "protected", on: false, numeric: false }),
      more,
    );
    expect(less).not.toContain("protected");
    expect(readPlan(less).columns.protected).toEqual([]);
  });

  test("a column leaves the bands with an empty text, and its reference with its role", () => {
    const banded = edited(
      { kind: "breaks", column: "race", text: "1 2" },
      { kind: "reference", column: "sex", value: "Male" },
    );
    expect(view(banded).breaks).toEqual({ race: "1, 2" });
    expect(view(banded).reference).toEqual({ sex: "Male" });
    const plain = editPlan(banded, { kind: "breaks", column: "race", text: "" });
    expect(view(plain).breaks).toEqual({});
    const without = editPlan(plain, { kind: "role", column: "sex", role: "protected", on: false, numeric: false });
    expect(without).not.toContain("reference");
  });

  test("a single role moves to the new column; a numeric decision gets a threshold", () => {
    const text = edited(
      { kind: "role", column: "is_recid", role: "label", on: true, numeric: true },
      { kind: "role", column: "score", role: "decision", on: true, numeric: true },
      { kind: "decision", test: "equals", value: "7" },
    );
    expect(rolesOf(view(text), "two_year_recid")).toEqual([]);
    expect(readPlan(text).columns.label).toBe("is_recid");
    expect(readPlan(text).columns.decision).toEqual({ column: "score", equals: "7" });
  });

  test("chosen audits keep their settings; all of them is no list at all", () => {
    const set = edited(
      { kind: "audits", chosen: ["privacy.reidentification", "fairness.group-metrics"] },
      { kind: "setting", audit: "fairness.group-metrics", key: "min_count", value: 0 },
      { kind: "audits", chosen: ["fairness.group-metrics", "impact.classification"] },
    );
    expect(readPlan(set).audits).toEqual({ "fairness.group-metrics": { min_count: 0 }, "impact.classification": {} });
    const reset = editPlan(set, { kind: "setting", audit: "fairness.group-metrics", key: "min_count", value: "" });
    expect(readPlan(reset).audits).toEqual({ "fairness.group-metrics": {}, "impact.classification": {} });
    expect(readPlan(editPlan(reset, { kind: "audits", chosen: null })).audits).toBeUndefined();
  });

  test("rules and policies are written as people write them", () => {
    const text = edited(
      { kind: "policy", ids: ["eeoc-four-fifths"] },
      {
        kind: "rules",
        rules: [
          { metric: "roc-auc", by: [], feature: "", side: "at_least", bound: "0.7" },
          { metric: "false-positive-rate-difference", by: ["race", "sex"], feature: "", side: "at_most", bound: "0.1" },
          { metric: "shapley-value", by: [], feature: "sex", side: "at_most", bound: "0.01" },
        ],
      },
    );
    expect(text).toContain("policy: eeoc-four-fifths");
    expect(readPlan(text).rules).toEqual([
      { metric: "roc-auc", at_least: 0.7 },
      { metric: "false-positive-rate-difference", by: ["race", "sex"], at_most: 0.1 },
      { metric: "shapley-value", feature: "sex", at_most: 0.01 },
    ]);
    expect(view(text).rules[1]).toEqual({
      metric: "false-positive-rate-difference",
      by: ["race", "sex"],
      feature: "",
      side: "at_most",
      bound: "0.1",
    });
    expect(view(text).rules[2]?.feature).toBe("sex");
    expect(editPlan(text, { kind: "rules", rules: [] })).not.toContain("rules");
  });

  test("a model is named, decides where no column does, and goes with what only it needs", () => {
    const named = edited({ kind: "model", file: "scorecard.onnx" });
    expect(view(named).model).toEqual({ file: "scorecard.onnx", endpoint: null, categories: {} });
    expect(view(named).decision?.column).toBe("decile_score");
    const decides = editPlan(named, { kind: "model-decides" });
    expect(view(decides).decision).toBeNull();
    const cut = editPlan(decides, { kind: "threshold", value: "0.7" });
    expect(readPlan(cut).columns.decision).toEqual({ at_least: 0.7 });
    expect(view(cut).decision).toEqual({ column: "", kind: "at_least", value: "0.7" });
    expect(rolesOf(view(cut), "")).toEqual([]);
    const coded = editPlan(cut, { kind: "categories", lists: { sex: ["Female", "Male"], race: ["a: b", "01"] } });
    expect(readPlan(coded).model).toEqual({
      file: "scorecard.onnx",
      categories: { sex: ["Female", "Male"], race: ["a: b", "01"] },
    });
    expect(view(coded).model?.categories).toEqual({ sex: 2, race: 2 });
    const other = editPlan(coded, { kind: "model", file: "next.onnx" });
    expect(readPlan(other).model?.file).toBe("next.onnx");
    const plain = editPlan(editPlan(coded, { kind: "categories", lists: null }), { kind: "threshold", value: "" });
    expect(readPlan(plain).model).toEqual({ file: "scorecard.onnx" });
    expect(readPlan(plain).columns.decision).toBeUndefined();
    const none = editPlan(cut, { kind: "model", file: null });
    expect(readPlan(none).model).toBeUndefined();
    expect(readPlan(none).columns.decision).toBeUndefined();
  });

  test("a text that is not YAML is told with its line, and not touched", () => {
    const broken = "version: 1\ncolumns: [\n";
    const reading = readPlanView(broken);
    expect(reading.ok ? 0 : reading.line).toBeGreaterThan(1);
    expect(editPlan(broken, { kind: "text", at: "seed", value: "7" })).toBe(broken);
  });

  test("what is not a number stays as written, for the check to name", () => {
    expect(view(edited({ kind: "text", at: "seed", value: "seven" })).seed).toBe("seven");
  });
});
