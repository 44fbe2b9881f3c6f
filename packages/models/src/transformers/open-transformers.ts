import { AssayError, isAssayError } from "@assay/schema";
import { buildModel, type Runner } from "../build-model.ts";
import { isText } from "../columns.ts";
import type { FormatInput } from "../formats.ts";
import type { Model, ModelOutput, OutputValues } from "../model.ts";
import { modelError } from "../model-error.ts";
import { countParameters } from "../onnx/count-parameters.ts";
import { profileGraph } from "../onnx/profile/profile-graph.ts";
import type { ModelProfile } from "../profile.ts";
import type { ItemEncoder } from "./item-encoder.ts";
import { openItems } from "./open-items.ts";
import { type ModelConfig, readConfig } from "./read-config.ts";
import { type ModelGraph, readGraph } from "./read-graph.ts";
import { LogitsSession } from "./session.ts";

/**
 * Opens a model of a Hugging Face folder; the file is its config.json, and all else lies beside it.
 * @throws AssayError model-invalid, not-supported, not-found naming the file and the place
 */
export async function openTransformers(input: FormatInput): Promise<Model> {
  const { bytes, external, cores } = input;
  // Faults name the folder: every model has a config.json.
  const file = input.file.replace(/(?<=.)[/\\]config\.json$/i, "");
  const config = readConfig(file, bytes);
  if (input.transformers === null) {
    throw modelError(
      file,
      null,
      "a Hugging Face model runs in Node.js only; run the plan with: assay run",
      "not-supported",
    );
  }
  if (config.task !== "text-classification" && input.readItem === null) {
    throw modelError(
      file,
      null,
      `a model of ${config.task} reads files beside the data, which are not at hand here; run the plan where they lie, with: assay run`,
      "not-supported",
    );
  }
  const library = await input.transformers();
  const graph = readGraph(file, config.task, external);
  const items = openItems({ file, library, config, graph, external, readItem: input.readItem });
  const { shapes, per } = await items.profiled();
  const session = await LogitsSession.create(file, await input.onnxRuntime(), graph, config.classes.length, cores);
  try {
    await session.run(await items.probe());
    const output = outputOf(config);
    const name =
      config.task === "text-classification" ? "text" : config.task === "image-classification" ? "image" : "audio";
    const facts = {
      format: "transformers" as const,
      file: input.file,
      digest: input.digest,
      sizeBytes: bytes.length,
      externalFiles: input.externalFiles(),
      producer: graph.graph.proto.producer || null,
      inputs: [{ name, kind: "category" as const, tensor: name, place: 0, whole: false }],
      outputs: [output],
      parameters: countParameters(graph.graph),
      profile: profileOf(graph, shapes, per),
    };
    const reason = `it prepares each ${name}, and ONNX Runtime runs ${graph.path} (${graph.dtype}) on the processor`;
    return buildModel(facts, null, {
      runtime: "transformers",
      runner: runner(file, config, items, session, output),
      reason,
      notes: () => items.notes(),
    });
  } catch (error) {
    await session.release();
    throw error;
  }
}

function outputOf({ classes, output }: ModelConfig): ModelOutput {
  if (output === "value") return { name: "value", kind: "value", classes: null, width: classes.length };
  return {
    name: "probabilities",
    kind: "probabilities",
    classes: classes.length === 1 ? null : classes,
    width: classes.length,
  };
}

function profileOf(
  { graph, inputs }: ModelGraph,
  shapes: ReadonlyMap<string, readonly number[]>,
  per: NonNullable<ModelProfile["per"]>,
): ModelProfile {
  const profiled = inputs.map(({ name, value }) => ({ value, dims: (shapes.get(name) ?? [1]).slice(1), batch: 1 }));
  return { ...profileGraph(graph, profiled), per };
}

/**
 * Asks about each value of the column once, however many rows have it, and alone: a quantized graph takes its scales from
 * all that it is given at once, so that in a batch a row's answer would depend on its neighbours.
 */
function runner(
  file: string,
  config: ModelConfig,
  items: ItemEncoder,
  session: LogitsSession,
  output: ModelOutput,
): Runner {
  const width = config.classes.length;
  return {
    rows: Number.MAX_SAFE_INTEGER,
    run: async ([column], rows, { signal, onRows, rowAt, eachRow }) => {
      if (column === undefined || !isText(column)) throw new AssayError("internal", `${file}: numbers where texts go`);
      const values = new Float64Array(rows * width);
      const first = new Map<number, number>();
      for (let row = 0; row < rows; row++) {
        const code = column.codes[row] ?? 0;
        const known = eachRow === true ? undefined : first.get(code);
        if (known !== undefined) {
          values.copyWithin(row * width, known * width, (known + 1) * width);
          continue;
        }
        if (signal?.aborted) throw new AssayError("cancelled", "the prediction was cancelled");
        const logits = await items
          .encode(column.levels[code] ?? "")
          .then((feeds) => session.run(feeds))
          .catch((error: unknown) => {
            throw atRow(file, rowAt?.(row) ?? row, error);
          });
        values.set(activated(config, logits), row * width);
        first.set(code, row);
        onRows?.(row + 1);
      }
      return [numbers(output, width, values)];
    },
    dispose: () => session.release(),
  };
}

function numbers({ name, kind }: ModelOutput, width: number, values: Float64Array): OutputValues {
  if (kind === "label") throw new AssayError("internal", "a model of logits gives numbers");
  return { name, kind, width, values };
}

/** Names the row of a value that cannot be given; rows count from 1. */
function atRow(file: string, row: number, error: unknown): unknown {
  if (!isAssayError(error)) return error;
  return new AssayError(error.code, `${file}: row ${row + 1} of those used: ${error.message}`, { cause: error });
}

/** Probabilities of logits, or the numbers themselves. */
function activated({ output }: ModelConfig, logits: Float64Array): Float64Array {
  if (output === "value") return logits;
  if (output === "sigmoid") return logits.map((value) => 1 / (1 + Math.exp(-value)));
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = logits.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

/** Whether a JSON file is a Hugging Face model's config.json: by its name, else by what stands in it. */
export function isTransformers(file: string, bytes: Uint8Array): boolean {
  if (/(^|[/\\])config\.json$/i.test(file)) return true;
  const head = new TextDecoder().decode(bytes.subarray(0, 100_000));
  return /^\s*\{/.test(head) && /"(architectures|model_type)"\s*:/.test(head);
}
