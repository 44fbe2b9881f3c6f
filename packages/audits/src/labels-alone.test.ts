import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice } from "@assay/compute";
import { type CodedTable, requestKey } from "@assay/dataset";
import { openModelBytes } from "@assay/models";
import { checkPlan } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bindAuditModel } from "./bind-model.ts";
import { describeModel } from "./describe-model.ts";
import { preparePlan } from "./prepare.ts";
import { scoreTable } from "./score-table.ts";
import { numberColumn, textColumn } from "./testing/coded-table.ts";

/** What labels-alone.py writes: the label is the lower one where x ≤ 0, else the higher. */
const models = JSON.parse(
  readFileSync(fileURLToPath(new URL("labels-alone.json", import.meta.url)), "utf8"),
) as Readonly<Record<"0 or 1" | "2 or 3", string>>;

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

async function decisions(labels: keyof typeof models, x: readonly number[], positive?: string) {
  const model = await openModelBytes("labels.onnx", Uint8Array.from(Buffer.from(models[labels], "base64")), {
    onnxRuntime: () => Promise.reject(new Error("not needed")),
    external: null,
  });
  expect(model.main).toMatchObject({ kind: "label", classes: null });
  const prepared = preparePlan(
    checkPlan({
      version: 1,
      data: { file: "x.csv" },
      columns: { label: "y", protected: ["g"], features: ["x"], ...(positive === undefined ? {} : { positive }) },
      model: { file: "labels.onnx" },
      audits: { "fairness.group-metrics": {}, "explainability.permutation-importance": {} },
    }),
    [
      { name: "x", type: "number" },
      { name: "y", type: "integer" },
      { name: "g", type: "text" },
    ],
    { model: describeModel(model) },
  );
  const table: CodedTable = {
    rows: x.length,
    counts: null,
    columns: {
      [requestKey({ kind: "number", column: "x" })]: numberColumn(x),
      [requestKey({ kind: "text", column: "y" })]: textColumn(x.map(() => "1")),
    },
  };
  const { model: role } = prepared.roles;
  if (role === null) throw new Error("no model");
  const { signal } = new AbortController();
  const bound = bindAuditModel({ model, role, device, signal });
  try {
    const scored = await scoreTable({ prepared, table, model: bound, signal });
    const column = scored.columns[requestKey({ kind: "model", output: "decision" })];
    if (column?.kind !== "coded") throw new Error("no decision");
    const given = await bound.bind(table, null);
    const shuffled: number[][] = [];
    for await (const one of given.predictPermuted(
      [0],
      Uint32Array.from(x, (_, row) => x.length - 1 - row),
    )) {
      shuffled.push(Array.from(one.decision ?? []));
    }
    given.free();
    return {
      label: prepared.roles.label,
      said: Array.from(column.codes, (code) => column.levels[code - 1]),
      shuffled: shuffled.flat(),
    };
  } finally {
    bound.dispose();
    await model.dispose();
  }
}

describe("a model that gives labels alone and does not tell its classes", () => {
  it("decides by what reads as positive, in whatever order its labels are met, and for shuffled inputs too", async () => {
    expect(await decisions("0 or 1", [5, -1, 2, 3])).toEqual({
      label: { kind: "equals", column: "y", equals: ["1", "true", "True", "TRUE"] },
      said: ["1", "0", "1", "1"],
      shuffled: [1, 1, 0, 1],
    });
    expect((await decisions("0 or 1", [-5, 1, -2])).said).toEqual(["0", "1", "0"]);
    expect((await decisions("0 or 1", [-5, 1], "0")).said).toEqual(["1", "0"]);
    expect((await decisions("2 or 3", [-5, 1, -2], "3")).said).toEqual(["0", "1", "0"]);
  });

  it("is refused where no label is the positive class, and may say no to everybody", async () => {
    await expect(decisions("2 or 3", [-5, 1])).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(/^labels\.onnx: the model gives the labels "2", "3", and none reads as positive/),
    });
    await expect(decisions("2 or 3", [-5, 1], "1")).rejects.toThrow(/columns\.positive is "1", which is none of them/);
    expect((await decisions("0 or 1", [-5, -1])).said).toEqual(["0", "0"]);
  });
});
