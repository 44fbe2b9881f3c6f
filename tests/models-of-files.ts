import { createHash } from "node:crypto";
import { writeOnnx } from "../packages/models/src/onnx/write/write-onnx.ts";

/** A model whose own file names its weights, which lie in others. */
export interface ModelOfFiles {
  readonly main: Uint8Array;
  /** By their paths from the model's own file. */
  readonly beside: Readonly<Record<string, Uint8Array>>;
}

/** y = (X of `width` columns · w) + b, with w in `model.onnx_data` and b in `weights/b.bin`. `seed` changes w alone. */
export function linearOfFiles(width: number, seed = 1, outputs = 1): ModelOfFiles {
  const main = writeOnnx({
    nodes: [
      { operator: "MatMul", inputs: ["X", "w"], outputs: ["p"] },
      { operator: "Add", inputs: ["p", "b"], outputs: ["Y"] },
    ],
    initializers: [
      { name: "w", type: "float", dims: [width, outputs], values: [], external: { location: "model.onnx_data" } },
      { name: "b", type: "float", dims: [outputs], values: [], external: { location: "weights/b.bin" } },
    ],
    inputs: [{ name: "X", type: "float", dims: ["N", width] }],
    outputs: [{ name: "Y", type: "float", dims: ["N", outputs] }],
  });
  const w = Float32Array.from({ length: width * outputs }, (_, index) => ((index * 7 + seed) % 13) / 8 - 0.7);
  const b = Float32Array.from({ length: outputs }, (_, index) => (index % 5) / 4 - 0.25);
  return { main, beside: { "model.onnx_data": bytesOf(w), "weights/b.bin": bytesOf(b) } };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer);
}
