import { createHash } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice } from "@assay/compute";
import { isAssayError } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { torchNetwork } from "../onnx/frameworks/exporters.testing.ts";
import { fixture } from "../onnx/frameworks/fixture.testing.ts";
import { smallForRuntime, smallNetwork, smallPipeline, smallTree } from "../onnx/small-models.testing.ts";
import { rawBytes, writeOnnx } from "../onnx/write/write-onnx.ts";
import { openModel } from "./open-model.ts";

let device: Device;
let folder: string;
beforeAll(async () => {
  device = await openDevice("cpu");
  folder = mkdtempSync(join(tmpdir(), "assay-models-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

async function refusal(opening: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await opening;
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error("nothing was refused");
}

describe("a model file on disk", () => {
  it("is known by its digest, its name and its size", async () => {
    const bytes = smallTree();
    const path = join(folder, "tree.onnx");
    writeFileSync(path, bytes);
    const model = await openModel(path);
    expect(model.digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    expect([model.file, model.sizeBytes, model.format, model.runtime]).toEqual([
      "tree.onnx",
      bytes.length,
      "onnx",
      "kernels",
    ]);
    expect(model.parameters).toBe(5);
    await model.dispose();
    const stored = await openModel(path, { name: "credit.onnx" });
    expect(stored.file).toBe("credit.onnx");
    await stored.dispose();
  });

  it("that is not there, is a folder, or has 3 GB is refused before it is read", async () => {
    expect(await refusal(openModel(join(folder, "no.onnx")))).toMatchObject({ code: "not-found" });
    const inner = join(folder, "saved_model");
    mkdirSync(inner);
    expect((await refusal(openModel(inner))).message).toMatch(/is a folder/);
    const huge = join(folder, "huge.onnx");
    writeFileSync(huge, "");
    truncateSync(huge, 3 * 2 ** 30);
    const before = process.memoryUsage().rss;
    const error = await refusal(openModel(huge));
    expect(error.code).toBe("data-too-large");
    expect(error.message).toMatch(/huge\.onnx: is 3221225472 bytes; models are read up to 2147483647/);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
  });
});

describe("weights in other files", () => {
  const one = fixture("network of three classes");
  const { model: bytes, weights } = torchNetwork(one.coefs ?? [], one.intercepts ?? [], "Tanh", true);
  const columns = (one.x[0] ?? []).map((_, column) => Float64Array.from(one.x, (row) => Number(row[column])));

  function place(name: string, data: Uint8Array | null): string {
    const inner = join(folder, name);
    mkdirSync(inner, { recursive: true });
    const path = join(inner, "net.onnx");
    writeFileSync(path, bytes);
    if (data) writeFileSync(join(inner, "weights.data"), data);
    return path;
  }

  it("are read from beside the model, on our kernels and in ONNX Runtime, and told with their digest", async () => {
    const data = rawBytes("float", weights);
    const path = place("whole", data);
    for (const onnxruntimeOnly of [false, true]) {
      const model = await openModel(path, { onnxruntimeOnly });
      expect(model.runtime).toBe(onnxruntimeOnly ? "onnxruntime" : "kernels");
      expect(model.externalFiles).toEqual([
        {
          name: "weights.data",
          sizeBytes: data.length,
          digest: `sha256:${createHash("sha256").update(data).digest("hex")}`,
        },
      ]);
      const { outputs } = await model.predict(columns, { device });
      const [output] = outputs;
      if (output?.kind !== "probabilities") throw new Error("no probabilities");
      const expected = (one.probabilities ?? []).flat();
      for (const [index, value] of output.values.entries()) expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 6);
      await model.dispose();
    }
  });

  it("that are missing, cut off or in no file are refused by name", async () => {
    const missing = await refusal(openModel(place("missing", null)));
    expect(missing.code).toBe("not-found");
    expect(missing.message).toMatch(/net\.onnx, external data "weights\.data": is not there; copy it beside the model/);
    const short = await refusal(openModel(place("short", rawBytes("float", weights.slice(0, 5)))));
    expect(short.code).toBe("model-invalid");
    expect(short.message).toMatch(/weights\.data.*has 20 bytes, the model reads 0 to/);
    expect((await refusal(openModel(bytes))).code).toBe("not-found");
  });

  it("outside the model's folder are never read", async () => {
    const secret = join(folder, "secret.data");
    writeFileSync(secret, rawBytes("float", weights));
    const at = (location: string) =>
      writeOnnx({
        nodes: [{ operator: "Add", inputs: ["X", "w"], outputs: ["Y"] }],
        initializers: [{ name: "w", type: "float", dims: [2], values: [], external: { location } }],
        inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
        outputs: [{ name: "Y", type: "float", dims: ["N", 2] }],
      });
    const inner = join(folder, "inside");
    mkdirSync(inner);
    const path = join(inner, "model.onnx");
    for (const location of ["../secret.data", secret, "a/../../secret.data", "..", "x\0.data"]) {
      writeFileSync(path, at(location));
      expect((await refusal(openModel(path))).message, location).toMatch(/lies outside the model's folder/);
    }
    symlinkSync(secret, join(inner, "link.data"));
    writeFileSync(path, at("link.data"));
    expect((await refusal(openModel(path))).message).toMatch(/link\.data": is a link; put the file itself/);
    symlinkSync(folder, join(inner, "linked"));
    writeFileSync(path, at("linked/secret.data"));
    expect((await refusal(openModel(path))).message).toMatch(/lies in a linked folder/);
    linkSync(secret, join(inner, "plain.data"));
    writeFileSync(path, at("plain.data"));
    expect((await refusal(openModel(path))).message).toMatch(/bytes for 2 values/);
  });
});

describe("predicting", () => {
  const two = () => [Float64Array.of(0, 1, 1), Float64Array.of(5, 2, 3)];

  it("refuses columns that do not fit, naming input and row", async () => {
    const model = await openModel(smallTree(), { name: "tree.onnx" });
    const predict = (columns: Parameters<typeof model.predict>[0]) => refusal(model.predict(columns, { device }));
    expect(await predict(two().slice(1))).toEqual({
      code: "data-invalid",
      message: "tree.onnx: the model takes 2 columns, 1 are given",
    });
    expect((await predict([Float64Array.of(1), Float64Array.of(1, 2)])).message).toMatch(
      /input X\[1\] has 2 rows, X\[0\] has 1/,
    );
    const text = { levels: ["a"], codes: Uint8Array.of(0, 0, 0) };
    expect((await predict([text, text])).message).toMatch(/input X\[0\] takes numbers/);
    await model.dispose();
  });

  it("refuses missing values and fractions where whole numbers go, naming input and row", async () => {
    const bytes = writeOnnx({
      nodes: [{ operator: "Identity", inputs: ["age"], outputs: ["Y"] }],
      inputs: [{ name: "age", type: "int64", dims: ["N", 1] }],
      outputs: [{ name: "Y", type: "int64", dims: ["N", 1] }],
    });
    const model = await openModel(bytes, { name: "m.onnx" });
    const missing = await refusal(model.predict([Float64Array.of(1, Number.NaN)], { device }));
    expect(missing.message).toBe("m.onnx: input age takes whole numbers; row 1 is missing");
    expect((await refusal(model.predict([Float64Array.of(1.5)], { device }))).message).toMatch(/row 0 is 1\.5/);
    await model.dispose();
  });

  it("gives texts and classes of a pipeline, in batches of any size", async () => {
    const rows = 70_000;
    const age = Float64Array.from({ length: rows }, (_, row) => row % 90);
    const town = { levels: ["Bern", "Oslo", "Rom"], codes: Uint8Array.from({ length: rows }, (_, row) => row % 3) };
    const whole: unknown[] = [];
    for (const onnxruntimeOnly of [false, true]) {
      const model = await openModel(smallPipeline(), { onnxruntimeOnly });
      expect(model.outputs).toEqual([
        { name: "label", kind: "label", classes: ["no", "yes"], width: 1 },
        { name: "maps", kind: "probabilities", classes: ["no", "yes"], width: 2 },
      ]);
      const { outputs } = await model.predict([age, town], { device });
      const [label, scores] = outputs;
      if (label?.kind !== "label" || scores?.kind !== "probabilities") throw new Error("wrong kinds");
      expect([label.levels, label.codes.length, scores.values.length]).toEqual([["no", "yes"], rows, 2 * rows]);
      whole.push(label.codes);
      const few = await model.predict(
        [age.subarray(60_000, 60_010), { ...town, codes: town.codes.subarray(60_000, 60_010) }],
        { device },
      );
      const [, part] = few.outputs;
      if (part?.kind !== "probabilities") throw new Error("wrong kind");
      expect(part.values).toEqual(scores.values.slice(120_000, 120_020));
      expect(
        (await model.predict([new Float64Array(0), { levels: [], codes: new Uint8Array(0) }], { device })).rows,
      ).toBe(0);
      await model.dispose();
    }
    expect(whole[0]).toEqual(whole[1]);
  });

  it("asks ONNX Runtime for the tensor before a ZipMap, and gives classes", async () => {
    const model = await openModel(smallForRuntime());
    expect(model.runtime).toBe("onnxruntime");
    expect(model.runtimeReason).toBe("node 0 (Cos) is not compiled");
    expect(model.main).toMatchObject({ name: "maps", kind: "probabilities", classes: ["3", "5"] });
    expect(model.label?.name).toBe("top");
    const { outputs } = await model.predict(two(), { device });
    const [top, maps] = outputs;
    if (top?.kind !== "label" || maps?.kind !== "probabilities") throw new Error("wrong kinds");
    expect(Array.from(top.codes, (code) => top.levels[code])).toEqual(["0", "0", "0"]);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-Math.cos(x)));
    const expected = [0, 5, 1, 2, 1, 3].map(sigmoid);
    for (const [index, value] of maps.values.entries()) expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 6);
    await model.dispose();
  });

  it("fills up the rows of a model that takes a fixed number of them", async () => {
    const bytes = writeOnnx({
      nodes: [{ operator: "Cos", inputs: ["X"], outputs: ["Y"] }],
      inputs: [{ name: "X", type: "float", dims: [4, 1] }],
      outputs: [{ name: "Y", type: "float", dims: [4, 1] }],
    });
    const model = await openModel(bytes);
    const x = Float64Array.from({ length: 10 }, (_, row) => row);
    const { outputs } = await model.predict([x], { device });
    const [output] = outputs;
    if (output?.kind !== "value") throw new Error("no values");
    expect(output.values.length).toBe(10);
    for (const [row, value] of output.values.entries()) expect(value).toBeCloseTo(Math.cos(row), 6);
    await model.dispose();
  });

  it("stops between batches when it is aborted", async () => {
    const stop = new AbortController();
    const model = await openModel(smallNetwork());
    stop.abort();
    expect(await refusal(model.predict(two(), { device, signal: stop.signal }))).toMatchObject({ code: "cancelled" });
    await model.dispose();
  });

  it("takes the width from the caller where the file leaves it open", async () => {
    const bytes = writeOnnx({
      nodes: [{ operator: "Relu", inputs: ["X"], outputs: ["Y"] }],
      inputs: [{ name: "X", type: "float", dims: ["N", "width"] }],
      outputs: [{ name: "Y", type: "float", dims: ["N", "width"] }],
    });
    expect((await refusal(openModel(bytes))).message).toMatch(/does not say how many columns/);
    const model = await openModel(bytes, { columns: 2 });
    expect(model.inputs.map((input) => input.name)).toEqual(["X[0]", "X[1]"]);
    await model.dispose();
  });
});

describe("what a model is, for audits that look inside", () => {
  it("is a forest with what lies before and after it, where it is one", async () => {
    const model = await openModel(smallTree());
    expect(model.forest?.links).toEqual([
      { link: "identity", sums: [{ terms: [{ of: 0, weight: 1 }], shift: 0 }], place: 0 },
    ]);
    expect([...(model.forest?.sources ?? [])]).toEqual([0, 1]);
    const columns = [Float64Array.of(0.1, 1), Float64Array.of(1, 2)];
    expect(model.forest?.encode(columns)).toEqual([Float32Array.of(0.1, 1), Float32Array.of(1, 2)]);
    expect(model.network).toBeNull();
    await model.dispose();
  });

  it("is a network behind one-hot texts, whose columns know the input they are made of", async () => {
    const model = await openModel(smallPipeline());
    // age, then Bern and Oslo, which are both made of town.
    expect([...(model.network?.sources ?? [])]).toEqual([0, 1, 1]);
    const columns = [Float64Array.of(40, 50), { levels: ["Oslo", "Bern"], codes: Uint8Array.of(0, 1) }];
    const encoded = model.network?.encode(columns) ?? [];
    expect(encoded.map((column) => [...column])).toEqual([
      [0, 1],
      [0, 1],
      [1, 0],
    ]);
    const { outputs } = await model.predict(columns, { device });
    const scores = outputs[1];
    if (scores?.kind !== "probabilities" || !model.network) throw new Error("no probabilities");
    const [layer] = model.network.network;
    const sums = [0, 1].map((output) =>
      Float32Array.from([0, 1], (row) =>
        [0, 1, 2].reduce(
          (sum, input) => sum + (encoded[input]?.[row] ?? 0) * (layer?.weights[input * 2 + output] ?? 0),
          layer?.bias[output] ?? 0,
        ),
      ),
    );
    const applied = model.network.apply(sums);
    for (const [index, value] of scores.values.entries())
      expect(applied[index % 2]?.[index >> 1]).toBeCloseTo(value, 6);
    await model.dispose();
  });
});
