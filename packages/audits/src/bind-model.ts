import {
  type Device,
  type DeviceTable,
  type LoadedForest,
  type LoadedNetwork,
  loadForest,
  loadNetwork,
  type PermutedView,
  predictForest,
  predictNetwork,
  predictPermuted,
  predictShifted,
  prepareForest,
  prepareNetwork,
  uploadTable,
  uploadView,
} from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import {
  type Column,
  isText,
  type Model,
  type NumberColumn,
  type OutputValues,
  type PredictOptions,
} from "@assay/models";
import { AssayError, isAssayError } from "@assay/schema";
import type { AuditModel, BoundModel, ModelOutputs, ModelService } from "./audit-model.ts";
import { describeModel } from "./describe-model.ts";
import { LastAnswer } from "./last-answer.ts";
import { gatherColumn, inputColumns } from "./model-inputs.ts";
import { readOutputs } from "./model-outputs.ts";
import type { ModelRole } from "./model-roles.ts";
import { openScoreGradients } from "./score-gradients.ts";
import { TextAnswers } from "./text-answers.ts";
import { openTreeExplainer } from "./tree-explainer.ts";

export interface BindOptions {
  readonly model: Model;
  readonly role: ModelRole;
  readonly device: Device;
  readonly signal: AbortSignal;
}

/** An opened model as audits see it. Its `dispose` frees what it holds on the device, and not the model. */
export interface DisposableAuditModel extends AuditModel {
  dispose(): void;
}

/** What runs a model over a table on a device: a column for each output of the part that kernels compute. */
interface KernelPart {
  readonly sources: Int32Array;
  encode(columns: readonly Column[]): readonly Float32Array[];
  run(table: DeviceTable, view: PermutedView | null): Promise<readonly NumberColumn[]>;
  prepare(table: DeviceTable): Promise<PermutedPart>;
  free(): void;
}

/** The same beside a table, ready for many shuffles of it. */
interface PermutedPart {
  /** One answer for each repeat, with some of the encoded columns read from other rows. */
  permuted(columns: readonly number[], indexes: Uint32Array): AsyncGenerator<readonly NumberColumn[]>;
  free(): void;
}

/**
 * Binds a model to the roles of a plan. Where our kernels run the model, its inputs lie on the device once and shuffled
 * inputs are views of them; else the runtime is given copies.
 */
export function bindAuditModel({ model, role, device, signal }: BindOptions): DisposableAuditModel {
  const about = describeModel(model);
  let part: KernelPart | null | undefined;
  const answers = TextAnswers.of(model, { device, signal });
  const last = model.runtime === "endpoint" ? new LastAnswer() : null;
  const outputs = (main: OutputValues): ModelOutputs => readOutputs(main, about, role);
  return {
    about,
    profile: model.profile,
    runtime: model.runtime,
    runtimeReason: model.runtimeReason,
    async bind(table: CodedTable, rows: Uint32Array | null): Promise<BoundModel> {
      const columns = inputColumns(role, table, rows);
      const length = rows?.length ?? table.rows;
      part ??= kernelPart(model, device);
      if (part === null) {
        return onRuntime(columns, length, outputs, (given, isTable, onRows) => {
          const [text] = given;
          if (answers !== null && text !== undefined && isText(text)) {
            return answers.ask(text, (row) => (isTable ? (rows?.[row] ?? row) : row), onRows);
          }
          const ask = () => askAnew(model, given, { device, signal, ...(onRows === undefined ? {} : { onRows }) });
          return isTable && last !== null ? last.of(given, ask) : ask();
        });
      }
      return onKernels(part, model, device, columns, length, outputs);
    },
    serve(table, rows, where) {
      const columns = inputColumns(role, table, rows);
      const isOwn = where === device;
      if (isOwn) part ??= kernelPart(model, device);
      const kernels = isOwn ? (part ?? null) : kernelPart(model, where);
      if (kernels !== null) return onKernelsAnew(kernels, model, where, columns, rows.length, outputs, !isOwn);
      if (isOwn) return onRuntimeAnew(model, columns, rows.length, { device, signal }, outputs);
      throw new AssayError(
        "not-supported",
        `${about.file} runs ${model.runtime === "kernels" ? "in parts, on the run's own device" : `by ${model.runtime}, on no device of ours`}`,
      );
    },
    notes: () => model.notes(),
    gradients: () => openScoreGradients(model, about, role, { device, signal }),
    explainTrees: (options) => openTreeExplainer(model, role, device, options),
    dispose: () => part?.free(),
  };
}

/** Null where kernels do not run the whole model, or what it says is a class and no number: then the model itself is asked. */
function kernelPart(model: Model, device: Device): KernelPart | null {
  const { forest, main, network } = model;
  if (main.kind === "label") return null;
  if (forest !== null) {
    const loaded: LoadedForest = loadForest(device, forest.forest);
    const width = forest.forest.outputs;
    return {
      sources: forest.sources,
      encode: (columns) => forest.encode(columns),
      run: async (table, view) =>
        forest.apply(split(await predictForest(loaded, table, view === null ? {} : { view }), width)),
      async prepare(table) {
        const prepared = await prepareForest(loaded, table);
        return {
          async *permuted(columns, indexes) {
            const size = table.rows * width;
            const repeats = indexes.length / table.rows;
            const buffer = device.allocate(indexes.byteLength);
            try {
              device.upload(buffer, indexes);
              const sums = await predictPermuted(prepared, { columns, indexes: buffer, repeats });
              for (let start = 0; start < sums.length; start += size) {
                yield forest.apply(split(sums.subarray(start, start + size), width));
              }
            } finally {
              buffer.free();
            }
          },
          free: () => prepared.free(),
        };
      },
      free: () => loaded.free(),
    };
  }
  if (network !== null) {
    const loaded: LoadedNetwork = loadNetwork(device, network.network);
    const width = network.network.at(-1)?.outputs ?? 1;
    const run: KernelPart["run"] = async (table, view) =>
      network.apply(split(await predictNetwork(loaded, table, view === null ? {} : { view }), width));
    return {
      sources: network.sources,
      encode: (columns) => network.encode(columns),
      run,
      async prepare(table) {
        // A missing value cannot be taken out of a sum again: then every shuffle runs from the start.
        const prepared = await prepareNetwork(loaded, table).catch((error: unknown) => {
          if (isAssayError(error) && error.code === "data-invalid") return null;
          throw error;
        });
        return {
          async *permuted(columns, indexes) {
            for (let start = 0; start < indexes.length; start += table.rows) {
              const repeat = indexes.subarray(start, start + table.rows);
              const seen = Array.from({ length: table.columns }, (_, column) =>
                columns.includes(column) ? repeat : null,
              );
              const view = uploadView(device, table.rows, seen);
              try {
                yield prepared === null
                  ? await run(table, view)
                  : network.apply(split(await predictShifted(prepared, view), width));
              } finally {
                view.free();
              }
            }
          },
          free: () => prepared?.free(),
        };
      },
      free: () => loaded.free(),
    };
  }
  return null;
}

function onKernels(
  part: KernelPart,
  model: Model,
  device: Device,
  columns: readonly Column[],
  rows: number,
  read: (main: OutputValues) => ModelOutputs,
): BoundModel {
  const encoded = part.encode(columns);
  const table = uploadTable(device, encoded);
  const { main } = model;
  let prepared: PermutedPart | undefined;
  const outputs = (values: readonly NumberColumn[]): ModelOutputs => {
    if (main.kind === "label") throw new Error("a model that kernels run gives numbers");
    return read({ name: main.name, kind: main.kind, width: values.length, values: joined(values, rows) });
  };
  return {
    rows,
    predict: async () => outputs(await part.run(table, null)),
    async *predictPermuted(inputs, indexes) {
      const touched = [...part.sources.keys()].filter((column) => inputs.includes(part.sources[column] ?? -1));
      if (part.sources.every((source) => source >= 0)) {
        prepared ??= await part.prepare(table);
        for await (const values of prepared.permuted(touched, indexes)) yield outputs(values);
        return;
      }
      // A column made of several inputs has no rows of its own to be read from: it is made anew.
      for (let start = 0; start < indexes.length; start += rows) {
        const repeat = indexes.subarray(start, start + rows);
        const moved = uploadTable(device, part.encode(shuffled(columns, inputs, repeat)));
        try {
          yield outputs(await part.run(moved, null));
        } finally {
          moved.free();
        }
      }
    },
    free() {
      prepared?.free();
      table.free();
    },
  };
}

/** Every call brings the inputs to the device and the answers back. */
function onKernelsAnew(
  part: KernelPart,
  model: Model,
  device: Device,
  columns: readonly Column[],
  rows: number,
  read: (main: OutputValues) => ModelOutputs,
  owned: boolean,
): ModelService {
  return {
    async call() {
      const bound = onKernels(part, model, device, columns, rows, read);
      try {
        await bound.predict();
      } finally {
        bound.free();
      }
    },
    free() {
      if (owned) part.free();
    },
  };
}

function onRuntimeAnew(
  model: Model,
  columns: readonly Column[],
  rows: number,
  options: { readonly device: Device; readonly signal: AbortSignal },
  read: (main: OutputValues) => ModelOutputs,
): ModelService {
  // A call is a call: what was said before is not kept.
  const bound = onRuntime(columns, rows, read, (given) => askAnew(model, given, { ...options, eachRow: true }));
  return {
    async call() {
      await bound.predict();
    },
    free: () => bound.free(),
  };
}

/** `ask`: the main output for inputs, which are those of the table as it is, or shuffled. */
function onRuntime(
  columns: readonly Column[],
  rows: number,
  read: (main: OutputValues) => ModelOutputs,
  ask: (given: readonly Column[], isTable: boolean, onRows?: (rows: number) => void) => Promise<OutputValues>,
): BoundModel {
  return {
    rows,
    predict: async (onRows) => read(await ask(columns, true, onRows)),
    async *predictPermuted(inputs, indexes) {
      for (let start = 0; start < indexes.length; start += rows) {
        yield read(await ask(shuffled(columns, inputs, indexes.subarray(start, start + rows)), false));
      }
    },
    free() {},
  };
}

async function askAnew(model: Model, given: readonly Column[], options: PredictOptions): Promise<OutputValues> {
  const { outputs } = await model.predict(given, options);
  const main = outputs.find((output) => output.name === model.main.name);
  if (main === undefined) throw new Error(`the model gave no ${model.main.name}`);
  return main;
}

function shuffled(columns: readonly Column[], inputs: readonly number[], indexes: Uint32Array): readonly Column[] {
  return columns.map((column, place) => (inputs.includes(place) ? gatherColumn(column, indexes) : column));
}

/** Row-major values as columns. */
function split(values: Float32Array | Float64Array, width: number): readonly NumberColumn[] {
  if (width === 1) return [values];
  const rows = values.length / width;
  return Array.from({ length: width }, (_, column) => {
    const own = new Float64Array(rows);
    for (let row = 0; row < rows; row++) own[row] = values[row * width + column] ?? 0;
    return own;
  });
}

/** Columns as row-major values. */
function joined(columns: readonly NumberColumn[], rows: number): Float64Array {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return only instanceof Float64Array ? only : Float64Array.from(only);
  const values = new Float64Array(rows * columns.length);
  for (const [place, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) values[row * columns.length + place] = column[row] ?? 0;
  }
  return values;
}
