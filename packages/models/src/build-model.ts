import { AssayError } from "@assay/schema";
import { checkColumns } from "./check-columns.ts";
import { type Column, numbersOf, sliceColumn } from "./columns.ts";
import type {
  Model,
  ModelForest,
  ModelNetwork,
  ModelOutput,
  ModelRuntime,
  OutputValues,
  Prediction,
  PredictOptions,
} from "./model.ts";
import { joinOutputs, labelOutput, numericOutput } from "./output-values.ts";
import { KernelRunner } from "./program/kernel-runner.ts";
import { type Program, runProgram } from "./program/program.ts";
import { forestView, networkView } from "./program/views.ts";
import { programGradient } from "./tensorflow/program-gradient.ts";
import type { LoadTensorFlow } from "./tensorflow/runtime.ts";

/** Runs rows that are in memory at once. */
export interface Runner {
  /** Rows of a batch. */
  readonly rows: number;
  run(columns: readonly Column[], rows: number, options: PredictOptions): Promise<readonly OutputValues[]>;
  dispose(): Promise<void>;
}

/** What a file tells of its model. */
export type ModelFacts = Pick<
  Model,
  "digest" | "externalFiles" | "file" | "format" | "inputs" | "outputs" | "parameters" | "producer" | "sizeBytes"
> &
  Partial<Pick<Model, "profile">>;

/** What runs a model where no kernel of ours does. */
export interface ModelSession {
  readonly runtime: Exclude<ModelRuntime, "kernels">;
  readonly runner: Runner;
  readonly reason: string;
  readonly gradient?: Model["gradient"];
  readonly notes?: Model["notes"];
}

/**
 * A model of a file's facts. `program` is what it compiled to, also where `session` runs it. Where that is a network,
 * `tensorflow` gives its gradients.
 */
export function buildModel(
  facts: ModelFacts,
  program: Program | null,
  session: ModelSession | null,
  tensorflow: LoadTensorFlow | null = null,
): Model {
  const { file, inputs, outputs } = facts;
  const runner = session?.runner ?? (program && kernelRunner(program, outputs));
  if (!runner) throw new AssayError("internal", `${file}: nothing runs the model`);
  const main = mainOutput(outputs);
  const place = outputs.indexOf(main);
  return {
    ...facts,
    profile: facts.profile ?? null,
    main,
    label: outputs.find((output) => output.kind === "label") ?? null,
    runtime: session?.runtime ?? "kernels",
    runtimeReason: session?.reason ?? null,
    forest: program && checked(facts, forestView(program, place)),
    network: program && checked(facts, networkView(program, place)),
    predict: async (columns, options) => {
      const rows = checkColumns(file, inputs, columns);
      return predictBatches(runner, columns, rows, outputs, options);
    },
    gradient:
      session?.gradient ?? (program && tensorflow ? programGradient(file, inputs, program, place, tensorflow) : null),
    notes: session?.notes ?? (() => []),
    dispose: () => runner.dispose(),
  };
}

/** Columns that `predict` would refuse are refused by a view too. */
function checked<T extends ModelForest | ModelNetwork>({ file, inputs }: ModelFacts, view: T | null): T | null {
  if (view === null) return null;
  const encode = (columns: readonly Column[]) => {
    checkColumns(file, inputs, columns);
    return view.encode(columns);
  };
  return { ...view, encode };
}

const preference = ["probabilities", "score", "value", "label"] as const;

export function mainOutput(outputs: readonly ModelOutput[]): ModelOutput {
  for (const kind of preference) {
    const found = outputs.find((output) => output.kind === kind);
    if (found) return found;
  }
  throw new AssayError("internal", "mainOutput: no outputs");
}

async function predictBatches(
  runner: Runner,
  columns: readonly Column[],
  rows: number,
  outputs: readonly ModelOutput[],
  options: PredictOptions,
): Promise<Prediction> {
  if (rows === 0) return { rows, outputs: outputs.map(emptyOutput) };
  const parts: (readonly OutputValues[])[] = [];
  for (let start = 0; start < rows; start += runner.rows) {
    if (options.signal?.aborted) throw new AssayError("cancelled", "the prediction was cancelled");
    const end = Math.min(rows, start + runner.rows);
    const batch = columns.map((column) => sliceColumn(column, start, end));
    parts.push(await runner.run(batch, end - start, options));
  }
  return {
    rows,
    outputs: outputs.map((_, index) => joinOutputs(parts.flatMap((part) => part.slice(index, index + 1)))),
  };
}

function emptyOutput(output: ModelOutput): OutputValues {
  const { name, kind, classes } = output;
  if (kind === "label") return { name, kind, codes: new Uint32Array(0), levels: classes ?? [] };
  return { name, kind, width: output.width ?? 1, values: new Float64Array(0) };
}

/** Enough rows to keep a device busy; what they take in memory stays small. */
const kernelRows = 65_536;

function kernelRunner(program: Program, outputs: readonly ModelOutput[]): Runner {
  const kernels = new KernelRunner();
  return {
    rows: kernelRows,
    run: async (columns, rows, { device }) => {
      const results = await runProgram(program, columns, rows, device, kernels);
      return outputs.map((output, index) => {
        const own = results[index] ?? [];
        const [first] = own;
        return output.kind === "label" && own.length === 1 && first
          ? labelOutput(output, first)
          : numericOutput(output, own.map(numbersOf), rows);
      });
    },
    dispose: async () => kernels.free(),
  };
}
