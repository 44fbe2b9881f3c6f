import { describe, expect, it } from "vitest";
import { theirs } from "../tensorflow/written-models.testing.ts";
import { tensorFlow } from "./tensorflow.ts";

const missing = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: "ERR_MODULE_NOT_FOUND" });

describe("TensorFlow.js in Node", () => {
  it("takes WebAssembly where TensorFlow's own library is not installed, and says so", async () => {
    const { backend, about } = await tensorFlow(async (name) => {
      throw missing(name);
    })("cpu");
    expect([backend, about]).toEqual([
      "wasm",
      "TensorFlow.js 4.22.0 on WebAssembly (neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed)",
    ]);
  });

  it("says why an installed one is not taken", async () => {
    const broken = tensorFlow(async (name) => {
      if (name.endsWith("gpu")) throw missing(name);
      throw new Error("libtensorflow.so.2: cannot open shared object file");
    });
    expect((await broken("cpu")).about).toMatch(
      /\(@tensorflow\/tfjs-node does not load: libtensorflow\.so\.2: cannot open/,
    );
    // A package that finds no part of its own is installed all the same.
    const partly = tensorFlow(async (name) => {
      throw missing(name.endsWith("gpu") ? "@mapbox/node-pre-gyp" : name);
    });
    expect((await partly("cpu")).about).toMatch(
      /\(@tensorflow\/tfjs-node-gpu does not load: Cannot find package '@mapbox/,
    );
    const other = await tensorFlow(async (name) => {
      if (name.endsWith("gpu")) return {};
      throw missing(name);
    })("cpu");
    expect(other).toMatchObject({
      backend: "wasm",
      about: expect.stringMatching(/tfjs-node-gpu brings another version of TensorFlow\.js than 4\.22\.0/),
    });
  });

  it("takes it where it is there", async () => {
    const { core } = await theirs();
    const { backend, about } = await tensorFlow(async () => {
      core.registerBackend("tensorflow", () => new core.KernelBackend());
      return {};
    })("cpu");
    core.removeBackend("tensorflow");
    expect([backend, about]).toEqual(["tensorflow", "TensorFlow.js 4.22.0 on @tensorflow/tfjs-node-gpu"]);
  });
});
