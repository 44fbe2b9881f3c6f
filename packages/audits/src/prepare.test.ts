import { AssayError, Plan, type PlanInput } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineAudit } from "./define.ts";
import { preparePlan } from "./prepare.ts";
import type { KnownColumn } from "./roles.ts";

const words = {
  name: "Count",
  question: "How many rows?",
  method: "Counts.",
  reading: "As it stands.",
  action: "None.",
  limits: "None.",
  settings: { least: { label: "Least", help: "Rows at least." } },
};

/** Counts rows by decision: the smallest audit there can be. */
const counting = defineAudit({
  id: "impact.counting",
  version: 1,
  input: z.strictObject({ least: z.int().min(0).default(0) }),
  needs: { columns: ["decision", ["label", "score"]], uses: [] },
  requests: (_input, roles) => (roles.decision ? [roles.decision] : []),
  gives: (_input, roles) => [
    { metric: "count", scope: "overall", by: [] },
    { metric: "selection-rate", scope: "group", by: roles.groupings },
    { metric: "selection-rate-difference", scope: "disparity", by: roles.groupings },
  ],
  measure: async (rows) => ({ rows: rows.rows }),
  merge: (a, b) => ({ rows: a.rows + b.rows }),
  conclude: async (summary) => ({ measures: [{ metric: "count", value: summary.rows }], figures: [], tables: [] }),
  judge: () => [],
  text: { en: words, "zh-CN": words },
  references: [{ of: "count", citation: "none", url: "https://example.org" }],
});

const columns: KnownColumn[] = [
  { name: "gender", type: "text" },
  { name: "race", type: "text" },
  { name: "hired", type: "integer" },
  { name: "outcome", type: "text" },
  { name: "score", type: "number" },
];

function plan(over: Partial<PlanInput>): Plan {
  return Plan.parse({ version: 1, data: { file: "d.csv" }, columns: {}, ...over });
}

function problems(over: Partial<PlanInput>): string[] {
  try {
    preparePlan(plan(over), columns, { registry: [counting] });
  } catch (error) {
    if (error instanceof AssayError) return error.problems.map(({ at, message }) => `${at}: ${message}`);
    throw error;
  }
  return [];
}

const good = { decision: "hired", score: "score", protected: ["gender", "race"] };

describe("preparePlan", () => {
  it("tells every unknown column together, with the nearest name", () => {
    expect(problems({ columns: { decision: "hird", label: "nowhere", protected: ["gender", "gendr"] } })).toEqual([
      'columns.label: no column "nowhere" in data; there are gender, race, hired, outcome, score',
      'columns.decision: no column "hird" in data; did you mean "hired"?',
      'columns.protected[1]: no column "gendr" in data; did you mean "gender"?',
    ]);
  });

  it("takes columns that are called as what every object has", () => {
    for (const name of ["constructor", "toString"]) {
      const known: KnownColumn[] = [...columns, { name, type: "text" }];
      const { roles } = preparePlan(plan({ columns: { ...good, protected: [name], features: [name] } }), known, {
        registry: [counting],
      });
      expect(roles.protected).toMatchObject([{ name, reference: null }]);
    }
    const known: KnownColumn[] = [...columns, { name: "__proto__", type: "text" }];
    // What reads JSON drops that key, and a report's groups would have no name.
    const lost = plan({ columns: { ...good, protected: ["__proto__"] } });
    expect(() => preparePlan(lost, known, { registry: [counting] })).toThrow(
      /columns\.protected\[0\]: no column can be called __proto__/,
    );
  });

  it("asks for the positive value of a text column", () => {
    expect(problems({ columns: { ...good, decision: "outcome" } })).toEqual([
      'columns.decision: column "outcome" holds text: say with columns.positive which value is the positive class',
    ]);
    const profiled = columns.map((column) =>
      column.name === "outcome" ? { ...column, distinct: 2, top: [{ value: "yes" }, { value: "no" }] } : column,
    );
    expect(() =>
      preparePlan(plan({ columns: { ...good, decision: "outcome" } }), profiled, { registry: [counting] }),
    ).toThrow(/column "outcome" holds "no", "yes": say with columns.positive .*, such as positive: "yes"/);
  });

  it("refuses a score that is no number, a column in two lists and an identifier that would be printed", () => {
    expect(
      problems({ columns: { ...good, score: "outcome", protected: ["race", "race"], identifiers: ["race"] } }),
    ).toEqual([
      'columns.score: column "outcome" holds text, a score needs numbers; texts that stand for a missing number belong in data.missing',
      'columns.protected[1]: column "race" is listed twice',
      'columns.protected[0]: "race" is also an identifier; give it one role',
      'columns.protected[1]: "race" is also an identifier; give it one role',
    ]);
  });

  it("names an unknown audit, an unknown setting and a bad value", () => {
    const at = (audits: PlanInput["audits"]) => problems({ columns: good, audits });
    expect(at({ "impact.countin": {} })).toEqual([
      'audits.impact.countin: no audit "impact.countin"; did you mean "impact.counting"?',
    ]);
    expect(at({ "impact.counting": { leest: 1 } })[0]).toMatch(/"leest" is not a setting; did you mean "least"\?/);
    expect(at({ "impact.counting": { least: -1 } })[0]).toMatch(/^audits\.impact\.counting\.least: /);
  });

  it("refuses a rule whose metric nobody gives, or gives elsewhere", () => {
    const at = (rules: PlanInput["rules"]) => problems({ columns: good, rules });
    expect(at([{ metric: "roc-auc", at_least: 0.7 }])).toEqual(['rules[0]: no audit of this plan gives "roc-auc"']);
    expect(at([{ metric: "selection-rate", at_least: 0.1 }])[0]).toMatch(/given by group only; add by: gender/);
    expect(at([{ metric: "selection-rate-difference", by: "hired", at_most: 0.1 }])[0]).toMatch(/by hired/);
    expect(at([{ metric: "selection-rate-difference", by: ["race", "gender"], at_most: 0.1 }])).toEqual([]);
  });

  it("refuses a positive class that a model of labels alone does not have: all would be negative", () => {
    const prepare = (positive: string, output: "label" | "probabilities") =>
      preparePlan(plan({ columns: { ...good, positive, features: ["gender"] }, model: { file: "m.onnx" } }), columns, {
        registry: [counting],
        model: {
          format: "onnx",
          classes: ["0", "1"],
          inputs: [{ name: "gender", kind: "category" }],
          link: null,
          output,
          structure: "other",
        },
      });
    expect(() => prepare("yes", "label")).toThrow(
      /columns\.positive: the model gives labels alone, and "yes" is none of them: "0", "1"; every decision would be negative/,
    );
    expect(() => prepare("1.0", "label")).not.toThrow();
    // Of probabilities the last column is that of the positive class.
    expect(() => prepare("yes", "probabilities")).not.toThrow();
  });

  it("refuses a rule on a feature that nobody gives, and one that leaves the feature out", () => {
    const byFeature = {
      ...counting,
      id: "explainability.features",
      gives: () => [
        { metric: "shapley-value", scope: "feature", by: [], features: ["age", "sex"] },
        { metric: "roc-auc", scope: "overall", by: [] },
      ],
    } as const;
    const at = (rule: object) => {
      try {
        preparePlan(plan({ columns: good, rules: [{ at_most: 0.1, ...rule }] as PlanInput["rules"] }), columns, {
          registry: [byFeature],
        });
        return [];
      } catch (error) {
        return error instanceof AssayError ? error.problems.map((problem) => `${problem.at}: ${problem.message}`) : [];
      }
    };
    expect(at({ metric: "shapley-value", feature: "sex" })).toEqual([]);
    expect(at({ metric: "shapley-value", feature: "sec" })).toEqual([
      'rules[0]: no "shapley-value" of a feature "sec"; did you mean "sex"?',
    ]);
    expect(at({ metric: "shapley-value" })).toEqual([
      'rules[0]: "shapley-value" is given feature by feature; add feature: age, sex',
    ]);
    expect(at({ metric: "shapley-value", feature: "sex", by: "gender" })[0]).toMatch(
      /not given by group; leave out by/,
    );
    expect(at({ metric: "roc-auc", feature: "sex" })[0]).toMatch(/not given feature by feature; leave out feature/);
  });

  it("refuses an unknown policy, and one whose audit the plan does not run", () => {
    expect(problems({ columns: good, policy: "eeoc-four-fifth" })[0]).toMatch(/did you mean "eeoc-four-fifths"/);
    expect(problems({ columns: good, policy: "nyc-ll144" })[0]).toMatch(/speaks of fairness.impact-ratio/);
  });

  it("expands a policy's `by: protected` over the plan's columns", () => {
    const policy = {
      id: "own",
      title: { en: "Own", "zh-CN": "自订" },
      rules: [{ metric: "selection-rate-difference", by: "protected", at_most: 0.1 }],
    };
    const prepared = preparePlan(plan({ columns: good, policy }), columns, { registry: [counting] });
    expect(prepared.rules.map(({ rule, source }) => [rule.by, source])).toEqual([
      [["gender"], "own"],
      [["race"], "own"],
    ]);
  });

  it("skips, with the reason, what the plan's roles do not allow, and fills defaults of the rest", () => {
    const other = { ...counting, id: "privacy.other", needs: { columns: ["quasi_identifiers"], uses: [] } } as const;
    const prepared = preparePlan(plan({ columns: good }), columns, { registry: [counting, other] });
    expect(prepared.plan.audits).toEqual({ "impact.counting": { least: 0 } });
    expect(prepared.skipped).toEqual([
      {
        id: "privacy.other",
        version: 1,
        reason: {
          en: "needs columns.quasi_identifiers, which the plan does not give",
          "zh-CN": "需要 columns.quasi_identifiers，计划中没有给出",
        },
      },
    ]);
  });

  it("crosses protected columns up to the number asked", () => {
    const three = { ...good, protected: ["gender", "race", "outcome"], intersections: 3 };
    const prepared = preparePlan(plan({ columns: three }), columns, { registry: [counting] });
    expect(prepared.roles.groupings).toEqual([
      ["gender"],
      ["race"],
      ["outcome"],
      ["gender", "race"],
      ["gender", "outcome"],
      ["race", "outcome"],
      ["gender", "race", "outcome"],
    ]);
  });
});
