import type { DeviceName, Digest } from "@assay/schema";
import { openJson } from "./json/open-json.ts";
import type { Model, ModelFile, ModelFormat } from "./model.ts";
import type { OnnxRuntime } from "./onnx/onnx-runtime.ts";
import { openOnnx } from "./onnx/open-onnx.ts";
import type { ReadExternal } from "./onnx/proto/tensor.ts";
import { isTensorFlow } from "./tensorflow/is-tensorflow.ts";
import { openTensorFlow } from "./tensorflow/open-tensorflow.ts";
import type { LoadTensorFlow } from "./tensorflow/runtime.ts";
import type { TransformersLibrary } from "./transformers/library.ts";
import { isTransformers, openTransformers } from "./transformers/open-transformers.ts";
import type { ReadItem } from "./transformers/read-item.ts";

/** A file to open, with what a host brings and the caller chose. */
export interface FormatInput {
  /** The file's name, for messages and its format. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** Reads files beside the model. */
  readonly external: ReadExternal;
  /** The files that `external` read, so far. */
  readonly externalFiles: () => readonly ModelFile[];
  /** Loads ONNX Runtime; called only where it is needed. */
  readonly onnxRuntime: () => Promise<OnnxRuntime>;
  /** Loads Transformers.js; null where it is not at hand. Called only for a model that needs it. */
  readonly transformers: (() => Promise<TransformersLibrary>) | null;
  /** Reads files that the data name; null where there are none. */
  readonly readItem: ReadItem | null;
  /** Loads TensorFlow.js; called only where it is needed. */
  readonly tensorflow: LoadTensorFlow;
  /** The device of the run that the model is opened for. */
  readonly device: DeviceName;
  /** Columns of an input whose width the file leaves open. */
  readonly columns: number | null;
  /** Takes ONNX Runtime also for what our kernels run. */
  readonly onnxruntimeOnly: boolean;
  /** Takes TensorFlow.js also for what our kernels run. */
  readonly tensorflowOnly: boolean;
  /** Threads of ONNX Runtime. */
  readonly threads: number;
  /** The same of graphs whose answers do not depend on their number. */
  readonly cores: number;
}

/** A format of model files; its folder has its name. */
export interface Format {
  readonly name: ModelFormat;
  readonly matches: (file: string, bytes: Uint8Array) => boolean;
  readonly open: (input: FormatInput) => Promise<Model>;
}

/** One matches a file. ONNX has no mark, and takes what no other does: its reader tells what it is not. */
export const formats = [
  { name: "json", matches: isPlainJson, open: openJson },
  { name: "onnx", matches: (file, bytes) => !isJson(file, bytes) && !isTransformers(file, bytes), open: openOnnx },
  { name: "tensorflow", matches: isTensorFlow, open: openTensorFlow },
  { name: "transformers", matches: isTransformers, open: openTransformers },
] as const satisfies readonly Format[];

function isPlainJson(file: string, bytes: Uint8Array): boolean {
  return isJson(file, bytes) && !isTransformers(file, bytes) && !isTensorFlow(file, bytes);
}

/** JSON begins with a brace, or, where it is no model, a bracket; also inside a gzip that is named so. */
function isJson(file: string, bytes: Uint8Array): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return /\.json\.gz$/i.test(file);
  const blank = [0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf];
  const at = bytes.subarray(0, 64).findIndex((byte) => !blank.includes(byte));
  // "{L" is the binary JSON of XGBoost.
  return bytes[at] === 0x5b || (bytes[at] === 0x7b && bytes[at + 1] !== 0x4c);
}
