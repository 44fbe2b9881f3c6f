import type { Network } from "@assay/compute";
import { traceLinks } from "./links.ts";
import type { Program } from "./program.ts";
import { stepsFor } from "./trace.ts";
import { kernelsOf } from "./views.ts";

/** How a network hangs on a model's inputs and its output on the network, where both are told as sums. */
export interface NetworkSlopes {
  readonly network: Network;
  /** For each of the network's columns the model's input that it is made of, and its derivative by it. */
  readonly inputs: readonly { readonly of: number; readonly slope: number }[];
  /** For each column of the model's output the network's, and the derivative by it. */
  readonly outputs: readonly { readonly of: number; readonly slope: number }[];
}

/** Null where an output is no network's, or what stands before or after it is more than a product and a sum of one number. */
export function networkSlopes(program: Program, output: number): NetworkSlopes | null {
  const found = kernelsOf(program, output);
  const [step, other] = found?.kernels ?? [];
  if (!found || step?.kind !== "network" || other) return null;
  const known = new Map<number, { of: number; slope: number }>(
    program.inputs.map((register, of) => [register, { of, slope: 1 }]),
  );
  for (const one of stepsFor(program.steps, step.inputs, program.inputs)) {
    if (one.kind !== "host") continue;
    for (const [index, register] of one.outputs.entries()) {
      const link = one.links?.[index];
      const [term, more] = link?.kind === "affine" ? link.terms : [];
      const from = term && known.get(one.inputs[term.of] ?? -1);
      if (from && !more) known.set(register, { of: from.of, slope: from.slope * term.weight });
    }
  }
  const inputs = step.inputs.map((register) => known.get(register));
  const linkOf = traceLinks(stepsFor(program.steps, found.columns, step.outputs), step.outputs);
  const outputs = found.columns.map((register) => {
    const link = linkOf(register);
    const [term, more] = link?.link === "identity" ? (link.sums[link.place]?.terms ?? []) : [];
    return term && !more ? { of: term.of, slope: term.weight } : undefined;
  });
  const isKnown = <T>(one: T | undefined): one is T => one !== undefined;
  return inputs.every(isKnown) && outputs.every(isKnown) ? { network: step.network, inputs, outputs } : null;
}
