import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { isAssayError } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../columns.ts";
import type { ModelInput } from "../model.ts";
import { openModel } from "../node/index.ts";
import { asWritten, changeOf, columnsOf, fixtureCase } from "./fixture.testing.ts";
import { filesOf, placed, theirs, type Written, written } from "./written-models.testing.ts";

let device: Device;
let folder: string;
let places = 0;
beforeAll(async () => {
  device = await openDevice("cpu");
  folder = mkdtempSync(join(tmpdir(), "assay-bad-tensorflow-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

async function refusal(files: ReadonlyMap<string, Uint8Array>): Promise<{ code: string; message: string }> {
  places += 1;
  try {
    await openModel(placed(folder, `bad-${places}`, files));
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error("nothing was refused");
}

type Json = Record<string, unknown>;
const one = (name: string) => fixtureCase(name);
const filesWith = (name: string, change: (json: Json) => void, shardBytes?: number) =>
  filesOf(asWritten(one(name)), {
    ...(shardBytes === undefined ? {} : { shardBytes }),
    change: (json) => {
      changeOf(one(name))(json);
      change(json);
    },
  });
const cloned = (json: Json) => JSON.parse(JSON.stringify(json.modelTopology)) as Json;
const layersOf = (topology: Json) => {
  const whole = topology.model_config as {
    config: { layers: { class_name: string; config: Json; inbound_nodes?: unknown }[] };
  };
  return whole.config.layers;
};
/** Changes one layer of a topology, on a copy. */
const layer = (place: number, change: (layer: ReturnType<typeof layersOf>[number]) => void) => (json: Json) => {
  const topology = cloned(json);
  const found = layersOf(topology)[place];
  if (found) change(found);
  json.modelTopology = topology;
};
const node = (name: string, change: (node: Json) => void) => (json: Json) => {
  const topology = cloned(json);
  const found = (topology.node as Json[]).find((each) => each.name === name);
  if (found) change(found);
  json.modelTopology = topology;
};
const weights = (change: (list: Json[]) => void) => (json: Json) => {
  const manifest = JSON.parse(JSON.stringify(json.weightsManifest)) as { weights: Json[] }[];
  change(manifest[0]?.weights ?? []);
  json.weightsManifest = manifest;
};

describe("a bad TensorFlow.js model is refused with its place", () => {
  it.each<[string, string, (json: Json) => void, string, RegExp]>([
    [
      "a layer that is none",
      "dense layers",
      layer(1, (own) => {
        own.class_name = "MyAttention";
      }),
      "not-supported",
      /has layers that TensorFlow\.js does not know: layer "dense" \(MyAttention\); use layers of Keras itself/,
    ],
    [
      "a Lambda layer",
      "dense layers",
      layer(2, (own) => {
        own.class_name = "Lambda";
      }),
      "not-supported",
      /layer "dropout" \(Lambda\); a Lambda layer is Python code, which no file carries/,
    ],
    [
      "a layer of more units than any weight",
      "dense layers",
      layer(1, (own) => {
        own.config.units = 2_000_000_000;
      }),
      "model-invalid",
      /layer "dense" \(Dense\): has units 2000000000; the weights have no side longer than 8/,
    ],
    [
      "a kernel of another shape",
      "dense layers",
      layer(1, (own) => {
        own.config.units = 6;
      }),
      "model-invalid",
      /layer "dense" \(Dense\): has a kernel of shape \[5,8\] for 5 inputs and 6 units/,
    ],
    [
      "the same in a model that TensorFlow.js runs",
      "an image",
      layer(0, (own) => {
        own.config.filters = 3;
      }),
      "model-invalid",
      /TensorFlow\.js refuses the model: .*[Ss]hape/,
    ],
    [
      "layers that wait for each other",
      "two inputs",
      layer(2, (own) => {
        own.inbound_nodes = [[["out4", 0, 0, {}]]];
      }),
      "model-invalid",
      /layer "left" waits for "out4", which is not there or waits for it/,
    ],
    [
      "a layer of two names, for which TensorFlow.js would wait for ever",
      "two inputs",
      layer(1, (own) => {
        delete (own as { name?: string }).name;
      }),
      "model-invalid",
      /layer "place" \(InputLayer\): has the names "undefined" and "\\"place\\"", which must be one/,
    ],
    [
      "an output of no layer",
      "two inputs",
      (json) => {
        const topology = cloned(json);
        (topology.model_config as { config: Json }).config.output_layers = [["nobody", 0, 0]];
        json.modelTopology = topology;
      },
      "model-invalid",
      /names "nobody" as its input or output, which is not there/,
    ],
    [
      "an operator that is none",
      "a graph",
      node("m/Softmax", (own) => {
        own.op = "Quantum";
      }),
      "not-supported",
      /has operators that TensorFlow\.js does not know: Quantum; export the model to ONNX/,
    ],
    [
      "a node that reads one that is not there",
      "a graph",
      node("m/Softmax", (own) => {
        own.input = ["m/x"];
      }),
      "model-invalid",
      /node "m\/Softmax" \(Softmax\): reads "m\/x", which is not there/,
    ],
    [
      "a circle",
      "a graph",
      node("m/a", (own) => {
        own.input = ["m/o", "m/a/w", "m/a/b"];
      }),
      "model-invalid",
      /is reached from itself/,
    ],
    [
      "a signature of no node",
      "a graph",
      (json) => {
        json.signature = { inputs: { x: { name: "nobody:0", dtype: "DT_FLOAT" } }, outputs: {} };
      },
      "model-invalid",
      /signature\.inputs\.x: names "nobody", which is no node/,
    ],
    [
      "an open shape of several axes",
      "a graph",
      (json) => {
        const signature = JSON.parse(JSON.stringify(json.signature)) as { inputs: { x: Json } };
        signature.inputs.x.tensorShape = { dim: [{ size: "-1" }, { size: "-1" }, { size: "3" }] };
        json.signature = signature;
      },
      "not-supported",
      /input "x": leaves open the shape \[open, open, 3\] after its rows/,
    ],
    [
      "a constant without its weight",
      "a graph",
      weights((list) => {
        (list[0] ?? {}).name = "other";
      }),
      "model-invalid",
      /node "m\/a\/w" \(Const\): has no weight of its name/,
    ],
    [
      "a weight larger than its shards",
      "dense layers",
      weights((list) => {
        (list[5] ?? {}).shape = [4_000_000_000, 4];
      }),
      "model-invalid",
      /weight "dense_2\/bias": of shape \[4000000000,4\] ends at byte 64000000\d+; its shards .* have \d+: a shard is cut off/,
    ],
    [
      "a weight of more numbers than can be counted",
      "dense layers",
      weights((list) => {
        (list[0] ?? {}).shape = [9_007_199_254_740_991, 9_007_199_254_740_991];
      }),
      "model-invalid",
      /weight 0 "dense\/kernel": has shape \[9007199254740991,9007199254740991\], more than can be/,
    ],
    [
      "weights that leave bytes over",
      "dense layers",
      weights((list) => {
        list.pop();
      }),
      "model-invalid",
      /weightsManifest\.0: its weights take \d+ bytes, its shards have \d+/,
    ],
    [
      "a quantization without a scale",
      "dense layers",
      weights((list) => {
        (list[0] ?? {}).quantization = { dtype: "uint8" };
      }),
      "model-invalid",
      /weight "dense\/kernel": is quantized to uint8 without a scale and a min/,
    ],
    [
      "a type that is none",
      "dense layers",
      weights((list) => {
        (list[0] ?? {}).dtype = "bfloat16";
      }),
      "model-invalid",
      /weightsManifest\.0\.weights\.0\.dtype/,
    ],
    [
      "a shard outside its folder",
      "dense layers",
      (json) => {
        (json.weightsManifest as { paths: string[] }[])[0]?.paths.splice(0, 1, "../../secret.bin");
      },
      "model-invalid",
      /external data "\.\.\/\.\.\/secret\.bin": lies outside the model's folder/,
    ],
    [
      "a format that is none",
      "dense layers",
      (json) => {
        json.format = "keras";
      },
      "model-invalid",
      /format: is "keras"; there are layers-model and graph-model/,
    ],
    [
      "no topology",
      "dense layers",
      (json) => {
        json.modelTopology = {};
      },
      "model-invalid",
      /modelTopology: is of class/,
    ],
    [
      "more rows than a row",
      "a graph",
      node("Identity", (own) => {
        own.op = "Shape";
      }),
      "not-supported",
      /output "risk": has shape \[2\] for 1 rows/,
    ],
  ])("%s (%s)", async (_, name, change, code, message) => {
    const found = await refusal(filesWith(name, change));
    expect(found.message).toMatch(message);
    expect(found.code).toBe(code);
  });

  it("a shard that is missing, cut off, or another's", async () => {
    const whole = filesWith("dense layers", () => {}, 100);
    const shard = [...whole.keys()].find((name) => name.startsWith("group1-shard2of")) ?? "";
    expect(whole.get(shard)).toHaveLength(100);
    const missing = new Map(whole);
    missing.delete(shard);
    expect(await refusal(missing)).toEqual({
      code: "not-found",
      message: expect.stringMatching(/external data "group1-shard2of\d\.bin": is not there; copy it beside the model/),
    });
    const short = new Map(whole).set(shard, new Uint8Array(7));
    expect(await refusal(short)).toEqual({
      code: "model-invalid",
      message: expect.stringMatching(/its shards .* have \d+: a shard is cut off or another's/),
    });
  });

  it("JSON that is nested a million deep, before anything calls itself", async () => {
    const deep = "[".repeat(1_000_000);
    const text = `{"format":"layers-model","weightsManifest":[],"modelTopology":{"a":${deep}${deep.replaceAll("[", "]")}}}`;
    const found = await refusal(new Map([["model.json", new TextEncoder().encode(text)]]));
    expect(found).toEqual({
      code: "model-invalid",
      message: expect.stringMatching(/is nested deeper than 200, which no model is/),
    });
  });

  it("numbers that are none, in weights that our kernels would run", async () => {
    const { topology, weights: list } = asWritten(one("dense layers"));
    const spoiled: Written = {
      topology,
      weights: list.map((each, index) =>
        index === 0 ? { ...each, values: each.values.map((value, at) => (at === 3 ? Number.NaN : value)) } : each,
      ),
    };
    expect((await refusal(filesOf(spoiled))).message).toMatch(
      /layer "dense" \(Dense\): has a kernel whose number 3 is NaN/,
    );
  });
});

describe("quantized weights", () => {
  it.each(["float16", "uint8", "uint16"] as const)("of %s are read as TensorFlow.js reads them", async (dtype) => {
    const { topology, weights: list } = asWritten(one("dense layers"));
    const { core } = await theirs();
    const parts: Uint8Array[] = [];
    const specs = list.map(({ name, shape, values }) => {
      if (dtype === "float16") {
        // From 2^-14 on, half precision keeps ten bits after the first.
        const half = Uint16Array.from(values, (value) => {
          const size = Math.abs(value);
          if (size < 2 ** -14) return value < 0 ? 0x8000 : 0;
          const exponent = Math.floor(Math.log2(size));
          const fraction = Math.floor((size / 2 ** exponent - 1) * 1024);
          return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
        });
        parts.push(new Uint8Array(half.buffer));
        return { name, shape, dtype: "float32", quantization: { dtype, original_dtype: "float32" } };
      }
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const levels = dtype === "uint8" ? 255 : 65_535;
      const scale = (most - least) / levels || 1;
      const Codes = dtype === "uint8" ? Uint8Array : Uint16Array;
      const codes = Codes.from(values, (value) => Math.round((value - least) / scale));
      parts.push(new Uint8Array(codes.buffer));
      return { name, shape, dtype: "float32", quantization: { dtype, scale, min: least, original_dtype: "float32" } };
    });
    const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
    const json = {
      format: "layers-model",
      modelTopology: topology,
      weightsManifest: [{ paths: ["w.bin"], weights: specs }],
    };
    const path = placed(
      folder,
      `quantized-${dtype}`,
      new Map([
        ["model.json", new TextEncoder().encode(JSON.stringify(json))],
        ["w.bin", bytes],
      ]),
    );
    await core.setBackend("cpu");
    const decoded = core.io.decodeWeights(bytes.buffer, specs as never);
    const model = await openModel(path);
    expect(model.runtime).toBe("kernels");
    for (const [index, each] of (model.network?.network ?? []).entries()) {
      const name = index === 0 ? "dense" : `dense_${index}`;
      expect([...each.weights]).toEqual([...(decoded[`${name}/kernel`]?.dataSync() ?? [])]);
      expect([...each.bias]).toEqual([...(decoded[`${name}/bias`]?.dataSync() ?? [])]);
    }
    core.dispose(Object.values(decoded));
    // And near what they were before: a part in a hundred.
    const columns = columnsOf(one("dense layers"));
    const [output] = (await model.predict(columns, { device })).outputs;
    const other = await openModel(path, { tensorflowOnly: true });
    const [peer] = (await other.predict(columns, { device })).outputs;
    if (output?.kind !== "probabilities" || peer?.kind !== "probabilities") throw new Error("no probabilities");
    const expected = one("dense layers").outputs.flat();
    for (const [index, value] of output.values.entries()) {
      expect(Math.abs(value - (peer.values[index] ?? Number.NaN))).toBeLessThan(1e-6);
      expect(Math.abs(value - (expected[index] ?? Number.NaN))).toBeLessThan(0.01);
    }
    await model.dispose();
    await other.dispose();
  });
});

describe("1,000 damaged models each give a prediction or a typed error", () => {
  const values = [0, 1, -1, 0.5, 3, 1e30, Number.NaN, Number.POSITIVE_INFINITY];
  const columns = (inputs: readonly ModelInput[]): Column[] =>
    inputs.map((input): Column => {
      if (input.kind === "category")
        return { levels: ["a", "", "b"], codes: Uint8Array.from(values, (_, row) => row % 3) };
      return Float64Array.from(values, (value) =>
        input.whole ? Math.trunc(Number.isFinite(value) ? value : 0) % 100 : value,
      );
    });

  async function outcome(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
    try {
      const model = await openModel(placed(folder, "fuzz", files));
      try {
        if (model.inputs.length > 1000) return "wide";
        const { outputs } = await model.predict(columns(model.inputs), { device });
        return outputs.length === model.outputs.length ? `predicted on ${model.runtime}` : "outputs are missing";
      } finally {
        await model.dispose();
      }
    } catch (error) {
      if (!isAssayError(error)) throw error;
      return error.code;
    }
  }

  it("without a crash, a hang, or a tensor left behind", { timeout: 300_000 }, async () => {
    const { core } = await theirs();
    const random = new PhiloxStream(11, 0);
    const recurrent = await written((layers) =>
      layers.sequential({
        layers: [
          layers.layers.reshape({ inputShape: [6], targetShape: [3, 2] }),
          layers.layers.lstm({ units: 3, recurrentInitializer: "glorotUniform" }),
          layers.layers.batchNormalization({}),
          layers.layers.dense({ units: 2, activation: "softmax" }),
        ],
      }),
    );
    const sources = [
      ...["dense layers", "dense layers of Keras 3", "an image", "two inputs", "a graph"].map((name) =>
        filesWith(name, () => {}),
      ),
      filesOf(recurrent),
    ];
    const counts = new Map<string, number>();
    const before = core.memory();
    for (let trial = 0; trial < 1_000; trial++) {
      const source = sources[random.integer(sources.length)] ?? new Map();
      const files = new Map([...source].map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
      const names = [...files.keys()];
      // Mostly the topology, as weights are only numbers.
      const name = names[random.integer(8) === 0 ? random.integer(names.length) : 0] ?? "";
      let bytes = files.get(name) ?? new Uint8Array(0);
      const changes = 1 + random.integer(2);
      for (let change = 0; change < changes; change++) {
        const at = random.integer(Math.max(1, bytes.length));
        switch (random.integer(5)) {
          case 0:
            bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(7));
            break;
          case 1: {
            // A digit becomes another, or several: sizes that do not fit.
            const digits = [...bytes.keys()].filter(
              (place) => (bytes[place] ?? 0) >= 0x30 && (bytes[place] ?? 0) <= 0x39,
            );
            const place = digits[random.integer(Math.max(1, digits.length))] ?? at;
            bytes[place] = 0x30 + random.integer(10);
            if (random.integer(3) === 0) {
              const more = Uint8Array.from({ length: 1 + random.integer(9) }, () => 0x30 + random.integer(10));
              bytes = Uint8Array.from([...bytes.subarray(0, place), ...more, ...bytes.subarray(place)]);
            }
            break;
          }
          case 2: {
            const length = 1 + random.integer(30);
            bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
            break;
          }
          case 3: {
            const from = random.integer(Math.max(1, bytes.length));
            const part = bytes.subarray(from, from + 1 + random.integer(40));
            bytes = Uint8Array.from([...bytes.subarray(0, at), ...part, ...bytes.subarray(at)]);
            break;
          }
          default:
            if (random.integer(4) === 0) bytes = bytes.slice(0, at);
            else bytes[at] = 0x20 + random.integer(0x5f);
        }
      }
      files.set(name, bytes);
      let result: string;
      try {
        result = await outcome(files);
      } catch (error) {
        throw new Error(`trial ${trial}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      }
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
    const allowed = ["data-invalid", "data-too-large", "model-invalid", "not-found", "not-supported"];
    for (const result of counts.keys()) {
      expect(["predicted on kernels", "predicted on tensorflow", "wide", ...allowed]).toContain(result);
    }
    // The test would hold nothing if all of them were refused, or none.
    expect(counts.get("predicted on kernels") ?? 0).toBeGreaterThan(20);
    expect(counts.get("predicted on tensorflow") ?? 0).toBeGreaterThan(40);
    expect(counts.get("model-invalid") ?? 0).toBeGreaterThan(200);
    const after = core.memory();
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });
});
