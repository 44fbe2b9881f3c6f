import { checkPlan } from "@assay/schema";
import { expect, test } from "vitest";
import { preparePlan } from "./prepare.ts";
import type { KnownColumn } from "./roles.ts";

const skipped = (type: KnownColumn["type"]) => {
  const plan = checkPlan({
    version: 1,
    data: { file: "rows.csv" },
    columns: { label: "y", prediction: "p", protected: ["g"], features: ["x"] },
  });
  const columns = [{ name: "y", type } as const, { name: "p", type } as const, { name: "g", type: "text" } as const];
  const prepared = preparePlan(plan, [...columns, { name: "x", type: "number" }]);
  return new Map(prepared.skipped.map(({ id, reason }) => [id, reason.en]));
};

test("audits of yes and no are left out, with the reason, where the label is several classes", () => {
  const reasons = skipped("text");
  for (const id of ["explainability.associations", "fairness.individual"]) {
    expect(reasons.get(id), id).toMatch(/no positive class/);
  }
  expect(reasons.has("fairness.subgroups")).toBe(false);
});

test("numbers that a regression predicts are neither right nor wrong", () => {
  expect(skipped("number").get("fairness.subgroups")).toMatch(/neither right nor wrong/);
});
