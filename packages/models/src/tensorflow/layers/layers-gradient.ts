import type { Scalar, Tensor } from "@tensorflow/tfjs-core";
import { checkColumns } from "../../check-columns.ts";
import { type Column, numbersOf, rowsOf, sliceColumn } from "../../columns.ts";
import type { Model, ModelOutput } from "../../model.ts";
import { askedOutput, fillMissing, throwIfAborted } from "../program-gradient.ts";
import { type Backend, messageOf, onBackend, type TensorFlow } from "../runtime.ts";
import { refusal, type Session, scoped } from "../session.ts";
import { feedTensors } from "../tensor-input.ts";
import type { LayersExecutable } from "./load-layers.ts";
import type { Topology } from "./topology.ts";

/** Layers through which no gradient goes. */
const steps = /"class_name":"(CategoryEncoding|Embedding)"/;
/** Of their gradients TensorFlow.js 4.22 has a kernel on WebAssembly that is wrong where values are negative. */
const pools = /"class_name":"(Global)?MaxPooling\dD"/;

/**
 * The gradient of a layers model that TensorFlow.js runs, by its own differentiation. Null where an input is a text, a whole
 * number or the place of an embedding, or the output a label.
 */
export function layersGradient(
  file: string,
  topology: Topology,
  session: Session<LayersExecutable>,
  outputs: readonly ModelOutput[],
  main: number,
  rowsAtOnce: number,
): Model["gradient"] {
  const { tensorflow, executable } = session;
  const modelInputs = executable.inputs.flatMap(({ inputs }) => inputs);
  const json = JSON.stringify(topology.json);
  const isSmooth =
    modelInputs.every(({ kind, whole }) => kind === "number" && !whole) &&
    outputs[main]?.kind !== "label" &&
    !steps.test(json);
  if (!isSmooth) return null;
  const fixed = executable.inputs.find(({ batch }) => batch !== null)?.batch ?? null;
  const width = outputs[main]?.width ?? 1;
  let backend: Backend | null = pools.test(json) ? "cpu" : null;
  return async (columns, options) => {
    const rows = checkColumns(file, modelInputs, columns);
    const place = askedOutput(
      Array.from({ length: width }, (_, index) => index),
      options,
    );
    const gradients = new Float64Array(rows * modelInputs.length);
    const batch = fixed ?? rowsAtOnce;
    for (let start = 0; start < rows; start += batch) {
      throwIfAborted(options);
      const end = Math.min(rows, start + batch);
      const given = columns.map((column) => sliceColumn(column, start, end));
      const count = fixed ?? end - start;
      const ask = (on: Backend) => differentiate(tensorflow, on, executable, given, count, main, place);
      let parts: readonly Float32Array[];
      try {
        if (backend === "cpu") await tensorflow.loadCpu();
        backend ??= await soundBackend(session, columns, fixed, main, place);
        parts = await ask(backend);
      } catch (cause) {
        throw refusal(file, cause);
      }
      let first = 0;
      for (const [index, part] of parts.entries()) {
        const own = executable.inputs[index]?.inputs.length ?? 0;
        for (let row = start; row < end; row++) {
          for (let of = 0; of < own; of++) {
            gradients[row * modelInputs.length + first + of] = part[(row - start) * own + of] ?? 0;
          }
        }
        first += own;
      }
    }
    fillMissing(gradients, columns.map(numbersOf), rows);
    return gradients;
  };
}

/** How far gradients of two backends may lie apart, of the largest: float32 leaves some 1e-6. */
const tolerance = 1e-4;

/**
 * The session's backend where its gradients of some rows are those of plain JavaScript, else plain JavaScript: a backend may
 * lack kernels that only gradients need, or have them wrong.
 */
async function soundBackend(
  { tensorflow, executable, backend }: Session<LayersExecutable>,
  columns: readonly Column[],
  fixed: number | null,
  output: number,
  place: number,
): Promise<Backend> {
  if (backend === "cpu") return backend;
  await tensorflow.loadCpu();
  const rows = fixed ?? Math.min(checkedRows, columns[0] ? rowsOf(columns[0]) : 0);
  const few = columns.map((column) => sliceColumn(column, 0, rows));
  const ask = (on: Backend) => differentiate(tensorflow, on, executable, few, rows, output, place);
  const plain = await ask("cpu");
  try {
    const own = await ask(backend);
    const largest = Math.max(...plain.map((part) => part.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    const isSame = plain.every((part, index) =>
      part.every((value, at) => Math.abs(value - (own[index]?.[at] ?? Number.NaN)) <= tolerance * largest),
    );
    return isSame ? backend : "cpu";
  } catch (cause) {
    if (!/Kernel '\w+' not registered/.test(messageOf(cause))) throw cause;
    return "cpu";
  }
}

const checkedRows = 4;

/** Derivatives of the sum of a column over rows: each row's own, as no row of an output depends on another. */
function differentiate(
  { core }: TensorFlow,
  backend: Backend,
  { inputs, model }: LayersExecutable,
  columns: Parameters<typeof feedTensors>[2],
  rows: number,
  output: number,
  place: number,
): Promise<readonly Float32Array[]> {
  return onBackend(core, backend, () =>
    scoped(core, async () => {
      const sum = (...tensors: Tensor[]): Scalar => {
        const made = model.apply(tensors, { training: false }) as Tensor | Tensor[];
        const own = Array.isArray(made) ? made[output] : made;
        if (own === undefined) throw new Error(`there is no output ${output}`);
        const table = core.reshape(own, [rows, -1]);
        return core.sum(core.slice(table, [0, place], [rows, 1])) as Scalar;
      };
      const made = core.grads(sum)([...feedTensors(core, inputs, columns, rows)]);
      return Promise.all(made.map((tensor) => tensor.data<"float32">()));
    }),
  );
}
