import { AssayError } from "@assay/schema";
import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-common";
import { type Column, isText, type NumberColumn } from "../columns.ts";
import type { ModelOutput, OutputValues } from "../model.ts";
import { modelError, shown } from "../model-error.ts";
import { labelOutput, numericOutput } from "../output-values.ts";
import type { GraphInput } from "./inputs.ts";
import { elementType } from "./proto/model-proto.ts";

/** What is used of onnxruntime-node or onnxruntime-web: they share onnxruntime-common's interface. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (
    type: Tensor.Type,
    data: Tensor.DataType | readonly boolean[],
    dims: readonly number[],
  ) => Tensor;
}

/** A model in ONNX Runtime, fed with columns. */
export class OnnxSession {
  readonly #file: string;
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #inputs: readonly GraphInput[];
  /** Rows that a run must have, where the file fixes them. */
  readonly batch: number | null;

  private constructor(file: string, runtime: OnnxRuntime, session: InferenceSession, inputs: readonly GraphInput[]) {
    this.#file = file;
    this.#runtime = runtime;
    this.#session = session;
    this.#inputs = inputs;
    this.batch = inputs.find((input) => input.batch !== null)?.batch ?? null;
  }

  /** @throws AssayError not-supported for operators the runtime does not have, model-invalid for all else it refuses */
  static async create(
    file: string,
    runtime: OnnxRuntime,
    bytes: Uint8Array,
    inputs: readonly GraphInput[],
    threads: number,
  ): Promise<OnnxSession> {
    try {
      const session = await runtime.InferenceSession.create(bytes, {
        executionMode: "sequential",
        interOpNumThreads: 1,
        intraOpNumThreads: threads,
        logSeverityLevel: 4,
      });
      return new OnnxSession(file, runtime, session, inputs);
    } catch (cause) {
      throw runtimeFault(file, cause);
    }
  }

  /** Runs rows that are in memory at once; columns in the order of the inputs. */
  async run(
    columns: readonly Column[],
    rows: number,
    outputs: readonly ModelOutput[],
  ): Promise<readonly OutputValues[]> {
    const feeds: Record<string, Tensor> = {};
    const given = this.batch ?? rows;
    let at = 0;
    for (const { value, dims, inputs } of this.#inputs) {
      const own = columns.slice(at, at + inputs.length);
      at += inputs.length;
      const type = value.type.kind === "tensor" ? elementType(value.type.element) : null;
      feeds[value.name] = new this.#runtime.Tensor(...tensorOf(type ?? "float", own, given, [given, ...dims]));
    }
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await this.#session.run(
        feeds,
        outputs.map((output) => output.name),
      );
    } catch (cause) {
      throw runtimeFault(this.#file, cause);
    }
    return outputs.map((output) => this.#values(output, results[output.name] as Tensor | undefined, given, rows));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #values(output: ModelOutput, tensor: Tensor | undefined, given: number, rows: number): OutputValues {
    const place = `output ${shown(output.name)}`;
    if (!tensor) throw modelError(this.#file, place, "ONNX Runtime gives nothing for it");
    const { data, dims, size } = tensor as TypedTensor<"float32" | "int64" | "string">;
    const width = size / given;
    if (!Number.isInteger(width) || width < 1) {
      throw modelError(this.#file, place, `has shape [${dims.join(", ")}] for ${given} rows`);
    }
    if (output.kind === "label" && width === 1) {
      const texts = Array.isArray(data)
        ? (data as readonly string[]).slice(0, rows)
        : Array.from(data, String).slice(0, rows);
      const levels = [...new Set(texts)];
      const places = new Map(levels.map((level, index) => [level, index]));
      return labelOutput(output, { levels, codes: Uint32Array.from(texts, (text) => places.get(text) ?? 0) });
    }
    if (Array.isArray(data))
      throw modelError(this.#file, place, "gives texts where numbers are asked for", "not-supported");
    const columns = Array.from({ length: width }, (_, column) =>
      Float64Array.from({ length: rows }, (_, row) => Number(data[row * width + column])),
    );
    return numericOutput(output, columns, rows);
  }
}

type TensorArguments = readonly [Tensor.Type, Tensor.DataType, readonly number[]];

/** Columns as one row-major tensor; rows beyond those given repeat the last, where the file fixes how many there are. */
function tensorOf(element: string, columns: readonly Column[], rows: number, dims: readonly number[]): TensorArguments {
  const width = columns.length;
  const size = rows * width;
  if (element === "string") {
    const texts = new Array<string>(size).fill("");
    for (const [index, column] of columns.entries()) {
      if (!isText(column)) throw new AssayError("internal", "onnxruntime: numbers where texts go");
      for (let row = 0; row < rows; row++) {
        const code = column.codes[Math.min(row, column.codes.length - 1)] ?? 0;
        texts[row * width + index] = column.levels[code] ?? "";
      }
    }
    return ["string", texts, dims];
  }
  const fill = (into: Float32Array | Float64Array | Int32Array | Uint8Array) => {
    for (const [index, column] of columns.entries()) {
      const numbers = column as NumberColumn;
      for (let row = 0; row < rows; row++) into[row * width + index] = numbers[Math.min(row, numbers.length - 1)] ?? 0;
    }
    return into;
  };
  switch (element) {
    case "bool":
      return ["bool", fill(new Uint8Array(size)) as Uint8Array, dims];
    case "double":
      return ["float64", fill(new Float64Array(size)) as Float64Array, dims];
    case "int32":
      return ["int32", fill(new Int32Array(size)) as Int32Array, dims];
    case "int64":
      return ["int64", BigInt64Array.from(fill(new Float64Array(size)), BigInt), dims];
    default:
      return ["float32", fill(new Float32Array(size)) as Float32Array, dims];
  }
}

const missingOperator =
  /No Op registered|not a registered function|Fatal error: .* is not|NOT_IMPLEMENTED|not implemented|unsupported|Could not find an implementation|Unknown model file format version|opset/i;

/** What ONNX Runtime says of a model it does not take, on one line. */
export function runtimeFault(file: string, cause: unknown): AssayError {
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ").slice(0, 600);
  const code = missingOperator.test(message) ? "not-supported" : "model-invalid";
  return modelError(file, null, `ONNX Runtime refuses the model: ${message}`, code);
}
