import { type Column, type NumberColumn, numbersOf, rowsOf } from "../columns.ts";
import type { ColumnLink, ModelForest, ModelNetwork } from "../model.ts";
import { type JoinedForest, joinForests } from "./join-forests.ts";
import { traceLinks } from "./links.ts";
import { type ForestStep, type NetworkStep, type Program, runHostSteps, type Step } from "./program.ts";
import { sourcesOf, stepsFor } from "./trace.ts";

type KernelStep = ForestStep | NetworkStep;

/** The kernel steps that make an output alone: nothing before one is a kernel, and after them nothing else of the inputs comes in. */
export function kernelsOf(
  program: Program,
  output: number,
): { readonly kernels: readonly KernelStep[]; readonly columns: readonly number[] } | null {
  const columns = program.outputs[output]?.columns ?? [];
  const kernels = stepsFor(program.steps, columns, program.inputs).filter(
    (step): step is KernelStep => step.kind !== "host",
  );
  if (kernels.length === 0) return null;
  const isFirst = (step: KernelStep): boolean =>
    stepsFor(program.steps, step.inputs, program.inputs).every((one) => one.kind === "host");
  if (!kernels.every(isFirst)) return null;
  const sums = kernels.flatMap((step) => step.outputs);
  const after = stepsFor(program.steps, columns, sums);
  const made = new Set([...sums, ...after.flatMap((one) => one.outputs)]);
  const closed =
    columns.every((register) => made.has(register)) &&
    after.every((one) => one.kind === "host" && one.inputs.every((register) => made.has(register)));
  return closed ? { kernels, columns } : null;
}

function around(
  program: Program,
  { inputs, outputs }: Pick<JoinedForest, "inputs" | "outputs">,
  columns: readonly number[],
  after: readonly Step[],
) {
  const before = stepsFor(program.steps, inputs, program.inputs);
  const source = sourcesOf(program);
  return {
    sources: Int32Array.from(inputs, (register) => source[register] ?? -1),
    encode: (given: readonly Column[]): readonly Float32Array[] => {
      const rows = given[0] ? rowsOf(given[0]) : 0;
      return runHostSteps(before, program.registers, program.inputs, given, rows, inputs).map((column) => {
        const numbers = numbersOf(column);
        return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
      });
    },
    apply: (made: readonly NumberColumn[]): readonly NumberColumn[] =>
      runHostSteps(after, program.registers, outputs, made, made[0]?.length ?? 0, columns).map(numbersOf),
  };
}

/** One forest, also of several whose sums come together after them: split exports, one forest for each class. */
export function forestView(program: Program, output: number): ModelForest | null {
  const found = kernelsOf(program, output);
  if (!found) return null;
  const steps = found.kernels.filter((step): step is ForestStep => step.kind === "forest");
  const joined = steps.length === found.kernels.length ? joinForests(steps) : null;
  if (!joined) return null;
  const after = stepsFor(program.steps, found.columns, joined.outputs);
  const linkOf = traceLinks(after, joined.outputs);
  const links = found.columns.map(linkOf);
  return {
    forest: joined.forest,
    ...around(program, joined, found.columns, after),
    links: links.every((link): link is ColumnLink => link !== null) ? links : null,
  };
}

export function networkView(program: Program, output: number): ModelNetwork | null {
  const found = kernelsOf(program, output);
  const [step, other] = found?.kernels ?? [];
  if (!found || step?.kind !== "network" || other) return null;
  const after = stepsFor(program.steps, found.columns, step.outputs);
  return { network: step.network, ...around(program, step, found.columns, after) };
}
