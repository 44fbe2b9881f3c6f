import { type Column, type NumberColumn, numbersOf, rowsOf } from "../columns.ts";
import type { ModelForest, ModelNetwork } from "../model.ts";
import { type ColumnLink, type ForestStep, type NetworkStep, type Program, runHostSteps } from "./program.ts";
import { sourcesOf, stepsFor } from "./trace.ts";

/**
 * The forest or network that makes an output alone: only one kernel step leads to it, nothing before it is a kernel, and
 * after it nothing else of the inputs comes in.
 */
function kernelOf(
  program: Program,
  output: number,
): { step: ForestStep | NetworkStep; columns: readonly number[] } | null {
  const columns = program.outputs[output]?.columns ?? [];
  const leading = stepsFor(program.steps, columns, program.inputs);
  const kernels = leading.filter((step): step is ForestStep | NetworkStep => step.kind !== "host");
  const [step] = kernels;
  if (!step || kernels.length > 1) return null;
  const after = stepsFor(program.steps, columns, step.outputs);
  const made = new Set([...step.outputs, ...after.flatMap((one) => one.outputs)]);
  const closed =
    columns.every((register) => made.has(register)) &&
    after.every((one) => one.kind === "host" && one.inputs.every((register) => made.has(register)));
  return closed ? { step, columns } : null;
}

function around(program: Program, step: ForestStep | NetworkStep, columns: readonly number[]) {
  const before = stepsFor(program.steps, step.inputs, program.inputs);
  const after = stepsFor(program.steps, columns, step.outputs);
  const source = sourcesOf(program);
  return {
    sources: Int32Array.from(step.inputs, (register) => source[register] ?? -1),
    encode: (inputs: readonly Column[]): readonly Float32Array[] => {
      const rows = inputs[0] ? rowsOf(inputs[0]) : 0;
      return runHostSteps(before, program.registers, program.inputs, inputs, rows, step.inputs).map((column) => {
        const numbers = numbersOf(column);
        return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
      });
    },
    apply: (made: readonly NumberColumn[]): readonly NumberColumn[] =>
      runHostSteps(after, program.registers, step.outputs, made, made[0]?.length ?? 0, columns).map(numbersOf),
    after,
  };
}

export function forestView(program: Program, output: number): ModelForest | null {
  const found = kernelOf(program, output);
  if (found?.step.kind !== "forest") return null;
  const { after, ...rest } = around(program, found.step, found.columns);
  const inOrder = found.columns.length === found.step.outputs.length;
  const same = inOrder && found.columns.every((register, index) => register === found.step.outputs[index]);
  const [only] = after;
  const plain = (link: "identity" | "logistic"): readonly ColumnLink[] =>
    found.columns.map((_, of) => ({ of, sign: 1, shift: 0, link }));
  const told =
    after.length === 1 &&
    only?.kind === "host" &&
    only.links !== undefined &&
    only.inputs.every((register, index) => register === found.step.outputs[index])
      ? found.columns.map((register) => only.links?.[only.outputs.indexOf(register)] ?? null)
      : null;
  const logistic =
    inOrder &&
    after.length === 1 &&
    only?.kind === "host" &&
    only.fuse?.kind === "activation" &&
    only.fuse.activation === "logistic" &&
    only.inputs.every((register, index) => register === found.step.outputs[index]) &&
    only.outputs.every((register, index) => register === found.columns[index]);
  const links = same ? plain("identity") : logistic ? plain("logistic") : told;
  const whole = links?.every((link) => link !== null) ? links.filter((link) => link !== null) : null;
  return { forest: found.step.forest, ...rest, links: whole };
}

export function networkView(program: Program, output: number): ModelNetwork | null {
  const found = kernelOf(program, output);
  if (found?.step.kind !== "network") return null;
  const { after: _, ...rest } = around(program, found.step, found.columns);
  return { network: found.step.network, ...rest };
}
