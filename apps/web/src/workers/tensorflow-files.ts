import type { TensorFlowFiles } from "@assay/models/browser";

/** TensorFlow.js's WebAssembly, as the bundler serves it. It wants all three named, also the one with threads, which stay off. */
export const tensorflowFiles: NonNullable<TensorFlowFiles> = {
  "tfjs-backend-wasm.wasm": new URL("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm", import.meta.url).href,
  "tfjs-backend-wasm-simd.wasm": new URL(
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    import.meta.url,
  ).href,
  "tfjs-backend-wasm-threaded-simd.wasm": new URL(
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm",
    import.meta.url,
  ).href,
};
