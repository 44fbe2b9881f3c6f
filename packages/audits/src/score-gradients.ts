import type { Device } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import { type Model, numbersOf } from "@assay/models";
import { AssayError, type ReportModel } from "@assay/schema";
import { inputColumns } from "./model-inputs.ts";
import { readOutputs, scoreColumn } from "./model-outputs.ts";
import type { ModelRole } from "./model-roles.ts";

/** A model's score and its derivatives, at points that need not be rows of the data. */
export interface ScoreGradients {
  /** The model's inputs of the rows of a table as numbers; NaN is missing. */
  columns(table: CodedTable): readonly Float64Array[];
  /** float64[rows]: the score of the positive class, as audits have it everywhere. */
  score(columns: readonly Float64Array[]): Promise<Float64Array>;
  /** float64[rows × inputs]: its derivative by each input, in units of score per unit of input; row-major. */
  gradient(columns: readonly Float64Array[]): Promise<Float64Array>;
}

export function openScoreGradients(
  model: Model,
  about: ReportModel,
  role: ModelRole,
  options: { readonly device: Device; readonly signal: AbortSignal },
): ScoreGradients {
  const { gradient, main } = model;
  if (gradient === null) throw new AssayError("not-supported", `${about.file}: the model has no gradients`);
  const score = async (columns: readonly Float64Array[]): Promise<Float64Array> => {
    const { outputs } = await model.predict(columns, options);
    const own = outputs.find((output) => output.name === main.name);
    const read = own && readOutputs(own, about, role).score;
    if (!read) throw new AssayError("internal", `${about.file}: the model gave no score`);
    return read;
  };
  return {
    columns: (table) =>
      inputColumns(role, table, null).map((column) => {
        const numbers = numbersOf(column);
        return numbers instanceof Float64Array ? numbers : Float64Array.from(numbers);
      }),
    score,
    async gradient(columns) {
      const { column, flip } = scoreColumn(main.width ?? 1, about, role);
      const gradients = await gradient(columns, { ...options, output: column });
      return flip ? gradients.map((value) => -value) : gradients;
    },
  };
}
