import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smallNetwork } from "../onnx/small-models.testing.ts";
import { asWritten, fixtureCase } from "./fixture.testing.ts";
import { filesOf, placed } from "./written-models.testing.ts";

/**
 * Opens a model in a program of its own, by the built package, and predicts, on our kernels or where it is asked in
 * TensorFlow.js; the files of TensorFlow.js that were loaded.
 */
export function tensorFlowLoadedBy(kind: "onnx" | "tensorflow", asked = false): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-free-"));
  try {
    const path = join(folder, "model.onnx");
    if (kind === "onnx") writeFileSync(path, smallNetwork());
    const model = kind === "onnx" ? path : placed(folder, "net", filesOf(asWritten(fixtureCase("dense layers"))));
    const script = `
      const { openModel } = await import(${JSON.stringify(new URL("../../dist/node/index.js", import.meta.url).href)});
      const { openDevice } = await import("@assay/compute");
      const model = await openModel(${JSON.stringify(model)}, { tensorflowOnly: ${asked} });
      if (model.runtime !== ${JSON.stringify(asked ? "tensorflow" : "kernels")}) throw new Error(model.runtime);
      const device = await openDevice("cpu");
      await model.predict(model.inputs.map(() => Float64Array.of(1, 2)), { device });
      await model.dispose();
      device.dispose();
      const { createRequire } = await import("node:module");
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter((name) => name.includes("@tensorflow"));
      process.stdout.write(loaded.join("\\n"));
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: new URL("../..", import.meta.url),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
