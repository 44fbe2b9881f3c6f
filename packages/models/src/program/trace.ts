import { countUses, type Program, type Step } from "./program.ts";

/** For each register the input it is made of alone: −1 where it is made of several, or of none. */
export function sourcesOf(program: Pick<Program, "inputs" | "registers" | "steps">): Int32Array {
  const none = -2;
  const source = new Int32Array(program.registers).fill(none);
  for (const [index, register] of program.inputs.entries()) source[register] = index;
  const joined = (registers: readonly number[]): number => {
    let only = none;
    for (const register of registers) {
      const one = source[register] ?? none;
      if (one === none) continue;
      if (only !== none && only !== one) return -1;
      only = one;
    }
    return only;
  };
  for (const step of program.steps) {
    for (const [index, register] of step.outputs.entries()) {
      const of = step.kind === "host" ? step.dependsOn?.(index) : undefined;
      source[register] = joined(of ? of.map((input) => step.inputs[input] ?? 0) : step.inputs);
    }
  }
  return source.map((one) => (one === none ? -1 : one));
}

/** The steps that make the wanted registers, from the given ones or the program's inputs; in order. */
export function stepsFor(steps: readonly Step[], wanted: readonly number[], given: readonly number[]): readonly Step[] {
  const stop = new Set(given);
  const needed = new Set(wanted.filter((register) => !stop.has(register)));
  const kept: Step[] = [];
  for (const step of [...steps].reverse()) {
    if (!step.outputs.some((register) => needed.has(register))) continue;
    kept.push(step);
    for (const register of step.inputs) if (!stop.has(register)) needed.add(register);
  }
  return kept.reverse();
}

/** Joins each network's layer with the bias and activation that alone follow it, and with the next layer. */
export function fuseNetworks(program: Program): Program {
  const uses = countUses(program);
  const outputs = new Set(program.outputs.flatMap((output) => output.columns));
  const steps: Step[] = [];
  const makerOf = new Map<number, number>();
  for (const step of program.steps) {
    const [first] = step.inputs;
    const at = first === undefined ? undefined : makerOf.get(first);
    const before = at === undefined ? undefined : steps[at];
    // A step follows a network alone where it takes exactly the network's outputs, in order, and nobody else does.
    const alone =
      before?.kind === "network" &&
      before.outputs.length === step.inputs.length &&
      before.outputs.every((one, index) => one === step.inputs[index] && uses[one] === 1 && !outputs.has(one));
    const joined = alone ? join(before, step) : null;
    const place = joined && at !== undefined ? at : steps.length;
    steps[place] = joined ?? step;
    for (const register of step.outputs) makerOf.set(register, place);
  }
  // A joined step stands where its first part stood; whoever uses its outputs comes later anyway.
  return { ...program, steps };
}

function join(before: Extract<Step, { kind: "network" }>, step: Step): Step | null {
  const last = before.network.at(-1);
  if (!last || last.activation === "softmax") return null;
  const { inputs } = before;
  if (step.kind === "network") {
    return { kind: "network", inputs, outputs: step.outputs, network: [...before.network, ...step.network] };
  }
  const fuse = step.kind === "host" ? step.fuse : undefined;
  if (!fuse || last.activation !== "identity") return null;
  if (fuse.kind === "bias" && !last.bias.every((value) => value === 0)) return null;
  const layer = fuse.kind === "bias" ? { ...last, bias: fuse.bias } : { ...last, activation: fuse.activation };
  return { kind: "network", inputs, outputs: step.outputs, network: [...before.network.slice(0, -1), layer] };
}
