import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-common";
import { modelError, shown } from "../model-error.ts";
import { type OnnxRuntime, runtimeFault } from "../onnx/onnx-runtime.ts";
import type { GraphTensor, ModelGraph } from "./read-graph.ts";

/** What an input is given: one row. */
export interface Feed {
  readonly dims: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A model's graph in ONNX Runtime, asked about one text, image or sound at a time. */
export class LogitsSession {
  readonly #where: string;
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #graph: ModelGraph;
  readonly #width: number;

  private constructor(
    where: string,
    runtime: OnnxRuntime,
    session: InferenceSession,
    graph: ModelGraph,
    width: number,
  ) {
    this.#where = where;
    this.#runtime = runtime;
    this.#session = session;
    this.#graph = graph;
    this.#width = width;
  }

  /** @throws AssayError not-supported for operators the runtime does not have, model-invalid for all else it refuses */
  static async create(
    file: string,
    runtime: OnnxRuntime,
    graph: ModelGraph,
    width: number,
    threads: number,
  ): Promise<LogitsSession> {
    const where = `${file}, ${graph.path}`;
    const bytes = graph.whole();
    try {
      const session = await runtime.InferenceSession.create(bytes, {
        executionMode: "sequential",
        executionProviders: ["cpu"],
        interOpNumThreads: 1,
        intraOpNumThreads: threads,
        logSeverityLevel: 4,
      });
      return new LogitsSession(where, runtime, session, graph, width);
    } catch (cause) {
      throw runtimeFault(where, cause);
    }
  }

  /** The logits of one row: float64[classes]. */
  async run(feeds: Readonly<Record<string, Feed>>): Promise<Float64Array> {
    const given: Record<string, Tensor> = {};
    for (const input of this.#graph.inputs) {
      const feed = feeds[input.name];
      if (feed === undefined) {
        throw modelError(this.#where, `input ${shown(input.name)}`, "is given nothing by the model's processor");
      }
      given[input.name] = this.#tensor(input, feed);
    }
    const { name } = this.#graph.logits;
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await this.#session.run(given, [name]);
    } catch (cause) {
      throw runtimeFault(this.#where, cause);
    }
    const tensor = results[name] as TypedTensor<"float32"> | undefined;
    const place = `output ${shown(name)}`;
    if (tensor?.type !== "float32") throw modelError(this.#where, place, "gives no float numbers");
    if (tensor.size !== this.#width || tensor.dims.at(-1) !== this.#width) {
      throw modelError(
        this.#where,
        place,
        `has shape [${tensor.dims.join(", ")}] for one row, and config.json names ${this.#width} ${this.#width === 1 ? "class" : "classes"}`,
      );
    }
    const odd = tensor.data.find((value) => !Number.isFinite(value));
    if (odd !== undefined) throw modelError(this.#where, place, `gives ${odd}; a logit is a finite number`);
    return Float64Array.from(tensor.data);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #tensor({ name, element }: GraphTensor, { dims, values }: Feed): Tensor {
    const { Tensor: Made } = this.#runtime;
    if (element === "float") return new Made("float32", Float32Array.from(values), dims);
    for (let at = 0; at < values.length; at++) {
      if (Number.isSafeInteger(values[at])) continue;
      throw modelError(this.#where, `input ${shown(name)}`, `takes whole numbers, and is given ${values[at]}`);
    }
    return element === "int32"
      ? new Made("int32", Int32Array.from(values), dims)
      : new Made("int64", BigInt64Array.from(Array.from(values, BigInt)), dims);
  }
}
