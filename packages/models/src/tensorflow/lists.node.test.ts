import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { formats } from "../formats.ts";
import { graphOperators } from "./graph/graph-operators.ts";
import { layerClasses } from "./layers/layer-classes.ts";
import { tensorFlowLoadedBy } from "./loaded.testing.ts";
import { theirs } from "./written-models.testing.ts";

describe("what TensorFlow.js knows", () => {
  it("are the operators that its converter runs, in order", () => {
    const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-converter");
    const folder = join(dirname(main), "operations/op_list");
    const names = readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [...readFileSync(join(folder, name), "utf8").matchAll(/'tfOpName': '([^']+)'/g)])
      .map((match) => match[1] ?? "");
    expect(names.length).toBeGreaterThan(200);
    expect(graphOperators).toEqual([...new Set(names)].sort());
  });

  it("are the layers that its layers library makes of a file, in order", async () => {
    const { core } = await theirs();
    const registered = core.serialization.SerializationMap.getMap().classNameMap as Record<string, unknown>;
    expect(layerClasses).toEqual([...layerClasses].sort());
    for (const name of layerClasses) expect(Object.hasOwn(registered, name), name).toBe(true);
    const others =
      /^(Adadelta|Adagrad|Adam|Adamax|Constant|Functional|Glorot|He(Normal|Uniform)|Identity|L1L2|LeCun|MaxNorm|MinMaxNorm|Model|Momentum|NonNeg|Ones|Orthogonal|RMSProp|Random(Normal|Uniform)|SGD|Sequential|TruncatedNormal|UnitNorm|VarianceScaling|Zeros)|^[a-z]/;
    expect(Object.keys(registered).filter((name) => !others.test(name) && !layerClasses.includes(name))).toEqual([]);
  });
});

describe("a TensorFlow.js model among other JSON", () => {
  const of = (text: string) =>
    formats.filter((format) => format.matches("model.json", new TextEncoder().encode(text))).map(({ name }) => name);

  it("is known by its keys on the first level, wherever they stand", () => {
    expect(of('{"format":"layers-model","modelTopology":{},"weightsManifest":[]}')).toEqual(["tensorflow"]);
    expect(of(' \n{ "a": [1, {"b": "}]{"}], "c" : "\\"", "weightsManifest" : [] }')).toEqual(["tensorflow"]);
    expect(of('{"kind":"mlp","modelTopology":{}}')).toEqual(["json"]);
    expect(of('{"a":{"modelTopology":{}},"b":"weightsManifest","c":["modelTopology"]}')).toEqual(["json"]);
    expect(of('{"a":"modelTopology')).toEqual(["json"]);
  });
});

describe("a plan without such a model", () => {
  it("does not load TensorFlow.js, nor does one whose network our kernels run", () => {
    expect(tensorFlowLoadedBy("onnx")).toBe("");
    expect(tensorFlowLoadedBy("tensorflow")).toBe("");
    expect(tensorFlowLoadedBy("tensorflow", true)).toContain("tfjs-core");
  });
});
