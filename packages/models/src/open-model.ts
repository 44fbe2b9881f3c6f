import { AssayError, type DeviceName, type Digest, digestBytes } from "@assay/schema";
import { formats } from "./formats.ts";
import type { Model, ModelFile } from "./model.ts";
import { modelError, shown } from "./model-error.ts";
import type { OnnxRuntime } from "./onnx/onnx-runtime.ts";
import type { ReadExternal } from "./onnx/proto/tensor.ts";
import { largestFileBytes } from "./read-limits.ts";
import type { LoadTensorFlow } from "./tensorflow/runtime.ts";
import type { TransformersLibrary } from "./transformers/library.ts";
import type { ReadItem } from "./transformers/read-item.ts";

/** How a model is opened, on any host. */
export interface OpenOptions {
  /** Columns of an input whose width the file leaves open: as many as features are given. */
  readonly columns?: number;
  /**
   * The device of the run that the model is opened for: in a browser TensorFlow.js takes WebGPU where the run does. Default
   * cpu.
   */
  readonly device?: DeviceName;
  /** Runs all of it in ONNX Runtime, also what our kernels run: to compare them. Default false. */
  readonly onnxruntimeOnly?: boolean;
  /** The same of a TensorFlow.js model. Default false. */
  readonly tensorflowOnly?: boolean;
  /** Threads of ONNX Runtime. Default 1. */
  readonly threads?: number;
  /** The same of graphs of a Hugging Face folder, whose answers do not depend on their number. Default: `threads`. */
  readonly cores?: number;
}

/** What a host brings. */
export interface ModelHost {
  readonly onnxRuntime: () => Promise<OnnxRuntime>;
  readonly tensorflow: LoadTensorFlow;
  /** Reads files beside the model; null where there are none. */
  readonly external: { readonly read: ReadExternal; readonly files: () => readonly ModelFile[] } | null;
  /** Loads Transformers.js, where a host has it. */
  readonly transformers?: () => Promise<TransformersLibrary>;
  /** Reads files that the data name, where a host has them. */
  readonly readItem?: ReadItem | null;
}

/**
 * Opens a model of a file's bytes. `file` is its name, for messages and its format.
 * @throws AssayError model-invalid, not-supported, data-too-large, not-found (weights in another file), each naming the
 *   place in the file
 */
export async function openModelBytes(
  file: string,
  bytes: Uint8Array,
  host: ModelHost,
  options: OpenOptions = {},
  digest: Digest = digestBytes(bytes),
): Promise<Model> {
  if (bytes.length > largestFileBytes) throw tooLarge(file, bytes.length);
  if (bytes.length === 0) throw modelError(file, null, "is empty");
  const {
    columns = null,
    threads = 1,
    cores = threads,
    onnxruntimeOnly = false,
    tensorflowOnly = false,
    device = "cpu",
  } = options;
  for (const [name, count] of Object.entries({ threads, cores })) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new AssayError("usage", `openModel: ${name} must be an integer from 1, got ${count}`);
  }
  const format = formats.find((one) => one.matches(file, bytes)) ?? formats[1];
  const noExternal: ReadExternal = (location) => {
    throw modelError(
      file,
      `external data ${shown(location)}`,
      "cannot be read here; save the model as one file",
      "not-found",
    );
  };
  return format.open({
    file,
    bytes,
    digest,
    columns,
    device,
    onnxruntimeOnly,
    tensorflowOnly,
    tensorflow: host.tensorflow,
    threads,
    cores,
    onnxRuntime: host.onnxRuntime,
    transformers: host.transformers ?? null,
    readItem: host.readItem ?? null,
    external: host.external?.read ?? noExternal,
    externalFiles: host.external?.files ?? (() => []),
  });
}

export function tooLarge(file: string, sizeBytes: number): AssayError {
  return modelError(
    file,
    null,
    `is ${sizeBytes} bytes; models are read up to ${largestFileBytes}. Save its weights as external data, or a smaller model`,
    "data-too-large",
  );
}
