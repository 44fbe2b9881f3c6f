import { type Device, openDevice } from "@assay/compute";
import { type CodedTable, type Column, requestKey } from "@assay/dataset";
import { openModelBytes } from "@assay/models";
import { AuditResult, checkPlan, type Measure, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindAuditModel } from "../../bind-model.ts";
import { describeModel } from "../../describe-model.ts";
import { inProcess } from "../../executors/in-process.ts";
import { preparePlan } from "../../prepare.ts";
import { runAudits } from "../../run.ts";
import { scoreTable } from "../../score-table.ts";
import { cutShards } from "../../shards.ts";
import { wilson } from "../../statistics/index.ts";
import { textColumn } from "../../testing/coded-table.ts";
import { type Cells, columnOf } from "../../testing/run-cells.ts";
import { individual } from "./index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

/** score = 1 / (1 + exp(−Σ weight · input)), as a network of one layer in JSON. */
function modelOf(weights: Readonly<Record<string, number>>, intercept = 0): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      kind: "mlp",
      activation: "identity",
      out: "logistic",
      coefs: [Object.values(weights).map((weight) => [weight])],
      intercepts: [[intercept]],
      features: Object.keys(weights),
    }),
  );
}

/** Two bands, cut at 45. */
function bandsOf(values: readonly (string | number | null)[]): Column {
  const texts = values.map((value) => (value === null ? null : Number(value) < 45 ? "<45" : "≥45"));
  return textColumn(texts, ["<45", "≥45"]);
}

/** Runs the audit with a model of its own, from the file on. */
async function run(
  cells: Cells,
  model: Uint8Array,
  columns: PlanInput["columns"],
  settings = {},
  shards = 3,
): Promise<AuditResult> {
  const opened = await openModelBytes("score.json", model, {
    onnxRuntime: () => Promise.reject(new Error("not needed")),
    external: null,
  });
  const plan = checkPlan({
    version: 1,
    data: { file: "rows.csv" },
    columns,
    model: { file: "score.json" },
    audits: { "fairness.individual": settings },
  });
  const known = Object.entries(cells).map(
    ([name, values]) =>
      ({
        name,
        type: values.every((one) => one === null || Number.isFinite(Number(one))) ? "number" : "text",
      }) as const,
  );
  const prepared = preparePlan(plan, known, { registry: [individual], model: describeModel(opened) });
  const rows = Object.values(cells)[0]?.length ?? 0;
  const table: CodedTable = {
    rows,
    counts: null,
    columns: Object.fromEntries(
      prepared.requests.map((request): [string, Column] => {
        const values = cells[request.column] ?? [];
        return [requestKey(request), request.kind === "bands" ? bandsOf(values) : columnOf(request, values)];
      }),
    ),
  };
  const { signal } = new AbortController();
  const role = prepared.roles.model;
  if (role === null) throw new Error("no model");
  const bound = bindAuditModel({ model: opened, role, device, signal });
  try {
    const scored = await scoreTable({ prepared, table, model: bound, signal });
    const { body } = await runAudits({
      prepared,
      data: {
        rows,
        rowsRead: rows,
        digest: `sha256:${"0".repeat(64)}`,
        format: "csv",
        encoding: "utf-8",
        columns: [],
        warnings: [],
      },
      shards: cutShards(rows, shards),
      executor: inProcess({ prepared, table: scored, device, model: bound }),
      device,
      model: bound,
      signal,
    });
    const [result] = body.audits;
    if (result?.status !== "completed") throw new Error(result?.reason?.en);
    return AuditResult.parse(result);
  } finally {
    bound.dispose();
    await opened.dispose();
  }
}

function find({ measures }: AuditResult, metric: string, about: Partial<Measure>): Measure {
  const found = measures.find(
    (one) =>
      one.metric === metric &&
      Object.entries(about).every(
        ([key, value]) => JSON.stringify(one[key as keyof Measure]) === JSON.stringify(value),
      ),
  );
  if (!found) throw new Error(`no ${metric} of ${JSON.stringify(about)}`);
  return found;
}

const n = 200;
const sex = Array.from({ length: n }, (_, row) => row % 2);
const income = Array.from({ length: n }, (_, row) => ((row * 61) % 97) / 10 - 4.8);
const cells = { sex, income, y: sex };
const columns: PlanInput["columns"] = { label: "y", protected: ["sex"], features: ["income", "sex"] };
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

describe("a protected value set to another", () => {
  it("tells whose answer changes, who gains and who loses, and how far scores move, as counted by hand", async () => {
    const result = await run(cells, modelOf({ income: 1, sex: 2 }, -1), columns);
    // Decided at income + 2 sex ≥ 1: people of sex 0 gain between −1 and 1, people of sex 1 lose there.
    const between = (of: number): number => income.filter((one, row) => sex[row] === of && one >= -1 && one < 1).length;
    for (const [value, metric, other] of [
      ["0", "counterfactual-gain-rate", "counterfactual-loss-rate"],
      ["1", "counterfactual-loss-rate", "counterfactual-gain-rate"],
    ] as const) {
      const group = { sex: value };
      const count = between(Number(value));
      const rate = find(result, "counterfactual-flip-rate", { group });
      expect(count).toBeGreaterThan(5);
      expect(rate).toMatchObject({ value: count / 100, n: 100, ...wilson(count, 100, 0.95) });
      expect(find(result, metric, { group }).value).toBe(count / 100);
      expect(find(result, other, { group }).value).toBe(0);
      const shifts = income.flatMap((one, row) =>
        sex[row] === Number(value)
          ? [sigmoid(one + 2 * (1 - Number(value)) - 1) - sigmoid(one + 2 * Number(value) - 1)]
          : [],
      );
      const mean = shifts.reduce((sum, one) => sum + one, 0) / 100;
      // The network runs in float32.
      expect(find(result, "counterfactual-score-shift", { group }).value).toBeCloseTo(mean, 6);
    }
    expect(find(result, "counterfactual-flip-rate", { by: ["sex"] }).value).toBe((between(0) + between(1)) / n);
    const finding = result.findings.find(({ id }) => id === "flips-by-sex");
    expect(finding).toMatchObject({ verdict: "info", severity: "high", figure: "flips-by-sex", table: "flips-by-sex" });
    expect(finding?.text.en).toContain("**The model's answer depends on sex itself.**");
  });

  it("is 0 where the model reads the column and does not use it, and says so with an upper end", async () => {
    const result = await run(cells, modelOf({ income: 1, sex: 0 }), columns);
    const rate = find(result, "counterfactual-flip-rate", { by: ["sex"] });
    expect(rate).toMatchObject({ value: 0, low: 0, n });
    expect(rate.high).toBeCloseTo(wilson(0, n, 0.95).high, 12);
    expect(result.findings.find(({ id }) => id === "flips-by-sex")?.text.en).toContain(
      "No answer changes with sex alone",
    );
  });

  it("is 0 by construction where the model does not read the column, and points to what may stand in for it", async () => {
    const result = await run(cells, modelOf({ income: 1 }), { ...columns, features: ["income"] });
    const rate = find(result, "counterfactual-flip-rate", { by: ["sex"] });
    expect(rate).toMatchObject({ value: 0, method: "by construction: no input of the model" });
    expect(rate.n).toBeUndefined();
    const finding = result.findings.find(({ id }) => id === "flips-by-sex");
    expect(finding?.text.en).toContain("fairness.representation");
    expect(finding?.text["zh-CN"]).toContain("按构造为 0");
  });

  it("gives a band of numbers as the median of the people in it, and leaves people of an unknown one out", async () => {
    const age = Array.from({ length: n }, (_, row) => (row % 20 === 0 ? null : 20 + (row % 50)));
    const result = await run(
      { age, y: sex },
      modelOf({ age: 1 }, -45),
      {
        label: "y",
        protected: [{ column: "age", breaks: [45] }],
        features: ["age"],
      },
      { with_protected: true },
    );
    const young = age.filter((one) => one !== null && one < 45);
    const old = age.filter((one) => one !== null && one >= 45);
    // Everyone below 45 is refused and everyone else is not: with the other band's median each answer changes.
    expect(find(result, "counterfactual-gain-rate", { group: { age: "<45" } })).toMatchObject({
      value: 1,
      n: young.length,
    });
    expect(find(result, "counterfactual-loss-rate", { group: { age: "≥45" } })).toMatchObject({
      value: 1,
      n: old.length,
    });
    const median = [...old].sort((a, b) => (a ?? 0) - (b ?? 0))[Math.floor((old.length - 1) / 2)] ?? 0;
    const mean =
      young.reduce<number>((sum, one) => sum + sigmoid(median - 45) - sigmoid((one ?? 0) - 45), 0) / young.length;
    expect(find(result, "counterfactual-score-shift", { group: { age: "<45" } }).value).toBeCloseTo(mean, 6);
  });

  it("is the same for any shards", async () => {
    const model = modelOf({ income: 1, sex: 2 }, -1);
    const [one, many] = await Promise.all([run(cells, model, columns, {}, 1), run(cells, model, columns, {}, 9)]);
    expect(many).toEqual(one);
  });
});
