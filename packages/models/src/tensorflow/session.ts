import { type AssayError, isAssayError } from "@assay/schema";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Runner } from "../build-model.ts";
import { checkedAlone } from "../checked-alone.ts";
import type { ModelOutput, OutputValues } from "../model.ts";
import { modelError, shown } from "../model-error.ts";
import { labelOutput, numericOutput } from "../output-values.ts";
import { type Backend, type Core, messageOf, onBackend, type TensorFlow } from "./runtime.ts";
import { feedTensors, type TensorInput } from "./tensor-input.ts";

/** A model that TensorFlow.js has read. */
export interface Executable {
  readonly inputs: readonly TensorInput[];
  /** A tensor for each output, of tensors for the inputs. */
  execute(tensors: readonly Tensor[]): Promise<readonly Tensor[]> | readonly Tensor[];
  dispose(): void;
}

/** A model in TensorFlow.js, tried with one row. */
export interface Session<E extends Executable = Executable> {
  readonly tensorflow: TensorFlow;
  readonly executable: E;
  readonly backend: Backend;
  /** `TensorFlow.js 4.22.0 on …`: what really runs. */
  readonly about: string;
  /** Shapes of the outputs for one row, or for the rows that the file fixes. */
  readonly shapes: readonly (readonly number[])[];
}

/** Rows that are run at once, and the most bytes that these may take. */
const mostRows = 4_096;
const batchBytes = 2 ** 27;

/**
 * Opens a model in TensorFlow.js and runs one row of zeros, so that what cannot be run is told before any data are read.
 * Where the backend lacks kernels that the model needs, it runs on the one that has them all, and `about` says so.
 * @throws AssayError model-invalid, not-supported
 */
export async function openSession<E extends Executable>(
  file: string,
  tensorflow: TensorFlow,
  load: () => Promise<E>,
): Promise<Session<E>> {
  const { core, backend, about } = tensorflow;
  const opened = await tryRow(file, core, backend, load);
  if (!("kernel" in opened)) return { ...opened, tensorflow, backend, about };
  await tensorflow.loadCpu();
  const missing = await missingKernels(core, backend, load, opened.kernel);
  const again = await tryRow(file, core, "cpu", load);
  if ("kernel" in again) {
    throw modelError(file, null, `TensorFlow.js has no kernel ${again.kernel}, which the model needs`, "not-supported");
  }
  const version = `TensorFlow.js ${core.version_core}`;
  const why = `its ${backend} backend has no kernel ${missing.join(", ")}`;
  return { ...again, tensorflow, backend: "cpu", about: `${version} on plain JavaScript, slowly: ${why}` };
}

type Tried<E> = { readonly executable: E; readonly shapes: Session["shapes"] } | { readonly kernel: string };

async function tryRow<E extends Executable>(
  file: string,
  core: Core,
  backend: Backend,
  load: () => Promise<E>,
): Promise<Tried<E>> {
  try {
    return await onBackend(core, backend, () =>
      scoped(core, async () => {
        const executable = await load();
        try {
          const outputs = await executable.execute(zeros(core, executable.inputs));
          // What is computed is fetched: some backends tell a failure only then.
          await Promise.all(outputs.map((output) => output.data()));
          return { executable, shapes: outputs.map(({ shape }) => shape) };
        } catch (error) {
          executable.dispose();
          throw error;
        }
      }),
    );
  } catch (cause) {
    const kernel = missingKernel(cause);
    if (kernel !== null) return { kernel };
    throw refusal(file, cause);
  }
}

/** All kernels of a model that a backend lacks: those that the other one ran. */
async function missingKernels<E extends Executable>(
  core: Core,
  backend: Backend,
  load: () => Promise<E>,
  first: string,
): Promise<readonly string[]> {
  const has = new Set(core.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
  const used = await onBackend(core, "cpu", () =>
    scoped(core, async () => {
      const executable = await load();
      try {
        const { kernelNames } = await core.profile(async () => [
          ...(await executable.execute(zeros(core, executable.inputs))),
        ]);
        return kernelNames;
      } finally {
        executable.dispose();
      }
    }),
  ).catch(() => []);
  return [...new Set([first, ...used.filter((name) => !has.has(name))])].sort();
}

function zeros(core: Core, inputs: readonly TensorInput[]): readonly Tensor[] {
  return inputs.map(({ dims, dtype, batch }) => {
    const shape = [batch ?? 1, ...dims];
    if (dtype !== "string") return core.zeros(shape, dtype);
    return core.tensor(new Array<string>(shape.reduce((product, dim) => product * dim, 1)).fill(""), shape, "string");
  });
}

/** Runs a model over columns. `rowBytes` are bytes that one row needs. */
export function sessionRunner(
  file: string,
  { tensorflow, executable, backend, shapes }: Session,
  outputs: readonly ModelOutput[],
  rowBytes: number,
): Runner {
  const { core } = tensorflow;
  const { inputs } = executable;
  const fixed = inputs.find((input) => input.batch !== null)?.batch ?? null;
  const tried = fixed ?? 1;
  // A model whose output has other rows than its input has is no predictor of rows.
  for (const [index, [rows, ...rest]] of shapes.entries()) {
    if (rows === tried || (rows === undefined && tried === 1)) continue;
    const place = `output ${shown(outputs[index]?.name ?? "")}`;
    throw modelError(file, place, `has shape [${[rows, ...rest].join(", ")}] for ${tried} rows`, "not-supported");
  }
  const rowsAtOnce = Math.max(1, Math.min(mostRows, Math.floor(batchBytes / Math.max(1, rowBytes))));
  return checkedAlone(file, {
    rows: fixed ?? rowsAtOnce,
    run: async (columns, rows) => {
      const given = fixed ?? rows;
      try {
        return await onBackend(core, backend, () =>
          scoped(core, async () => {
            const made = await executable.execute(feedTensors(core, inputs, columns, given));
            const values = await Promise.all(made.map((tensor) => tensor.data<"float32" | "string">()));
            return outputs.map((output, index) => readOutput(file, output, values[index] ?? [], given, rows));
          }),
        );
      } catch (cause) {
        throw refusal(file, cause);
      }
    },
    dispose: () => onBackend(core, backend, () => executable.dispose()),
  });
}

function readOutput(
  file: string,
  output: ModelOutput,
  data: ArrayLike<number> | readonly string[],
  given: number,
  rows: number,
): OutputValues {
  const width = data.length / given;
  const place = `output ${shown(output.name)}`;
  if (!Number.isInteger(width) || width < 1) {
    throw modelError(file, place, `gives ${data.length} values for ${given} rows`);
  }
  if (output.kind === "label" && width === 1) {
    const texts = Array.from({ length: rows }, (_, row) => String(data[row]));
    const levels = [...new Set(texts)];
    const places = new Map(levels.map((level, index) => [level, index]));
    return labelOutput(output, { levels, codes: Uint32Array.from(texts, (text) => places.get(text) ?? 0) });
  }
  if (typeof data[0] === "string") {
    throw modelError(file, place, "gives texts where numbers are asked for", "not-supported");
  }
  const columns = Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows }, (_, row) => Number(data[row * width + column])),
  );
  return numericOutput(output, columns, rows);
}

/** Lets go every tensor that work made and did not keep, and the variables of work that failed. */
export async function scoped<T>(core: Core, work: () => Promise<T>): Promise<T> {
  const engine = core.engine();
  const before = new Set(Object.keys(engine.registeredVariables));
  engine.startScope();
  try {
    return await work();
  } catch (error) {
    for (const [name, variable] of Object.entries(engine.registeredVariables)) {
      if (!before.has(name)) variable.dispose();
    }
    throw error;
  } finally {
    engine.endScope();
  }
}

function missingKernel(cause: unknown): string | null {
  return /Kernel '(\w+)' not registered for backend/.exec(messageOf(cause))?.[1] ?? null;
}

const unknownPart =
  /Unknown (layer|op|activation|initializer)|not (yet )?(implemented|supported)|unsupported|NotImplemented|is not registered/i;

/** What TensorFlow.js says of a model it does not take. */
export function refusal(file: string, cause: unknown): AssayError {
  if (isAssayError(cause)) return cause;
  const message = messageOf(cause);
  const code = unknownPart.test(message) ? "not-supported" : "model-invalid";
  return modelError(file, null, `TensorFlow.js refuses the model: ${message}`, code);
}
