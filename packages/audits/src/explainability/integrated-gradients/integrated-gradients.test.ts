import { readFileSync } from "node:fs";
import { type Device, openDevice } from "@assay/compute";
import { type CodedTable, requestKey } from "@assay/dataset";
import { openModel } from "@assay/models/node";
import { type AuditResult, checkPlan, type Digest, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindAuditModel } from "../../bind-model.ts";
import { describeModel } from "../../describe-model.ts";
import { inProcess } from "../../executors/in-process.ts";
import { preparePlan } from "../../prepare.ts";
import { runAudits } from "../../run.ts";
import { cutShards } from "../../shards.ts";
import { numberColumn } from "../../testing/coded-table.ts";
import { isSound } from "../../testing/sound-run.ts";
import { integratedGradients } from "./index.ts";

interface Values {
  readonly base: number;
  readonly values: readonly (readonly number[])[];
}
interface Case {
  readonly name: string;
  readonly model: unknown;
  readonly rows: number[][];
  readonly scores: number[];
  readonly mean: Values;
  readonly zero: Values;
}

/** What integrated-gradients.py writes. */
const { cases } = JSON.parse(readFileSync(new URL("integrated-gradients.json", import.meta.url), "utf8")) as {
  cases: Case[];
};
const caseOf = (name: string): Case => {
  const found = cases.find((one) => one.name === name);
  if (!found) throw new Error(`no case ${name}`);
  return found;
};

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

interface RunOptions {
  readonly settings?: Record<string, unknown>;
  readonly rows?: readonly (readonly number[])[];
  readonly shards?: number;
  readonly positive?: string;
  readonly protected?: readonly string[];
}

async function run(one: Case, options: RunOptions = {}): Promise<{ result: AuditResult; csv: string }> {
  const { settings = {}, rows = one.rows, shards = 1, positive } = options;
  const features = (rows[0] ?? []).map((_, index) => `x${index}`);
  const model = await openModel(new TextEncoder().encode(JSON.stringify(one.model)), { name: "model.json" });
  const plan: PlanInput = {
    version: 1,
    data: { file: "rows.csv" },
    columns: {
      features,
      protected: [...(options.protected ?? [])],
      ...(positive === undefined ? {} : { positive }),
    },
    model: { file: "model.json" },
    audits: { "explainability.integrated-gradients": settings },
  };
  const stop = new AbortController().signal;
  const prepared = preparePlan(
    checkPlan(plan),
    features.map((name) => ({ name, type: "number" as const })),
    { registry: [integratedGradients], model: describeModel(model) },
  );
  const role = prepared.roles.model;
  if (role === null) throw new Error("no model");
  const bound = bindAuditModel({ model, role, device, signal: stop });
  const table: CodedTable = {
    rows: rows.length,
    counts: null,
    columns: Object.fromEntries(
      features.map((column, place) => [
        requestKey({ kind: "number", column }),
        numberColumn(rows.map((row) => row[place] ?? Number.NaN)),
      ]),
    ),
  };
  try {
    const { body, artifacts } = await runAudits({
      prepared,
      data: {
        rows: rows.length,
        rowsRead: rows.length,
        digest: `sha256:${"0".repeat(64)}` as Digest,
        format: "csv",
        encoding: "utf-8",
        columns: [],
        warnings: [],
      },
      shards: cutShards(rows.length, shards),
      executor: inProcess({ prepared, table, device, model: bound, machine: null }),
      device,
      model: bound,
      signal: stop,
    });
    const [result] = body.audits;
    if (result?.status !== "completed") throw new Error(`not completed: ${result?.reason?.en}`);
    const csv = artifacts.get("integrated-gradients.csv");
    return { result, csv: typeof csv === "string" ? csv : new TextDecoder().decode(csv) };
  } finally {
    bound.dispose();
    await model.dispose();
  }
}

const measured = (result: AuditResult, metric: string, feature?: string) =>
  result.measures.find((one) => one.metric === metric && one.feature === feature);

const positives: Readonly<Record<string, string>> = { "tanh, softmax of three": "2", "relu, two classes": "1" };

describe("integrated gradients of networks", () => {
  it.each(cases.flatMap(({ name }) => [[name, "mean"] as const, [name, "zero"] as const]))(
    "%s: from the %s they are PyTorch's, and add up to the output",
    async (name, baseline) => {
      const one = caseOf(name);
      const positive = positives[name];
      const { result, csv } = await run(one, {
        settings: { baseline, tolerance: 1e-5 },
        ...(positive === undefined ? {} : { positive }),
      });
      const expected = one[baseline];
      // Relu's jumps leave what 512 points miss; all else is float32's.
      const within = name.startsWith("relu") ? 1e-3 : 3e-6;
      const [header, ...lines] = csv.trim().split("\n");
      expect(header).toBe(`row,base,${one.rows[0]?.map((_, index) => `x${index}`).join(",")}`);
      expect(lines).toHaveLength(one.rows.length);
      for (const [row, line] of lines.entries()) {
        const [place, base = Number.NaN, ...values] = line.split(",").map(Number);
        expect(place).toBe(row);
        expect(Math.abs(base - expected.base)).toBeLessThan(1e-6);
        for (const [index, value] of values.entries()) {
          expect(Math.abs(value - (expected.values[row]?.[index] ?? Number.NaN)), `${row}, ${index}`).toBeLessThan(
            within,
          );
        }
        const sum = values.reduce((total, value) => total + value, base);
        const gap = measured(result, "completeness-error")?.value ?? Number.NaN;
        expect(Math.abs(sum - (one.scores[row] ?? Number.NaN))).toBeLessThan(gap + 1e-6);
      }
      for (const [index] of (one.rows[0] ?? []).entries()) {
        const mean =
          expected.values.reduce((sum, values) => sum + Math.abs(values[index] ?? 0), 0) / expected.values.length;
        const measure = measured(result, "integrated-gradients", `x${index}`);
        expect(Math.abs((measure?.value ?? Number.NaN) - mean)).toBeLessThan(within);
        expect(measure?.low ?? Number.NaN).toBeLessThan(mean);
        expect(measure?.high ?? Number.NaN).toBeGreaterThan(mean);
        expect(measure?.method).toMatch(
          new RegExp(`^from the ${baseline} of the inputs, Gauss-Legendre, at most \\d+ points$`),
        );
      }
    },
    60_000,
  );

  it("of the first of two classes are those of the second, turned", async () => {
    const one = caseOf("relu, two classes");
    const [first, second] = [await run(one, { positive: "0" }), await run(one, { positive: "1" })];
    const rowsOf = (csv: string) =>
      csv
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(",").map(Number).slice(2));
    for (const [row, values] of rowsOf(first.csv).entries()) {
      for (const [index, value] of values.entries()) {
        expect(value).toBeCloseTo(-(rowsOf(second.csv)[row]?.[index] ?? Number.NaN), 9);
      }
    }
  });

  it("give the same summary however the rows are cut, over several steps too", async () => {
    const one = caseOf("tanh, softmax of three");
    const rows = Array.from({ length: 5_000 }, (_, row) => one.rows[(row * 7) % 12] ?? []);
    const settings = { rows: 100, decisions: [4_500] };
    const whole = await run(one, { rows, settings, positive: "2" });
    const cut = await run(one, { rows, settings, positive: "2", shards: 7 });
    expect(cut.result).toEqual(whole.result);
    expect(whole.csv.trim().split("\n")).toHaveLength(101);
    expect(whole.result.findings.map(({ id }) => id)).toEqual(["moves", "written"]);
    expect(whole.result.figures.map(({ id }) => id)).toEqual(["integrated-gradients", "values", "decision-4500"]);
  });

  it("are told of rows without a missing input, in both languages, and of protected columns", async () => {
    const one = caseOf("tanh, softmax of three");
    const rows = one.rows.map((row, index) => (index === 2 ? [Number.NaN, ...row.slice(1)] : row));
    const settings = { decisions: [1, 2, 99] };
    const { result, csv } = await run(one, { rows, settings, positive: "2", protected: ["x1"] });
    expect(measured(result, "count")?.value).toBe(11);
    expect(measured(result, "excluded-count")?.value).toBe(1);
    expect(csv.split("\n")[3]).toMatch(/^2,[^,]+,,,,$/);
    const finding = (id: string) => result.findings.find((each) => each.id === id)?.text;
    expect(finding("moves")?.en).toMatch(
      /moves the probability of 2 of a row by .* n = 11, from all inputs at their means\)/,
    );
    expect(finding("moves")?.["zh-CN"]).toContain("2 的概率");
    expect(finding("protected-x1")?.en).toContain("Outputs depend on x1, a protected column.");
    expect(finding("excluded")?.en).toBe(
      "**1 rows are left out.** An input of theirs is missing, and the model says nothing of them.",
    );
    expect(finding("decisions-missing")?.en).toBe("**Row 2 cannot be explained.** An input is missing there.");
    expect(finding("decisions-absent")?.en).toBe(
      "**No row 99.** The data the plan keeps have 12 rows, counted from 0.",
    );
    expect(result.figures.map(({ id }) => id)).toEqual(["integrated-gradients", "values", "decision-1"]);
    isSound({ ...result, summary: null, gives: [], concludeMs: 0 } as never);
  });

  it("tell the gap where the way has jumps, as indeterminate", async () => {
    const { result } = await run(caseOf("relu, two classes"), { settings: { tolerance: 1e-5 }, positive: "1" });
    const found = result.findings.find((each) => each.id === "completeness");
    expect(found?.verdict).toBe("indeterminate");
    expect(found?.text.en).toMatch(/Values of \d+ of 12 rows do not add up to the output within 0\.00001/);
    const loose = await run(caseOf("relu, two classes"), { positive: "1" });
    expect(loose.result.findings.map(({ id }) => id)).not.toContain("completeness");
  });

  it("say that nothing is known where every row misses an input", async () => {
    const one = caseOf("linear");
    const { result } = await run(one, { rows: one.rows.map((row) => [Number.NaN, ...row.slice(1)]) });
    expect(measured(result, "integrated-gradients", "x0")).toMatchObject({ value: null, reason: expect.any(String) });
    expect(result.findings.map(({ id, verdict }) => [id, verdict])).toEqual([["excluded", "indeterminate"]]);
    isSound({ ...result, summary: null, gives: [], concludeMs: 0 } as never);
  });

  it("are refused of models without gradients, and of several classes where none is named", async () => {
    const known = ["x0", "x1", "x2", "x3"].map((name) => ({ name, type: "number" as const }));
    const about = {
      format: "json",
      classes: ["0", "1", "2"],
      inputs: known.map(({ name }) => ({ name, kind: "number" as const })),
      link: null,
      output: "probabilities",
      structure: "network",
    } as const;
    const prepare = (more: object) =>
      preparePlan(
        checkPlan({
          version: 1,
          data: { file: "rows.csv" },
          columns: { features: known.map(({ name }) => name) },
          model: { file: "model.json" },
          audits: { "explainability.integrated-gradients": {} },
        }),
        known,
        {
          registry: [integratedGradients],
          model: { ...about, classes: [...about.classes], inputs: [...about.inputs], ...more },
        },
      );
    expect(() => prepare({})).toThrow(/follows gradients of the output; the plan's model has none/);
    expect(() => prepare({ differentiable: true })).toThrow(/name with columns\.positive the one to explain/);
    expect(() => prepare({ differentiable: true, classes: ["0", "1"] })).not.toThrow();
  });
});
