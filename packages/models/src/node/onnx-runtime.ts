import { AssayError } from "@assay/schema";
import type { OnnxRuntime } from "../onnx/onnx-runtime.ts";

/** @throws AssayError not-supported where the package has no build for this machine */
export async function onnxRuntime(): Promise<OnnxRuntime> {
  try {
    const { default: runtime } = await import("onnxruntime-node");
    return runtime;
  } catch (cause) {
    throw new AssayError("not-supported", `ONNX Runtime does not run on this machine: ${String(cause)}`, { cause });
  }
}
