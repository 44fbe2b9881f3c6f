import { type Device, openDevice } from "@assay/compute";
import { type CodedTable, type Column, requestKey } from "@assay/dataset";
import { openModelBytes } from "@assay/models";
import { AuditResult, checkPlan, type Measure, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindAuditModel } from "../../../bind-model.ts";
import { describeModel } from "../../../describe-model.ts";
import { inProcess } from "../../../executors/in-process.ts";
import { preparePlan } from "../../../prepare.ts";
import { runAudits } from "../../../run.ts";
import { scoreTable } from "../../../score-table.ts";
import { cutShards } from "../../../shards.ts";
import { contradictions } from "../../../testing/contradictions.ts";
import { type Cells, columnOf } from "../../../testing/run-cells.ts";
import { groupMetrics } from "../index.ts";
import { measureIn } from "../predictions.testing.ts";
// What probabilities.expected.py writes.
import expected from "./probabilities.expected.json" with { type: "json" };

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const rows = Array.from({ length: 360 }, (_, row) => row);
const u = rows.map((row) => ((row * 61) % 97) / 10 - 4.8);
const v = rows.map((row) => ((row * 37) % 89) / 10 - 4.4);
const coefs = [
  [0.5, -0.3, 0.1],
  [-0.2, 0.4, 0.3],
];
const intercepts = [0.1, 0, -0.1];
const label = rows.map((row) => {
  const logits = intercepts.map(
    (own, place) => own + (u[row] ?? 0) * (coefs[0]?.[place] ?? 0) + (v[row] ?? 0) * (coefs[1]?.[place] ?? 0),
  );
  const said = logits.indexOf(Math.max(...logits));
  return "xyz".charAt(row % 4 === 0 ? Math.floor(row / 4) % 3 : said);
});
const cells: Cells = { group: rows.map((row) => "abc".charAt(row % 3)), label, u, v };

const model = (classes: readonly string[]): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      ...{ kind: "mlp", activation: "identity", out: "softmax", features: ["u", "v"] },
      ...{ coefs: [coefs], intercepts: [intercepts], classes },
    }),
  );

interface Options {
  readonly classes?: readonly string[];
  readonly columns?: Partial<PlanInput["columns"]>;
  readonly shards?: number;
}

/** Runs the audit over the model's answers, from the plan on. */
async function audit(given: Cells, { classes = ["x", "y", "z"], columns = {}, shards = 1 }: Options = {}) {
  const opened = await openModelBytes("classes.json", model(classes), {
    onnxRuntime: () => Promise.reject(new Error("not needed")),
    external: null,
  });
  const plan = checkPlan({
    version: 1,
    data: { file: "rows.csv" },
    columns: { label: "label", protected: ["group"], ...columns },
    model: { file: "classes.json" },
    audits: { [groupMetrics.id]: { replicates: 499 } },
  });
  const known = Object.entries(given).map(([name, values]) => ({
    name,
    type: values.every((one) => one === null || Number.isFinite(Number(one))) ? ("number" as const) : ("text" as const),
  }));
  const prepared = preparePlan(plan, known, { registry: [groupMetrics], model: describeModel(opened) });
  const table: CodedTable = {
    rows: given.label?.length ?? 0,
    counts: null,
    columns: Object.fromEntries(
      prepared.requests.map((request): [string, Column] => [
        requestKey(request),
        columnOf(request, given[request.column] ?? []),
      ]),
    ),
  };
  const { signal } = new AbortController();
  const role = prepared.roles.model;
  if (role === null) throw new Error("no model");
  const bound = bindAuditModel({ model: opened, role, device, signal });
  try {
    const scored = await scoreTable({ prepared, table, model: bound, signal });
    const digest = `sha256:${"0".repeat(64)}` as const;
    const { body } = await runAudits({
      prepared,
      data: {
        rows: table.rows,
        rowsRead: table.rows,
        digest,
        format: "csv",
        encoding: "utf-8",
        columns: [],
        warnings: [],
      },
      shards: cutShards(table.rows, shards),
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

const names = ["brier-score", "expected-calibration-error", "log-loss"] as const;
const find = (result: AuditResult, about: Partial<Measure>): Measure =>
  measureIn({ measures: result.measures } as Parameters<typeof measureIn>[0], about);

describe("probabilities of several classes", () => {
  it("have scikit-learn's log loss and Brier score and the calibration error of the largest, of all and by group", async () => {
    const result = await audit(cells);
    for (const [where, values] of Object.entries(expected)) {
      const place = where === "all" ? {} : { group: { group: where } };
      for (const name of names) {
        const { value, low, high } = find(result, { metric: name, ...place });
        // The network runs in float32.
        expect(Math.abs((value ?? 0) - values[name]), `${name} of ${where}`).toBeLessThan(2e-7);
        expect(low).toBeLessThanOrEqual(value ?? 0);
        expect(high).toBeGreaterThanOrEqual(value ?? 0);
      }
    }
    const gap = (name: string): Measure => find(result, { metric: `${name}-difference`, by: ["group"] });
    for (const name of names) {
      const all = ["a", "b", "c"].map((of) => find(result, { metric: name, group: { group: of } }).value ?? 0);
      expect(gap(name).value).toBeCloseTo(Math.max(...all) - Math.min(...all), 12);
    }
    expect(gap("log-loss").p).toBeGreaterThan(0);
    expect(gap("brier-score").p_adjusted).toBeGreaterThanOrEqual(gap("brier-score").p ?? 1);
    expect(gap("expected-calibration-error").p).toBeUndefined();
    expect(contradictions(result.measures)).toEqual([]);
    expect(result.tables.map(({ id }) => id)).toContain("score-disparities");
    expect(result.figures.map(({ id }) => id)).toContain("expected-calibration-error-by-group");
    expect(result.findings.map(({ id }) => id)).toContain("expected-calibration-error-gap-by-group");
  });

  it("are the same to the last bit in any number of shards", async () => {
    const [one, ...others] = await Promise.all([1, 2, 7].map((shards) => audit(cells, { shards })));
    for (const other of others) {
      expect(other.summary).toBe(one?.summary);
      expect(other.measures).toEqual(one?.measures);
    }
  });

  it("count a row of weight 2 as two rows", async () => {
    const twice = (values: readonly (string | number | null)[]) =>
      values.flatMap((value, row) => (row % 5 === 0 ? [value, value] : [value]));
    const plain = await audit(Object.fromEntries(Object.entries(cells).map(([name, values]) => [name, twice(values)])));
    const weighted = await audit(
      { ...cells, w: rows.map((row) => (row % 5 === 0 ? 2 : 1)) },
      { columns: { weight: "w" } },
    );
    for (const metric of names) {
      expect(find(weighted, { metric }).value).toBeCloseTo(find(plain, { metric }).value ?? 0, 12);
    }
  });

  it("give a label that the model does not know no chance, and leave out rows without a label", async () => {
    const result = await audit({
      ...cells,
      label: label.map((one, row) => (row === 1 ? "new" : row < 60 ? null : one)),
    });
    const rest = await audit({
      ...Object.fromEntries(Object.entries(cells).map(([name, values]) => [name, values.slice(60)])),
    });
    for (const metric of names) expect(find(result, { metric }).n).toBe(301);
    const sum = (of: AuditResult): number =>
      (find(of, { metric: "log-loss" }).value ?? 0) * (find(of, { metric: "log-loss" }).n ?? 0);
    // scikit-learn keeps probabilities 2.2e-16 from 0.
    expect(sum(result) - sum(rest)).toBeCloseTo(-Math.log(2.220446049250313e-16), 9);
  });

  it("are unknown, with the reason, where a column names the predicted class alone", async () => {
    const told = label.map((one, row) => (row % 9 === 0 ? "x" : one));
    const result = await audit({ ...cells, told }, { columns: { prediction: "told" } });
    for (const metric of names) {
      expect(find(result, { metric })).toMatchObject({
        value: null,
        reason: "no model of the plan gives the probability of each class",
      });
    }
  });
});
