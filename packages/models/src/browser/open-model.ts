import type { Model } from "../model.ts";
import { type OpenOptions, openModelBytes, tooLarge } from "../open-model.ts";
import { largestFileBytes } from "../read-limits.ts";
import { onnxRuntime } from "./onnx-runtime.ts";
import { type GivenFile, readGivenFiles } from "./read-given-files.ts";
import { type TensorFlowFiles, tensorFlow } from "./tensorflow.ts";

export interface OpenBrowserOptions extends OpenOptions {
  /** The file's name, for messages and its format, where bytes are given. */
  readonly name?: string;
  /** Where onnxruntime-web's .wasm and .mjs files are served, ending in "/"; without it, beside the bundle. */
  readonly wasmPath?: string;
  /** Where the .wasm files of @tensorflow/tfjs-backend-wasm are served; without it, beside the bundle. */
  readonly tensorflowWasmPath?: NonNullable<TensorFlowFiles>;
  /** The files that lie beside the model, such as the shards of a TensorFlow.js model or ONNX weights, as dropped with it. */
  readonly beside?: readonly (File | GivenFile)[];
}

/**
 * Opens a model of a file the user chose, or of bytes, in a browser tab or worker. Weights in other files
 * are read from the files given with it.
 * @throws AssayError model-invalid, not-supported, data-too-large (before it is read), not-found
 */
export async function openModel(file: Blob | Uint8Array, options: OpenBrowserOptions = {}): Promise<Model> {
  const name = options.name ?? (file instanceof File ? file.name : "model");
  if (file instanceof Blob && file.size > largestFileBytes) throw tooLarge(name, file.size);
  const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
  return openModelBytes(
    name,
    bytes,
    {
      onnxRuntime: () => onnxRuntime(options.wasmPath ?? null),
      tensorflow: tensorFlow(options.tensorflowWasmPath ?? null),
      external: options.beside === undefined ? null : await readGivenFiles(name, options.beside),
    },
    options,
  );
}
