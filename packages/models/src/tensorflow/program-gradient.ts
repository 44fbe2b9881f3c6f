import { AssayError } from "@assay/schema";
import { checkColumns } from "../check-columns.ts";
import { type NumberColumn, numbersOf } from "../columns.ts";
import type { GradientOptions, Model, ModelInput } from "../model.ts";
import { networkSlopes } from "../program/network-slopes.ts";
import type { Program } from "../program/program.ts";
import { networkView } from "../program/views.ts";
import { networkGradient } from "./network-gradient.ts";
import type { LoadTensorFlow } from "./runtime.ts";

/**
 * The gradient of a model that is one network, with what scales its inputs before and turns its outputs after. The network
 * is built in TensorFlow.js when it is first asked. Null where the model is more than that, or takes texts or whole numbers.
 */
export function programGradient(
  file: string,
  modelInputs: readonly ModelInput[],
  program: Program,
  output: number,
  tensorflow: LoadTensorFlow,
): Model["gradient"] {
  const slopes = networkSlopes(program, output);
  const view = networkView(program, output);
  if (!slopes || !view || modelInputs.some(({ kind, whole }) => kind !== "number" || whole)) return null;
  return async (columns, options) => {
    const rows = checkColumns(file, modelInputs, columns);
    const asked = askedOutput(slopes.outputs, options);
    const encoded = view.encode(columns);
    const { core, backend } = await tensorflow(options.device.name);
    const own = await networkGradient(core, backend, slopes.network, encoded, asked.of, () => throwIfAborted(options));
    const width = slopes.inputs.length;
    const gradients = new Float64Array(rows * modelInputs.length);
    for (let row = 0; row < rows; row++) {
      for (const [place, { of, slope }] of slopes.inputs.entries()) {
        const at = row * modelInputs.length + of;
        gradients[at] = (gradients[at] ?? 0) + (own[row * width + place] ?? 0) * slope * asked.slope;
      }
    }
    fillMissing(gradients, columns.map(numbersOf), rows);
    return gradients;
  };
}

export function askedOutput<T>(outputs: readonly T[], { output }: GradientOptions): T {
  const asked = outputs[output];
  if (asked !== undefined) return asked;
  throw new AssayError("usage", `gradient: the main output has ${outputs.length} columns, got output ${output}`);
}

export function throwIfAborted({ signal }: GradientOptions): void {
  if (signal?.aborted) throw new AssayError("cancelled", "the gradient was cancelled");
}

/** A row with a missing value has no output, and so no gradient. */
export function fillMissing(gradients: Float64Array, columns: readonly NumberColumn[], rows: number): void {
  const width = columns.length;
  for (let row = 0; row < rows; row++) {
    if (columns.every((column) => !Number.isNaN(column[row]))) continue;
    gradients.fill(Number.NaN, row * width, (row + 1) * width);
  }
}
