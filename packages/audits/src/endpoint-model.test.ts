import { checkPlan, isAssayError, type PlanInput } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { describeEndpoint, endpointLoads } from "./endpoint-model.ts";
import { preparePlan } from "./prepare.ts";
import type { KnownColumn } from "./roles.ts";

const columns: KnownColumn[] = [
  { name: "age", type: "integer" },
  { name: "income", type: "number" },
  { name: "town", type: "text" },
  { name: "member", type: "boolean" },
  { name: "since", type: "date" },
  { name: "sex", type: "text" },
  { name: "paid", type: "integer" },
];
const plan = (
  features: string[],
  { audits, ...more }: { audits?: PlanInput["audits"]; categories?: Record<string, string[]>; inputs?: unknown } = {},
) => {
  const { categories, inputs } = more;
  return checkPlan({
    version: 1,
    data: { file: "d.csv" },
    columns: { label: "paid", protected: ["sex"], features },
    model: {
      endpoint: {
        url: "https://models.example.org/credit?v=2",
        batch: 50,
        ...(inputs === undefined ? {} : { inputs }),
      },
      ...(categories === undefined ? {} : { categories }),
    },
    ...(audits === undefined ? {} : { audits }),
  });
};
const features = ["age", "income", "town", "member", "since"];

function problemsOf(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return error.problems.map(({ at, message }) => `${at}: ${message}`);
  }
  return [];
}

describe("an endpoint is described by its plan, and not asked for it", () => {
  it("its inputs are the features: numbers of columns of numbers, texts of all others", () => {
    expect(describeEndpoint(plan(features), columns)).toMatchObject({
      format: "endpoint",
      file: "https://models.example.org/credit",
      inputs: [
        { name: "age", kind: "number" },
        { name: "income", kind: "number" },
        { name: "town", kind: "category" },
        { name: "member", kind: "category" },
        { name: "since", kind: "category" },
      ],
      output: "probabilities",
      parameters: null,
      structure: "other",
    });
  });

  it("a column with categories is a number: the place of its text", () => {
    const coded = plan(["town"], { categories: { town: ["Bern", "Oslo"] } });
    expect(describeEndpoint(coded, columns)?.inputs).toEqual([{ name: "town", kind: "number" }]);
    expect(preparePlan(coded, columns).roles.model?.inputs[0]).toMatchObject({
      kind: "number",
      categories: ["Bern", "Oslo"],
    });
  });

  it("its own inputs name the features, in order", () => {
    const inputs = [{ name: "AGE" }, { name: "CITY", kind: "category" }];
    const { roles } = preparePlan(plan(["age", "town"], { inputs }), columns);
    expect(roles.model?.inputs.map(({ column, kind }) => [column, kind])).toEqual([
      ["age", "number"],
      ["town", "category"],
    ]);
    expect(roles.model?.about.inputs.map(({ name }) => name)).toEqual(["AGE", "CITY"]);
  });

  it("has one digest for one way to ask, whatever its headers", () => {
    const digest = (given: string[]) => describeEndpoint(plan(given), columns)?.digest;
    expect(digest(["age"])).toBe(digest(["age"]));
    expect(digest(["age"])).not.toBe(digest(["income"]));
  });

  it.each([
    ["no features", plan([]), /^columns\.features: list the columns that the endpoint is sent/],
    [
      "a feature that is no column",
      plan(["aeg"]),
      /^columns\.features\[0\]: no column "aeg" in data; did you mean "age"/,
    ],
    [
      "a number of a text",
      plan(["town"], { inputs: [{ name: "T" }] }),
      /takes numbers; .* or give the input kind: category/,
    ],
    ["fewer features than inputs", plan(["age"], { inputs: [{ name: "a" }, { name: "b" }] }), /takes 2 inputs/],
  ])("is refused for %s", (_, given, told) => {
    expect(problemsOf(() => preparePlan(given, columns))).toContainEqual(expect.stringMatching(told));
  });
});

describe("what an endpoint is asked", () => {
  it("is each row once where no audit is named that asks more", () => {
    const prepared = preparePlan(plan(features), columns);
    expect(endpointLoads(prepared, 130)).toEqual([{ audit: null, rows: 130, requests: 3 }]);
    const skipped = new Map(prepared.skipped.map(({ id, reason }) => [id, reason]));
    expect(skipped.get("explainability.permutation-importance")).toEqual({
      en: "would ask the endpoint about every row 50 times more; name it in the plan's audits to run it",
      "zh-CN": "需要就每一行再向端点询问 50 次；如需运行，请在计划的 audits 中写明",
    });
    for (const id of ["efficiency.latency", "efficiency.profile", "explainability.shapley"] as const) {
      expect(skipped.get(id)?.["zh-CN"]).toMatch(/[一-龥]/);
    }
  });

  it("is more where the plan names an audit that asks more", () => {
    const importance = { "explainability.permutation-importance": { repeats: 3, groups: { both: ["age", "income"] } } };
    const prepared = preparePlan(plan(features, { audits: importance }), columns);
    expect(endpointLoads(prepared, 130)).toEqual([
      { audit: null, rows: 130, requests: 3 },
      { audit: "explainability.permutation-importance", rows: 130 * 4 * 3, requests: 3 * 4 * 3 },
    ]);
  });

  it("is nothing where no audit reads the model, or there is none", () => {
    const { model: _, ...without } = plan(["age"], { audits: { "explainability.associations": {} } });
    const decided = checkPlan({ ...without, columns: { ...without.columns, decision: "paid" } });
    expect(endpointLoads(preparePlan(decided, columns), 130)).toEqual([]);
  });

  it("cannot be what a file alone tells", () => {
    const named = plan(["age"], { audits: { "efficiency.latency": {}, "efficiency.profile": {} } });
    expect(problemsOf(() => preparePlan(named, columns))).toEqual([
      expect.stringMatching(/^audits\.efficiency\.latency\.model: times the model on this machine/),
      expect.stringMatching(/^audits\.efficiency\.profile\.model: an endpoint does not tell/),
    ]);
  });
});
