import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../node/index.ts";
import { placed } from "../written-models.testing.ts";

let device: Device;
let folder: string;
beforeAll(async () => {
  device = await openDevice("cpu");
  folder = mkdtempSync(join(tmpdir(), "assay-graphs-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  device.dispose();
});

const float = { type: "DT_FLOAT" };
const dim = (...sides: number[]) => ({ dim: sides.map((size) => ({ size: String(size) })) });

function open(
  name: string,
  nodes: unknown[],
  signature: unknown,
  weights: readonly [string, number[], number[]][] = [],
) {
  const json = {
    format: "graph-model",
    modelTopology: { node: nodes, versions: { producer: 1 } },
    signature,
    weightsManifest: [
      { paths: ["w.bin"], weights: weights.map(([own, shape]) => ({ name: own, shape, dtype: "float32" })) },
    ],
  };
  const values = Float32Array.from(weights.flatMap(([, , own]) => own));
  return openModel(
    placed(
      folder,
      name,
      new Map([
        ["model.json", new TextEncoder().encode(JSON.stringify(json))],
        ["w.bin", new Uint8Array(values.buffer)],
      ]),
    ),
  );
}

describe("a graph's inputs and outputs", () => {
  it("are columns by their names, whole numbers where the graph takes them, and a label with its scores", async () => {
    const model = await open(
      "named",
      [
        { name: "age", op: "Placeholder", attr: { dtype: float, shape: { shape: dim(-1, 1) } } },
        { name: "kids", op: "Placeholder", attr: { dtype: { type: "DT_INT32" }, shape: { shape: dim(-1, 1) } } },
        { name: "w", op: "Const", attr: { dtype: float } },
        { name: "axis", op: "Const", attr: { dtype: float } },
        { name: "cast", op: "Cast", input: ["kids"], attr: { SrcT: { type: "DT_INT32" }, DstT: float } },
        { name: "sum", op: "AddV2", input: ["age", "cast"], attr: { T: float } },
        {
          name: "z",
          op: "MatMul",
          input: ["sum", "w"],
          attr: { T: float, transpose_a: { b: false }, transpose_b: { b: false } },
        },
        { name: "scores", op: "Softmax", input: ["z"], attr: { T: float } },
        { name: "top", op: "ArgMax", input: ["scores", "axis"], attr: { T: float } },
      ],
      {
        inputs: {
          age: { name: "age:0", dtype: "DT_FLOAT", tensorShape: dim(-1, 1) },
          kids: { name: "kids:0", dtype: "DT_INT32", tensorShape: dim(-1, 1) },
        },
        outputs: { top: { name: "top:0", dtype: "DT_INT64" }, scores: { name: "scores:0", dtype: "DT_FLOAT" } },
      },
      [
        ["w", [1, 3], [0.5, -1, 1]],
        ["axis", [], [1]],
      ],
    );
    expect(model.inputs.map(({ name, whole, kind }) => [name, whole, kind])).toEqual([
      ["age", false, "number"],
      ["kids", true, "number"],
    ]);
    expect(model.outputs.map(({ name, kind, width }) => [name, kind, width])).toEqual([
      ["top", "label", 1],
      ["scores", "probabilities", 3],
    ]);
    expect([model.main.name, model.label?.name]).toEqual(["scores", "top"]);
    const columns = [Float64Array.of(1.5, -4), Float64Array.of(2, 1)];
    const [top, scores] = (await model.predict(columns, { device })).outputs;
    if (top?.kind !== "label" || scores?.kind !== "probabilities") throw new Error("wrong kinds");
    expect(Array.from(top.codes, (code) => top.levels[code])).toEqual(["2", "1"]);
    for (const [row, sum] of [3.5, -3].entries()) {
      const exps = [0.5, -1, 1].map((weight) => Math.exp(weight * sum));
      const all = exps.reduce((total, one) => total + one, 0);
      for (const [at, one] of exps.entries()) expect(scores.values[row * 3 + at]).toBeCloseTo(one / all, 6);
    }
    await expect(model.predict([columns[0] ?? [], Float64Array.of(0.5, 1)] as never, { device })).rejects.toMatchObject(
      {
        code: "data-invalid",
        message: "model.json: input kids takes whole numbers; row 0 is 0.5",
      },
    );
    await model.dispose();
  });

  it("are texts where the graph takes them, and a batch is filled up where the file fixes its rows", async () => {
    const text = { type: "DT_STRING" };
    const model = await open(
      "texts",
      [
        { name: "town", op: "Placeholder", attr: { dtype: text, shape: { shape: dim(4, 1) } } },
        {
          name: "bucket",
          op: "StringToHashBucketFast",
          input: ["town"],
          attr: { num_buckets: { i: "10" } },
        },
        { name: "out", op: "Identity", input: ["bucket"], attr: { T: { type: "DT_INT64" } } },
      ],
      {
        inputs: { town: { name: "town:0", dtype: "DT_STRING", tensorShape: dim(4, 1) } },
        outputs: { out: { name: "out:0", dtype: "DT_INT64" } },
      },
    );
    expect(model.inputs).toMatchObject([{ name: "town", kind: "category" }]);
    expect(model.gradient).toBeNull();
    const column = { levels: ["Bern", "Oslo"], codes: Uint8Array.of(0, 1, 0, 0, 1, 1) };
    const [out] = (await model.predict([column], { device })).outputs;
    if (out?.kind !== "label") throw new Error("no label");
    const said = Array.from(out.codes, (code) => out.levels[code]);
    expect(said).toHaveLength(6);
    expect(said[0]).not.toBe(said[1]);
    expect(said).toEqual([0, 1, 0, 0, 1, 1].map((place) => said[place]));
    await model.dispose();
  });
});
