import { onBackend } from "../tensorflow/runtime.ts";
import { onnxRuntime } from "./onnx-runtime.ts";
import { type TensorFlowFiles, tensorFlow } from "./tensorflow.ts";

/** A graph that gives back its one number: `onnx.helper.make_node("Identity", ["x"], ["y"])`, opset 13. */
const identity = "CAc6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCAhAN";

/**
 * Loads ONNX Runtime and TensorFlow.js with their WebAssembly, so that models can be opened where the network is gone later.
 * @throws what cannot be loaded
 */
export async function loadRuntimes(files: {
  readonly wasmPath?: string;
  readonly tensorflowWasm?: TensorFlowFiles;
}): Promise<void> {
  await Promise.all([startOnnx(files.wasmPath ?? null), startTensorFlow(files.tensorflowWasm ?? null)]);
}

async function startOnnx(wasmPath: string | null): Promise<void> {
  const runtime = await onnxRuntime(wasmPath);
  const bytes = Uint8Array.from(atob(identity), (character) => character.charCodeAt(0));
  const session = await runtime.InferenceSession.create(bytes);
  await session.release();
}

async function startTensorFlow(wasm: TensorFlowFiles): Promise<void> {
  const { core, layers, converter, backend, loadCpu } = await tensorFlow(wasm)("cpu");
  await Promise.all([layers(), converter(), loadCpu(), import("@tensorflow/tfjs-backend-webgpu")]);
  await onBackend(core, backend, () => undefined);
}
