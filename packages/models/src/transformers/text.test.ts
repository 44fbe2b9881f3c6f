import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { TextColumn } from "../columns.ts";
import type { Model } from "../model.ts";
import { openModel } from "../node/index.ts";
import { writeOnnx } from "../onnx/write/write-onnx.ts";
import {
  bagOfWordsSpec,
  bertTokenizerConfig,
  logitsByHand,
  sentiment,
  softmaxByHand,
  textConfig,
  textFolder,
  wordPiece,
  writeFolder,
} from "./folders.testing.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

function texts(values: readonly string[]): TextColumn {
  const levels = [...new Set(values)];
  return { levels, codes: Uint32Array.from(values, (value) => levels.indexOf(value)) };
}

async function probabilities(model: Model, values: readonly string[]): Promise<number[][]> {
  const { outputs } = await model.predict([texts(values)], { device });
  const [output] = outputs;
  if (output?.kind !== "probabilities") throw new Error("no probabilities");
  const { width } = output;
  return values.map((_, row) => [...output.values.subarray(row * width, (row + 1) * width)]);
}

describe("a text classifier in a Hugging Face folder", () => {
  it("gives the probabilities that its words, its weights and a softmax make by hand", async () => {
    const model = await openModel(writeFolder(textFolder()), { name: "sentiment" });
    const rows = ["She was good", "he was BAD", "film", "good good bad film!", ""];
    const tokens = [["she", "was", "good"], ["he", "was", "bad"], ["film"], ["good", "good", "bad", "film", "!"], []];
    const said = await probabilities(model, rows);
    for (const [row, words] of tokens.entries()) {
      const expected = softmaxByHand(logitsByHand(sentiment, words));
      for (const [place, value] of expected.entries()) expect(said[row]?.[place]).toBeCloseTo(value, 6);
    }
    await model.dispose();
  });

  it("says what it is, what files it was read from, and what ran", async () => {
    const folder = writeFolder(textFolder());
    const model = await openModel(folder, { name: "sentiment" });
    const digest = (path: string) =>
      `sha256:${createHash("sha256")
        .update(readFileSync(join(folder, path)))
        .digest("hex")}`;
    expect(model).toMatchObject({
      format: "transformers",
      file: "sentiment/config.json",
      runtime: "transformers",
      digest: digest("config.json"),
      producer: "pytorch",
      inputs: [{ name: "text", kind: "category" }],
      main: { kind: "probabilities", classes: ["NEGATIVE", "POSITIVE"], width: 2 },
      forest: null,
      network: null,
      gradient: null,
    });
    expect(model.runtimeReason).toBe(
      "it prepares each text, and ONNX Runtime runs onnx/model.onnx (fp32) on the processor",
    );
    expect(model.externalFiles.map(({ name, digest: own }) => [name, own]).sort()).toEqual(
      ["onnx/model.onnx", "tokenizer.json", "tokenizer_config.json"].map((name) => [name, digest(name)]),
    );
    // 10 tokens of 2, 2 classes of 2, 2 biases, and three places of axes that are no weights.
    expect(model.parameters).toBe(10 * 2 + 2 * 2 + 2);
    expect(model.profile?.per?.en).toBe("a text of 16 tokens");
    const gemm = model.profile?.layers.find((layer) => layer.operator === "Gemm");
    expect(gemm?.multiplyAccumulates).toBe(4);
    await model.dispose();
  });

  it("opens by its config.json too", async () => {
    const folder = writeFolder(textFolder());
    const model = await openModel(join(folder, "config.json"), { name: "models/sentiment/config.json" });
    expect([model.format, model.file]).toEqual(["transformers", "models/sentiment/config.json"]);
    await model.dispose();
  });

  it("asks about equal texts once, and a text's answer does not depend on the others", async () => {
    const model = await openModel(writeFolder(textFolder()));
    const alone = await probabilities(model, ["she was good"]);
    const many = await probabilities(model, ["bad", "she was good", "film film", "she was good", "bad"]);
    expect(many[1]).toEqual(alone[0]);
    expect(many[3]).toEqual(alone[0]);
    expect(many[4]).toEqual(many[0]);
    await model.dispose();
  });

  it("runs a quantized graph where there is no other, and no text feels its neighbours in the scales", async () => {
    const spec = bagOfWordsSpec(sentiment);
    const quantized = {
      ...spec,
      nodes: [
        ...spec.nodes.slice(0, -1),
        { operator: "DynamicQuantizeLinear", inputs: ["mean"], outputs: ["bytes", "scale", "zero"] },
        { operator: "MatMulInteger", inputs: ["bytes", "weights8", "zero"], outputs: ["whole"] },
        { operator: "Cast", inputs: ["whole"], outputs: ["sums"], attributes: { to: { int: 1 } } },
        { operator: "Mul", inputs: ["sums", "scale"], outputs: ["logits"] },
      ],
      initializers: [
        ...(spec.initializers ?? []).slice(0, 3),
        { name: "weights8", type: "uint8" as const, dims: [2, 2], values: [1, 3, 2, 0] },
      ],
    };
    const files = { "onnx/model.onnx": null, "onnx/model_quantized.onnx": writeOnnx(quantized) };
    const model = await openModel(writeFolder(textFolder(files)));
    expect(model.runtimeReason).toMatch(/onnx\/model_quantized\.onnx \(q8\)/);
    const alone = await probabilities(model, ["film film film he"]);
    const many = await probabilities(model, ["good good good", "film film film he", "bad", "bad bad bad bad bad"]);
    expect(many[1]).toEqual(alone[0]);
    // The mean of the tokens in 256 steps up to its largest number, by hand.
    const mean = [1.5 / 6, 1.75 / 6];
    const scale = 1.75 / 6 / 255;
    const [a = 0, b = 0] = mean.map((value) => Math.round(value / scale));
    const logits = [(a * 1 + b * 2) * scale, (a * 3 + b * 0) * scale];
    expect(alone[0]?.[0]).toBeCloseTo(softmaxByHand(logits)[0] ?? Number.NaN, 6);
    await model.dispose();
  });

  it("cuts texts to the model's positions between its special tokens, and tells how many", async () => {
    const model = await openModel(
      writeFolder(
        textFolder({
          "tokenizer_config.json": bertTokenizerConfig(null),
          "config.json": textConfig({ max_position_embeddings: 5 }),
        }),
      ),
    );
    const said = await probabilities(model, ["good bad bad film film film", "good"]);
    const expected = softmaxByHand(logitsByHand(sentiment, ["good", "bad", "bad"]));
    expect(said[0]?.[1]).toBeCloseTo(expected[1] ?? Number.NaN, 6);
    expect(model.notes()).toHaveLength(1);
    expect(model.notes()[0]?.en).toMatch(/^1 text is longer than the 5 tokens .*up to 8/);
    expect(model.notes()[0]?.["zh-CN"]).toMatch(/1 段.*5 个词元.*8 个/);
    await model.dispose();
  });

  it("fills texts up where the graph asks for a fixed number of tokens", async () => {
    const spec = bagOfWordsSpec(sentiment);
    const fixed = { ...spec, inputs: spec.inputs.map((input) => ({ ...input, dims: [1, 8] })) };
    const model = await openModel(writeFolder(textFolder({ "onnx/model.onnx": writeOnnx(fixed) })));
    const said = await probabilities(model, ["she was good"]);
    expect(said[0]?.[0]).toBeCloseTo(
      softmaxByHand(logitsByHand(sentiment, ["she", "was", "good"]))[0] ?? Number.NaN,
      6,
    );
    await model.dispose();
  });

  it("opens no socket and fetches nothing", async () => {
    const connect = vi.spyOn(Socket.prototype, "connect");
    const fetched = vi.spyOn(globalThis, "fetch");
    const model = await openModel(writeFolder(textFolder()));
    await probabilities(model, ["she was good"]);
    await model.dispose();
    await expect(openModel(writeFolder(textFolder({ "tokenizer.json": null })))).rejects.toMatchObject({
      code: "not-found",
    });
    expect(connect).not.toHaveBeenCalled();
    expect(fetched).not.toHaveBeenCalled();
    connect.mockRestore();
    fetched.mockRestore();
  });

  it("looks at the signal between texts", async () => {
    const model = await openModel(writeFolder(textFolder()));
    const stop = new AbortController();
    stop.abort();
    await expect(model.predict([texts(["good"])], { device, signal: stop.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
    await model.dispose();
  });

  it("reads weights from a file beside the graph", async () => {
    const spec = bagOfWordsSpec(sentiment);
    const [table] = spec.initializers ?? [];
    if (!table) throw new Error("no table");
    const values = Float32Array.from(table.values.map(Number));
    const external = { location: "model.onnx_data", offset: "0", length: String(values.byteLength) };
    const files = textFolder({
      "onnx/model.onnx": writeOnnx({
        ...spec,
        initializers: (spec.initializers ?? []).map((one) => (one === table ? { ...one, external } : one)),
      }),
      "onnx/model.onnx_data": new Uint8Array(values.buffer),
    });
    const model = await openModel(writeFolder(files));
    expect(model.externalFiles.map((one) => one.name)).toContain("onnx/model.onnx_data");
    expect((await probabilities(model, ["good"]))[0]?.[0]).toBeCloseTo(
      softmaxByHand(logitsByHand(sentiment, ["good"]))[0] ?? Number.NaN,
      6,
    );
    await model.dispose();
    const { "onnx/model.onnx_data": _, ...without } = files;
    await expect(openModel(writeFolder(without))).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/model\.onnx_data.*is not there/),
    });
  });

  it("takes one output for a probability where there is one class, and a number where it is a regression", async () => {
    const single = { ...sentiment, weights: [[3, -0.5]], bias: [-0.25] };
    const graph = writeOnnx(bagOfWordsSpec(single));
    const toxic = await openModel(
      writeFolder(textFolder({ "config.json": textConfig({ id2label: { 0: "toxic" } }), "onnx/model.onnx": graph })),
    );
    const [logit = Number.NaN] = logitsByHand(single, ["bad"]);
    expect((await probabilities(toxic, ["bad"]))[0]?.[0]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
    await toxic.dispose();
    const config = textConfig({ id2label: { 0: "LABEL_0" }, problem_type: "regression" });
    const stars = await openModel(writeFolder(textFolder({ "config.json": config, "onnx/model.onnx": graph })));
    const { outputs } = await stars.predict([texts(["bad"])], { device });
    expect(outputs[0]).toMatchObject({ kind: "value", width: 1 });
    if (outputs[0]?.kind === "value") expect(outputs[0].values[0]).toBeCloseTo(logit, 6);
    await stars.dispose();
  });
});

describe("a folder that is no model to run is refused with the place and the cure", () => {
  it.each([
    [
      "a model that writes",
      { "config.json": textConfig({ architectures: ["GPT2LMHeadModel"] }) },
      "not-supported",
      /GPT2LMHeadModel" writes texts; run are/,
    ],
    ["embeddings", { "config.json": textConfig({ architectures: ["BertModel"] }) }, "not-supported", /embeddings/],
    [
      "token classification",
      { "config.json": textConfig({ architectures: ["BertForTokenClassification"] }) },
      "not-supported",
      /parts of a text/,
    ],
    [
      "independent labels",
      { "config.json": textConfig({ problem_type: "multi_label_classification" }) },
      "not-supported",
      /independent/,
    ],
    [
      "no architectures",
      { "config.json": textConfig({ architectures: undefined }) },
      "model-invalid",
      /names no architectures/,
    ],
    [
      "three names for two outputs",
      { "config.json": textConfig({ id2label: { 0: "a", 1: "b", 2: "c" } }) },
      "model-invalid",
      /names 3 classes/,
    ],
    [
      "a class without a name",
      { "config.json": textConfig({ id2label: { 0: "a", 2: "c" } }) },
      "model-invalid",
      /none for output 1/,
    ],
    ["no graph", { "onnx/model.onnx": null }, "not-found", /optimum-cli export onnx/],
    ["an empty graph", { "onnx/model.onnx": "" }, "model-invalid", /is empty/],
    ["a pickle for a graph", { "onnx/model.onnx": Uint8Array.of(0x80, 4, 0x95) }, "model-invalid", /pickle/],
    ["no tokenizer", { "tokenizer.json": null }, "not-found", /tokenizer\.json.*is not there/],
    [
      "half a tokenizer",
      { "tokenizer.json": wordPiece(["good"]).slice(0, 300) },
      "model-invalid",
      /tokenizer\.json: is no JSON/,
    ],
    ["a tokenizer without a model", { "tokenizer.json": "{}" }, "model-invalid", /has no model/],
    [
      "a tokenizer of another kind",
      { "tokenizer.json": '{"model":{"type":"Magic"}}' },
      "model-invalid",
      /tokenizer\.json: Transformers\.js does not take it/,
    ],
    [
      "more words than vectors",
      { "tokenizer.json": wordPiece([...Object.keys(sentiment.words), "more"]) },
      "model-invalid",
      /tokens up to 10, and the graph's embedding 10 rows/,
    ],
    [
      "an input nobody gives",
      { "onnx/model.onnx": writeOnnx(bagOfWordsSpec(sentiment, ["bbox"])) },
      "not-supported",
      /input "bbox"/,
    ],
  ] as const)("%s", async (_, changes, code, message) => {
    await expect(openModel(writeFolder(textFolder(changes)), { name: "bad" })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it("a folder without config.json", async () => {
    await expect(openModel(writeFolder({ "model.onnx": "x" }))).rejects.toMatchObject({
      code: "model-invalid",
      message: expect.stringMatching(/folder without config\.json \(Hugging Face\) or model\.json/),
    });
  });
});
