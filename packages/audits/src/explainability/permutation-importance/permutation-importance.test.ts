import { openDevice } from "@assay/compute";
import { type CodedTable, requestKey } from "@assay/dataset";
import { checkPlan, decodeSummary, encodeSummary, type Finding, type Measure, type PlanInput } from "@assay/schema";
import { describe, expect, it } from "vitest";
import type { AuditModel, ModelOutputs } from "../../audit-model.ts";
import type { AuditDefinition } from "../../define.ts";
import type { KnownModel } from "../../model-roles.ts";
import { preparePlan } from "../../prepare.ts";
import type { Roles } from "../../roles.ts";
import { scoreProblems, shuffledFeatures } from "./features.ts";
import { permutationImportance } from "./index.ts";
import { importanceInput } from "./settings.ts";

const rows = 60;
const used = Float64Array.from({ length: rows }, (_, row) => (row * 7) % 11);
const idle = Float64Array.from({ length: rows }, (_, row) => (row * 5) % 13);

/** A model that looks at its first input only, and is wrong about every seventh row. */
const scoreOf = (value: number): number => (value > 5 ? 0.9 : 0.1);
const label = Uint8Array.from(used, (value, row) => (value > 5 !== (row % 7 === 0) ? 2 : 1));

const about: KnownModel = {
  format: "onnx",
  classes: ["0", "1"],
  inputs: [
    { name: "used", kind: "number" },
    { name: "constructor", kind: "number" },
  ],
  link: null,
  output: "probabilities",
  structure: null,
};

function outputsOf(values: ArrayLike<number>): ModelOutputs {
  const score = Float64Array.from(values, scoreOf);
  return { score, decision: Uint8Array.from(score, (one) => (one >= 0.5 ? 1 : 0)), predicted: null };
}

const model = {
  about,
  async bind(table: CodedTable, use: Uint32Array | null) {
    const column = table.columns[requestKey({ kind: "number", column: "used" })];
    const all = column?.kind === "number" ? column.values : new Float64Array(0);
    const own = use === null ? all : Float64Array.from(use, (row) => all[row] ?? 0);
    return {
      rows: own.length,
      predict: async () => outputsOf(own),
      async *predictPermuted(inputs: readonly number[], indexes: Uint32Array) {
        for (let start = 0; start < indexes.length; start += own.length) {
          const donors = indexes.subarray(start, start + own.length);
          yield outputsOf(inputs.includes(0) ? Array.from(donors, (row) => own[row] ?? 0) : own);
        }
      },
      free() {},
    };
  },
} as unknown as AuditModel;

function planOf(settings: object): PlanInput {
  return {
    version: 1,
    data: { file: "rows.csv" },
    columns: { label: "y", positive: "1", features: ["used", "constructor"], protected: ["constructor"] },
    model: { file: "model.onnx" },
    audits: { "explainability.permutation-importance": settings },
  } as PlanInput;
}

const known = [
  { name: "used", type: "integer", levels: null },
  { name: "constructor", type: "integer", levels: null },
  { name: "y", type: "integer", levels: ["0", "1"] },
] as never;

const preparedOf = (settings: object) =>
  preparePlan(checkPlan(planOf(settings)), known, {
    registry: [permutationImportance as unknown as AuditDefinition],
    model: about as never,
  });

async function run(
  settings: object,
  labels: Uint8Array,
): Promise<{ measures: readonly Measure[]; findings: readonly Finding[]; csv: string }> {
  const prepared = preparedOf(settings);
  const audit = prepared.audits[0];
  const { label: request } = prepared.roles;
  if (!audit || request === null) throw new Error("the plan runs the audit on a label");
  const device = await openDevice("cpu");
  const table: CodedTable = {
    rows,
    counts: null,
    columns: {
      [requestKey({ kind: "number", column: "used" })]: { kind: "number", values: used },
      [requestKey({ kind: "number", column: "constructor" })]: { kind: "number", values: idle },
      [requestKey(request)]: { kind: "coded", levels: ["0", "1"], codes: labels },
    },
  } as CodedTable;
  const context = {
    input: audit.input,
    plan: prepared.plan,
    roles: prepared.roles,
    device,
    model,
    signal: new AbortController().signal,
    table,
    background: null,
    machine: null,
  } as never;
  try {
    const step = {
      id: "one",
      audit: permutationImportance.id,
      round: 0,
      index: 0,
      start: 0,
      end: rows,
      detail: { first: 0, last: shuffledFeatures(audit.input as never, prepared.roles).length },
    };
    const measured = await permutationImportance.measure(table, step, context);
    // Through its text, as it travels between threads and machines.
    const summary = decodeSummary(encodeSummary(measured)) as typeof measured;
    const conclusion = await permutationImportance.conclude(summary, context);
    return {
      measures: conclusion.measures,
      findings: permutationImportance.judge(conclusion, context),
      csv: String(conclusion.artifacts?.["permutation-importance.csv"]),
    };
  } finally {
    device.dispose();
  }
}

describe("permutation importance", () => {
  it.each(["accuracy", "roc-auc", "log-loss", "f1", "average-precision"])(
    "never says that a model needs what it does not look at (%s)",
    async (score) => {
      // Seven repeats: a mean of seven equal scores is not that score to the last bit.
      for (const repeats of [3, 7, 10]) {
        const { measures, findings } = await run({ score, repeats }, label);
        const unused = measures.find((measure) => measure.feature === "constructor");
        expect(unused?.value).toBe(0);
        expect(unused?.p_adjusted).toBeGreaterThan(0.4);
        expect(findings.map((finding) => finding.id)).not.toContain("protected-constructor");
        expect(measures.find((measure) => measure.feature === "used")?.p_adjusted).toBeLessThan(0.01);
      }
    },
  );

  it.each([
    ["of one class", new Uint8Array(rows).fill(2)],
    ["without a label", new Uint8Array(rows)],
  ])("says of rows %s that nothing can be said", async (_, labels) => {
    const { measures, findings, csv } = await run({}, labels);
    expect(findings.map((finding) => finding.id)).toContain("no-score");
    const importances = measures.filter((measure) => measure.metric === "permutation-importance");
    expect(importances.map((measure) => measure.value)).toEqual([null, null]);
    expect(importances[0]?.reason).toMatch(/not defined/);
    expect(csv.split("\n")[0]).toBe("feature,repeat,roc-auc,importance");
    expect(csv).not.toContain("NaN");
  });

  it("tells of a protected column also where it is shuffled in a group, by the group's name", async () => {
    const { findings } = await run({ score: "accuracy", groups: { history: ["used", "constructor"] } }, label);
    const finding = findings.find((one) => one.id === "protected-history");
    expect(finding).toMatchObject({ verdict: "info", severity: "high" });
    expect(finding?.text.en).toMatch(
      /^\*\*The model uses history, inputs that hold constructor, a protected column\.\*\* The group is number 1/,
    );
    expect(finding?.text.en).toContain("shuffle it alone");
    expect(finding?.text["zh-CN"]).toContain("特征组 history，其中包含受保护属性 constructor");
    const own = (await run({ score: "accuracy", groups: { history: ["used"] } }, label)).findings;
    expect(own.map((one) => one.id)).not.toContain("protected-history");
  });

  it("gives its metric to rules feature by feature, a group under its name", () => {
    const rule = (feature: string, settings: object) =>
      preparePlan(
        checkPlan({
          ...planOf(settings),
          rules: [{ metric: "permutation-importance", feature, at_most: 0.01 }],
        }),
        known,
        { registry: [permutationImportance as unknown as AuditDefinition], model: about as never },
      );
    expect(() => rule("constructor", {})).not.toThrow();
    expect(() => rule("history", { groups: { history: ["constructor"] } })).not.toThrow();
    expect(() => rule("constructor", { groups: { history: ["constructor"] } })).toThrow(
      /no "permutation-importance" of a feature "constructor"; this plan gives it of used, history/,
    );
  });

  it("refuses a group that takes the name of a column outside it", () => {
    expect(() => preparedOf({ groups: { used: ["constructor"] } })).toThrow(
      '"used" is also an input that is not in the group',
    );
    expect(() => preparedOf({ groups: { used: ["used", "constructor"] } })).not.toThrow();
  });

  it("refuses the score of one class where none is called positive, which would be of no class at all", () => {
    const roles = { model: { features: ["used"] }, label: null } as unknown as Roles;
    for (const score of ["average-precision", "brier-score", "f1", "log-loss", "precision", "roc-auc"]) {
      expect(scoreProblems(importanceInput.parse({ score }), roles)).toEqual([
        {
          at: "score",
          message: `${score} speaks of one class against the others; name it with columns.positive, or take accuracy`,
        },
      ]);
    }
    expect(scoreProblems(importanceInput.parse({ score: "accuracy" }), roles)).toEqual([]);
    expect(scoreProblems(importanceInput.parse({}), roles)).toEqual([]);
  });
});
