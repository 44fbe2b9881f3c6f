import type { Device, Forest, Network } from "@assay/compute";
import { AssayError } from "@assay/schema";
import type { Column } from "../columns.ts";
import type { KernelRunner } from "./kernel-runner.ts";
import type { StepLink } from "./links.ts";

/**
 * What a graph of tabular operators is compiled to: steps over columns. A value of n rows and w columns is w registers, so
 * picking, joining and reshaping columns cost nothing; only steps compute.
 */
export interface Program {
  /** The registers that the model's inputs fill, in order. */
  readonly inputs: readonly number[];
  readonly steps: readonly Step[];
  readonly outputs: readonly ProgramOutput[];
  readonly registers: number;
}

export interface ProgramOutput {
  readonly name: string;
  /** The registers of its columns. */
  readonly columns: readonly number[];
}

interface StepBase {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Computes on the host, row by row. `fuse` says what it is where it can join a network's layer. */
export interface HostStep extends StepBase {
  readonly kind: "host";
  readonly run: (columns: readonly Column[], rows: number) => readonly Column[];
  /** Which of the inputs an output is made of; without it, all. */
  readonly dependsOn?: (output: number) => readonly number[];
  readonly fuse?: Fusible;
  /** For each output what it is of the inputs, where that is told. */
  readonly links?: readonly StepLink[];
}

export type Fusible =
  | { readonly kind: "activation"; readonly activation: "logistic" | "relu" | "softmax" | "tanh" }
  /** Adds a number to each column. */
  | { readonly kind: "bias"; readonly bias: Float32Array };

/** Sums of trees: one register for each output of the forest. */
export interface ForestStep extends StepBase {
  readonly kind: "forest";
  readonly forest: Forest;
}

export interface NetworkStep extends StepBase {
  readonly kind: "network";
  readonly network: Network;
}

export type Step = ForestStep | HostStep | NetworkStep;

/** Runs a program over rows that are in memory at once. Registers are let go after their last use. */
export async function runProgram(
  program: Pick<Program, "inputs" | "outputs" | "steps" | "registers">,
  columns: readonly Column[],
  rows: number,
  device: Device,
  kernels: KernelRunner,
): Promise<readonly (readonly Column[])[]> {
  const registers = new Registers(program);
  for (const [index, register] of program.inputs.entries()) registers.set(register, columns[index]);
  for (const step of program.steps) {
    const given = registers.take(step.inputs);
    const made =
      step.kind === "host"
        ? step.run(given, rows)
        : step.kind === "forest"
          ? await kernels.forest(device, step.forest, given.map(float32))
          : await kernels.network(device, step.network, given.map(float32));
    for (const [index, register] of step.outputs.entries()) registers.set(register, made[index]);
  }
  return program.outputs.map((output) => registers.take(output.columns));
}

/** Runs steps that are all host steps, at once. `given` and `wanted` are registers. */
export function runHostSteps(
  steps: readonly Step[],
  size: number,
  given: readonly number[],
  columns: readonly Column[],
  rows: number,
  wanted: readonly number[],
): readonly Column[] {
  const registers = new Registers({ steps, outputs: [{ name: "", columns: wanted }], registers: size });
  for (const [index, register] of given.entries()) registers.set(register, columns[index]);
  for (const step of steps) {
    if (step.kind !== "host") throw new AssayError("internal", `runHostSteps: a ${step.kind} step`);
    const made = step.run(registers.take(step.inputs), rows);
    for (const [index, register] of step.outputs.entries()) registers.set(register, made[index]);
  }
  return registers.take(wanted);
}

class Registers {
  readonly #values: (Column | undefined)[];
  readonly #uses: Uint32Array;

  constructor(program: Pick<Program, "outputs" | "registers" | "steps">) {
    this.#values = new Array<Column | undefined>(program.registers);
    this.#uses = countUses(program);
  }

  set(register: number, column: Column | undefined): void {
    if ((this.#uses[register] ?? 0) > 0) this.#values[register] = column;
  }

  take(registers: readonly number[]): Column[] {
    const columns = registers.map((register) => {
      const column = this.#values[register];
      if (!column) throw new AssayError("internal", `program: register ${register} is empty`);
      return column;
    });
    for (const register of registers) {
      const left = (this.#uses[register] ?? 0) - 1;
      this.#uses[register] = left;
      if (left === 0) this.#values[register] = undefined;
    }
    return columns;
  }
}

/** How often each register is read, by steps and as output. */
export function countUses(program: Pick<Program, "outputs" | "registers" | "steps">): Uint32Array {
  const uses = new Uint32Array(program.registers);
  const count = (register: number) => {
    uses[register] = (uses[register] ?? 0) + 1;
  };
  for (const step of program.steps) for (const register of step.inputs) count(register);
  for (const output of program.outputs) for (const register of output.columns) count(register);
  return uses;
}

function float32(column: Column): Float32Array {
  if (column instanceof Float32Array) return column;
  if (column instanceof Float64Array) return Float32Array.from(column);
  throw new AssayError("internal", "program: a text column where numbers belong");
}
