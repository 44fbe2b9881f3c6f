import type { LoadTensorFlow } from "../tensorflow/runtime.ts";

/** TensorFlow.js on WebGPU where the run is on it, else on WebAssembly, whose files are served at `wasmPath`. */
export function tensorFlow(wasmPath: string | null): LoadTensorFlow {
  return async (device) => {
    const core = await import("@tensorflow/tfjs-core");
    const backend = device === "webgpu" ? "webgpu" : "wasm";
    if (backend === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
    else {
      const wasm = await import("@tensorflow/tfjs-backend-wasm");
      // One thread, as everywhere: threads of WebAssembly need a page that is isolated.
      core.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
      if (wasmPath !== null) wasm.setWasmPaths(wasmPath);
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
