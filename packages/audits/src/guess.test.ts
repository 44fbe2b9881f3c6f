import type { ColumnProfile } from "@assay/dataset";
import { Plan, readPlan, writePlan } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { guessPlan } from "./guess.ts";

function column(
  name: string,
  type: ColumnProfile["type"],
  values: readonly string[],
  over: Partial<ColumnProfile> = {},
): ColumnProfile {
  const numbers = values.map(Number).filter((value) => !Number.isNaN(value));
  return {
    name,
    type,
    distinct: values.length,
    missing: 0,
    top: values.map((value) => ({ value, count: 10 })),
    min: numbers.length > 0 ? Math.min(...numbers) : null,
    max: numbers.length > 0 ? Math.max(...numbers) : null,
    ...over,
  };
}

describe("guessPlan", () => {
  it("finds the roles of a lending file", () => {
    const plan = guessPlan(
      [
        column("id", "integer", ["1", "2"], { distinct: 5000 }),
        column("email", "text", ["a@b"], { distinct: 5000 }),
        column("sex", "text", ["female", "male"]),
        column("age", "integer", ["18", "80"], { distinct: 60 }),
        column("income", "number", ["10", "200"], { distinct: 4000 }),
        column("repaid", "integer", ["0", "1"]),
        column("approved", "text", ["no", "yes"]),
        column("score", "number", ["0", "1"], { distinct: 4900 }),
      ],
      "lending.csv",
      5000,
    );
    expect(plan).toEqual({
      version: 1,
      project: "lending",
      data: { file: "lending.csv" },
      columns: {
        id: "id",
        label: "repaid",
        positive: "1",
        decision: { column: "approved", equals: "yes" },
        score: "score",
        protected: ["sex", { column: "age", breaks: [25, 40, 55] }],
        quasi_identifiers: ["sex", "age"],
        identifiers: ["email"],
        features: ["sex", "age", "income"],
      },
    });
    expect(readPlan(writePlan(plan))).toEqual(Plan.parse(plan));
  });

  it("knows a table of counts by its count column", () => {
    const plan = guessPlan(
      [
        column("race", "text", ["Black", "white"]),
        column("label", "integer", ["0", "1"]),
        column("decision", "integer", ["0", "1"]),
        column("count", "integer", ["990", "805"]),
      ],
      "compas.csv",
      8,
    );
    expect(plan.data).toEqual({ counts: "compas.csv" });
    expect(plan.columns).toMatchObject({ label: "label", positive: "1", decision: "decision", protected: ["race"] });
  });

  it("guesses nothing where nothing tells", () => {
    expect(
      guessPlan([column("a", "number", ["1", "2"]), column("b", "text", ["x", "y"])], "x.csv", 10).columns,
    ).toEqual({});
  });

  it("finds predicted numbers beside a label of numbers", () => {
    const plan = guessPlan(
      [
        column("sex", "text", ["female", "male"]),
        column("target", "number", ["1000", "250000"], { distinct: 4000 }),
        column("y_pred", "number", ["1000", "250000"], { distinct: 4800 }),
      ],
      "wages.csv",
      5000,
    );
    expect(plan.columns).toMatchObject({ label: "target", prediction: "y_pred", protected: ["sex"] });
    expect(Plan.safeParse(plan).success).toBe(true);
  });

  it("finds ranked lists, and does not cut their score into decisions", () => {
    const plan = guessPlan(
      [
        column("query_id", "text", ["q1", "q2"], { distinct: 300 }),
        column("gender", "text", ["f", "m"]),
        column("score", "number", ["0", "1"], { distinct: 4900 }),
        column("label", "integer", ["0", "1", "2", "3"]),
      ],
      "search.csv",
      5000,
    );
    expect(plan.columns).toMatchObject({ query: "query_id", score: "score", label: "label", protected: ["gender"] });
    expect(plan.columns.decision).toBeUndefined();
  });

  it("cuts a score of few values where about as many are selected as have the label; leaves other tellings of it out of features", () => {
    const counts = (pairs: Record<string, number>) => ({
      top: Object.entries(pairs).map(([value, count]) => ({ value, count })),
    });
    const plan = guessPlan(
      [
        column("two_year_recid", "integer", ["0", "1"], counts({ 0: 55, 1: 45 })),
        column("decile_score", "integer", ["1", "4", "5", "10"], counts({ 4: 34, 5: 30, 1: 20, 10: 16 })),
        column("age", "integer", ["18", "90"], { distinct: 60 }),
        column("age_cat", "text", ["Less than 25", "25 - 45"]),
        column("priors_count", "integer", ["0", "1", "2"]),
        column("priors_count_1", "integer", ["0", "1", "2"]),
        column("is_recid", "integer", ["0", "1"]),
        column("score_text", "text", ["Low", "High"]),
      ],
      "compas.csv",
      100,
    );
    expect(plan.columns).toMatchObject({
      decision: { column: "decile_score", at_least: 5 },
      protected: ["age_cat"],
      features: ["age", "age_cat", "priors_count"],
    });
  });
});
