import type { LoadTensorFlow } from "../tensorflow/runtime.ts";

/** Where the .wasm files of @tensorflow/tfjs-backend-wasm are served: a folder ending in "/", or each by its name; null: beside the bundle. */
export type TensorFlowFiles = string | Readonly<Partial<Record<WasmFile, string>>> | null;
type WasmFile = "tfjs-backend-wasm.wasm" | "tfjs-backend-wasm-simd.wasm" | "tfjs-backend-wasm-threaded-simd.wasm";

/** TensorFlow.js on WebGPU where the run is on it, else on WebAssembly. */
export function tensorFlow(wasmFiles: TensorFlowFiles): LoadTensorFlow {
  return async (device) => {
    const core = await import("@tensorflow/tfjs-core");
    const backend = device === "webgpu" ? "webgpu" : "wasm";
    if (backend === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
    else {
      const wasm = await import("@tensorflow/tfjs-backend-wasm");
      // One thread, as everywhere: threads of WebAssembly need a page that is isolated.
      core.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
      if (wasmFiles !== null) wasm.setWasmPaths(wasmFiles);
    }
    return {
      core,
      layers: () => import("@tensorflow/tfjs-layers"),
      converter: () => import("@tensorflow/tfjs-converter"),
      backend,
      about: `TensorFlow.js ${core.version_core} on ${backend === "webgpu" ? "WebGPU" : "WebAssembly (the run is not on WebGPU)"}`,
      loadCpu: async () => {
        await import("@tensorflow/tfjs-backend-cpu");
      },
    };
  };
}
