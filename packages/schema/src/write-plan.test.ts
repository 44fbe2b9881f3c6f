import { describe, expect, it } from "vitest";
import { Plan, type PlanInput } from "./plan.ts";
import { readPlan } from "./read-plan.ts";
import { writePlan } from "./write-plan.ts";

describe("writePlan", () => {
  it("writes what readPlan reads back equal, texts that look like numbers and hostile names too", () => {
    const plan: PlanInput = {
      version: 1,
      project: "credit: “2026” #1",
      data: { file: "a b.csv", where: "x in ('y', 'z') and n <= 30", missing: ["", "NA", "01"] },
      columns: {
        label: "yes?",
        positive: "01",
        decision: { column: "- dash", equals: "1.0" },
        protected: ["race", { column: "age", breaks: [25, 45.5] }],
        reference: { race: "007" },
      },
      audits: { "fairness.group-metrics": { confidence: 0.9 } },
      rules: [{ metric: "accuracy", at_least: 0.7 }],
      seed: 7,
      suppress_below: 5,
    };
    expect(readPlan(writePlan(plan))).toEqual(Plan.parse(plan));
  });
});
