import { openDevice } from "@assay/compute";
import { type CodedTable, requestKey } from "@assay/dataset";
import { openModelBytes } from "@assay/models";
import { checkPlan } from "@assay/schema";
import { expect, it } from "vitest";
import { bindAuditModel } from "./bind-model.ts";
import { describeModel } from "./describe-model.ts";
import { preparePlan } from "./prepare.ts";
import { scoreTable } from "./score-table.ts";
import { numberColumn, textColumn } from "./testing/coded-table.ts";

it("names the inputs that a row without a score lacks, and what to do", async () => {
  const network = { kind: "mlp", activation: "relu", out: "logistic", coefs: [[[1], [2]]], intercepts: [[0.5]] };
  const model = await openModelBytes("net.json", new TextEncoder().encode(JSON.stringify(network)), {
    onnxRuntime: () => Promise.reject(new Error("not needed")),
    external: null,
  });
  const device = await openDevice("cpu");
  const prepared = preparePlan(
    checkPlan({
      version: 1,
      data: { file: "x.csv" },
      columns: { label: "y", protected: ["g"], features: ["age", "income"] },
      model: { file: "net.json" },
      audits: { "fairness.group-metrics": {} },
    }),
    ["age", "income", "y", "g"].map((name) => ({ name, type: name === "g" ? "text" : "number" })),
    { model: describeModel(model) },
  );
  const table: CodedTable = {
    rows: 2,
    counts: null,
    columns: {
      [requestKey({ kind: "number", column: "age" })]: numberColumn([30, 40]),
      [requestKey({ kind: "number", column: "income" })]: numberColumn([1, Number.NaN]),
      [requestKey({ kind: "text", column: "y" })]: textColumn(["1", "0"]),
    },
  };
  const { model: role } = prepared.roles;
  if (role === null) throw new Error("no model");
  const { signal } = new AbortController();
  const bound = bindAuditModel({ model, role, device, signal });
  try {
    await expect(scoreTable({ prepared, table, model: bound, signal })).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(
        /net\.json: the model gives NaN for row 2.*no value of income: fill .*data\.where \(not "income" is missing\)/,
      ),
    });
  } finally {
    bound.dispose();
    await model.dispose();
    device.dispose();
  }
});
