import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice } from "@assay/compute";
import { type CodedTable, requestKey } from "@assay/dataset";
import { openModelBytes } from "@assay/models";
import { checkPlan, type Digest, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindAuditModel } from "../../bind-model.ts";
import { describeModel } from "../../describe-model.ts";
import { inProcess } from "../../executors/in-process.ts";
import { preparePlan } from "../../prepare.ts";
import { runAudits } from "../../run.ts";
import { cutShards } from "../../shards.ts";
import { numberColumn } from "../../testing/coded-table.ts";
import { shapley } from "./index.ts";

interface Values {
  readonly base: number;
  readonly values: readonly (readonly number[])[];
}
interface Case {
  readonly model: string;
  readonly raw: readonly Values[];
  readonly probability: readonly Values[];
  readonly "log-odds"?: readonly Values[];
  readonly "path-dependent"?: readonly Values[];
}
type Fixture = { readonly features: string[] } & Readonly<Record<"background" | "rows", number[][]>> &
  Readonly<Record<"one against the rest" | "softmax of three" | "softmax of two", Case>>;

/** What several-classes.py writes. */
const fixture = JSON.parse(
  readFileSync(fileURLToPath(new URL("several-classes.json", import.meta.url)), "utf8"),
) as Fixture;
const { features } = fixture;

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const tableOf = (rows: readonly (readonly number[])[]): CodedTable => ({
  rows: rows.length,
  counts: null,
  columns: Object.fromEntries(
    features.map((column, place) => [
      requestKey({ kind: "number", column }),
      numberColumn(rows.map((row) => row[place] ?? Number.NaN)),
    ]),
  ),
});

const open = (one: Case) =>
  openModelBytes("iris.onnx", Uint8Array.from(Buffer.from(one.model, "base64")), {
    onnxRuntime: () => Promise.reject(new Error("not needed")),
    external: null,
  });

const planOf = (positive: string, settings: object): PlanInput => ({
  version: 1,
  data: { file: "iris.csv" },
  columns: { positive, features },
  model: { file: "iris.onnx" },
  audits: { "explainability.shapley": settings as Record<string, unknown> },
  seed: 3,
});

/** Values of the shared rows against the shared background, by the model as audits bind it. */
async function valuesOf(
  one: Case,
  positive: string,
  settings: { readonly kind: "interventional" | "path-dependent"; readonly output: "log-odds" | "probability" },
): Promise<Values & { readonly outputs: readonly number[] }> {
  const model = await open(one);
  const known = features.map((name) => ({ name, type: "number" as const }));
  const { roles } = preparePlan(checkPlan(planOf(positive, settings)), known, {
    registry: [shapley],
    model: describeModel(model),
  });
  if (roles.model === null) throw new Error("no model");
  const bound = bindAuditModel({ model, role: roles.model, device, signal: new AbortController().signal });
  const explainer = await bound.explainTrees({
    ...settings,
    background: { table: tableOf(fixture.background), rows: null },
  });
  try {
    const rows = tableOf(fixture.rows);
    const values: number[][] = [];
    for await (const part of explainer.explain(rows, null)) {
      for (let row = 0; row < part.rows; row++) values.push([...part.values.slice(row * 4, (row + 1) * 4)]);
    }
    return { base: explainer.base, values, outputs: [...(await explainer.outputs(rows, null))] };
  } finally {
    explainer.free();
    bound.dispose();
    await model.dispose();
  }
}

function expectValues(found: Awaited<ReturnType<typeof valuesOf>>, expected: Values | undefined, within: number): void {
  expect(Math.abs(found.base - (expected?.base ?? Number.NaN))).toBeLessThan(within);
  expect(found.values).toHaveLength(fixture.rows.length);
  for (const [row, values] of found.values.entries()) {
    for (const [place, value] of values.entries()) {
      expect(Math.abs(value - (expected?.values[row]?.[place] ?? Number.NaN)), `row ${row}`).toBeLessThan(within);
    }
    const sum = values.reduce((a, b) => a + b, found.base);
    expect(Math.abs(sum - (found.outputs[row] ?? Number.NaN)), `row ${row} adds up`).toBeLessThan(1e-6);
  }
}

const interventional = (output: "log-odds" | "probability") => ({ kind: "interventional", output }) as const;

describe("a softmax of three classes", () => {
  const one = fixture["softmax of three"];

  it("has the probability's values of every class, as over all sets of features", async () => {
    for (const place of [0, 1, 2]) {
      expectValues(await valuesOf(one, String(place), interventional("probability")), one.probability[place], 1e-6);
    }
  });

  it("has the raw score's values of every class: interventional, and path by path as XGBoost's own", async () => {
    for (const place of [0, 1, 2]) {
      expectValues(await valuesOf(one, String(place), interventional("log-odds")), one.raw[place], 1e-6);
      const paths = await valuesOf(one, String(place), { kind: "path-dependent", output: "log-odds" });
      // XGBoost's are float32.
      expectValues(paths, one["path-dependent"]?.[place], 3e-6);
    }
  });
});

describe("a softmax of two classes", () => {
  const one = fixture["softmax of two"];

  it("is explained as the one sum it is: the log-odds, and the probability as of any boosting of two classes", async () => {
    for (const place of [0, 1]) {
      expectValues(await valuesOf(one, String(place), interventional("log-odds")), one["log-odds"]?.[place], 1e-6);
      expectValues(await valuesOf(one, String(place), interventional("probability")), one.probability[place], 1e-6);
      const paths = await valuesOf(one, String(place), { kind: "path-dependent", output: "log-odds" });
      const [own, other] = [one["path-dependent"]?.[place], one["path-dependent"]?.[1 - place]];
      const difference = {
        base: (own?.base ?? Number.NaN) - (other?.base ?? Number.NaN),
        values: (own?.values ?? []).map((row, at) =>
          row.map((value, of) => value - (other?.values[at]?.[of] ?? Number.NaN)),
        ),
      };
      expectValues(paths, difference, 3e-6);
    }
  });
});

describe("one against the rest, normalised", () => {
  const one = fixture["one against the rest"];

  it("has the shares' values over all sets of features, and each class's own log-odds", async () => {
    for (const place of [0, 1, 2]) {
      expectValues(await valuesOf(one, String(place), interventional("probability")), one.probability[place], 1e-6);
      expectValues(await valuesOf(one, String(place), interventional("log-odds")), one.raw[place], 1e-6);
    }
  });
});

describe("the audit of a model of three classes", () => {
  const run = async (settings: object, rows = fixture.rows, shards = 1) => {
    const model = await open(fixture["softmax of three"]);
    const stop = new AbortController().signal;
    const prepared = preparePlan(
      checkPlan(planOf("2", settings)),
      features.map((name) => ({ name, type: "number" as const })),
      { registry: [shapley], model: describeModel(model) },
    );
    const role = prepared.roles.model;
    if (role === null) throw new Error("no model");
    const bound = bindAuditModel({ model, role, device, signal: stop });
    try {
      const { body } = await runAudits({
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
        executor: inProcess({ prepared, table: tableOf(rows), device, model: bound, machine: null }),
        device,
        model: bound,
        signal: stop,
      });
      return body;
    } finally {
      bound.dispose();
      await model.dispose();
    }
  };

  it("says what it explains, in measures, figures and both languages; and its values add up", async () => {
    const audit = (await run({ background: 6, decisions: [1] })).audits[0];
    expect(audit?.status).toBe("completed");
    const first = audit?.measures.find((one) => one.metric === "shapley-value");
    expect(first?.method).toBe("mean over rows, interventional, probability of 2, over all sets of inputs");
    expect(audit?.measures.find((one) => one.metric === "additivity-error")?.value).toBeLessThan(1e-6);
    const top = audit?.findings.find((one) => one.id === "moves");
    expect(top?.text.en).toContain("moves the probability of 2 of a row by");
    expect(top?.text["zh-CN"]).toContain("2 的概率");
    const swarm = audit?.figures.find((one) => one.kind === "swarm");
    expect(swarm?.rows[0]?.points).toHaveLength(fixture.rows.length);

    const raw = (await run({ background: 6, output: "log-odds" })).audits[0];
    expect(raw?.measures.find((one) => one.metric === "shapley-value")?.method).toBe(
      "mean over rows, interventional, raw score of 2 before the softmax",
    );
    expect(raw?.findings.find((one) => one.id === "moves")?.text["zh-CN"]).toContain("softmax 之前");
  });

  it("draws the same dots and gives the same summary however its rows are cut into steps", async () => {
    // For a background asked to be so large, steps hold fewer rows than are drawn.
    const many = Array.from({ length: 30 }, () => fixture.rows).flat();
    const one = await run({ background: 200_000 }, many);
    const [audit] = one.audits;
    expect(audit?.status).toBe("completed");
    const swarm = audit?.figures.find((figure) => figure.kind === "swarm");
    expect(swarm?.rows[0]?.points).toHaveLength(many.length);
    expect(swarm?.rows[0]?.points[0]?.[1]).not.toBeNull();
    expect((await run({ background: 200_000 }, many, 4)).audits).toEqual(one.audits);
  });

  it("is refused before any work where its inputs have too many sets", () => {
    const wide = Array.from({ length: 15 }, (_, index) => ({ name: `x${index}`, kind: "number" as const }));
    const about = {
      format: "onnx",
      classes: ["a", "b", "c"],
      inputs: wide,
      link: "softmax",
      output: "probabilities",
      structure: "trees",
    } as const;
    const prepare = (settings: object) =>
      preparePlan(
        checkPlan({ ...planOf("b", settings), columns: { positive: "b" } }),
        wide.map(({ name }) => ({ name, type: "number" as const })),
        { registry: [shapley], model: { ...about, classes: [...about.classes] } },
      );
    expect(() => prepare({})).toThrow(/one of 3 classes.*15 inputs have too many of \(at most 14\).*output: log-odds/);
    expect(() => prepare({ kind: "path-dependent" })).toThrow(/path-dependent values/);
    expect(() => prepare({ output: "log-odds" })).not.toThrow();
  });

  it("is refused where rows and background make more work than anybody waits for", async () => {
    const many = Array.from({ length: 7000 }, () => fixture.rows).flat();
    const audit = (await run({ background: 1_000_000 }, many)).audits[0];
    expect(audit).toMatchObject({
      status: "failed",
      reason: {
        en: expect.stringMatching(/70000 rows × 70000 of the background × 2\^4 are too many.*at most 15339 rows/),
      },
    });
  });
});
