import type { OnnxRuntime } from "../onnx/onnx-runtime.ts";

/** onnxruntime-web's WASM build: the WebGPU build has no tree operators. */
export async function onnxRuntime(wasmPath: string | null): Promise<OnnxRuntime> {
  const runtime = await import("onnxruntime-web/wasm");
  if (wasmPath !== null) runtime.env.wasm.wasmPaths = wasmPath;
  return runtime;
}
