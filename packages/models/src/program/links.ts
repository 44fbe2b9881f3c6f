import type { ColumnLink, SumOf } from "../model.ts";
import type { Step } from "./program.ts";

/** What one output of a step is of the step's inputs; `of` and `place` are places among them. */
export type StepLink =
  | ({ readonly kind: "affine" } & SumOf)
  | { readonly kind: "logistic"; readonly of: SumOf }
  /** The input's part in the softmax of all inputs. */
  | { readonly kind: "softmax"; readonly place: number }
  /** The input's part in the sum of all inputs, none negative. */
  | { readonly kind: "share"; readonly place: number };

/** An output that is weight × one input + shift. */
export function affineOf(of: number, weight: number, shift: number): StepLink {
  return { kind: "affine", terms: [{ of, weight }], shift };
}

/**
 * What registers are of the sums of a forest, as far as the steps after it tell: for each of `sums` (registers of the
 * forest's outputs, in order) itself, and for what follows what is made of them. Null where nothing simple is.
 */
export function traceLinks(after: readonly Step[], sums: readonly number[]): (register: number) => ColumnLink | null {
  const known = new Map<number, ColumnLink | null>(
    sums.map((register, of) => [
      register,
      { link: "identity", sums: [{ terms: [{ of, weight: 1 }], shift: 0 }], place: 0 },
    ]),
  );
  for (const step of after) {
    if (step.kind !== "host" || step.links === undefined) continue;
    const given = step.inputs.map((register) => known.get(register) ?? null);
    for (const [index, register] of step.outputs.entries()) {
      const link = step.links[index];
      known.set(register, link ? follow(link, given) : null);
    }
  }
  return (register) => known.get(register) ?? null;
}

function follow(step: StepLink, given: readonly (ColumnLink | null)[]): ColumnLink | null {
  switch (step.kind) {
    case "affine":
      return affine(step, given);
    case "logistic": {
      const inner = affine(step.of, given);
      return inner?.link === "identity" ? { ...inner, link: "logistic" } : null;
    }
    case "softmax": {
      const sums = sumsOf(given, "identity");
      return sums && softmax(sums, step.place);
    }
    case "share": {
      const sums = sumsOf(given, "logistic");
      return sums && { link: "logistic-share", sums, place: step.place };
    }
  }
}

function sumsOf(given: readonly (ColumnLink | null)[], link: ColumnLink["link"]): readonly SumOf[] | null {
  const sums = given.flatMap((one) => (one?.link === link ? one.sums : []));
  return sums.length === given.length ? sums : null;
}

/** Of two scores the softmax is the logistic function of their difference: one sum. */
function softmax(sums: readonly SumOf[], place: number): ColumnLink {
  const [own, other] = [sums[place], sums[1 - place]];
  return sums.length === 2 && own && other
    ? { link: "logistic", sums: [join([own, other], [1, -1], 0)], place: 0 }
    : { link: "softmax", sums, place };
}

function affine({ terms, shift }: SumOf, given: readonly (ColumnLink | null)[]): ColumnLink | null {
  const parts = terms.map(({ of }) => given[of] ?? null);
  const [only] = parts;
  if (parts.length === 1 && only && shift === 0 && terms[0]?.weight === 1) return only;
  const [sum] = only?.sums ?? [];
  // 1 − σ(s) = σ(−s).
  if (parts.length === 1 && only?.link === "logistic" && sum && shift === 1 && terms[0]?.weight === -1) {
    return { link: "logistic", sums: [join([sum], [-1], 0)], place: 0 };
  }
  const sums = sumsOf(parts, "identity");
  if (sums === null) return null;
  return {
    link: "identity",
    sums: [
      join(
        sums,
        terms.map(({ weight }) => weight),
        shift,
      ),
    ],
    place: 0,
  };
}

/** shift + Σ weight × sum, with each of the forest's sums told once. */
function join(sums: readonly SumOf[], weights: readonly number[], shift: number): SumOf {
  const found = new Map<number, number>();
  let whole = shift;
  for (const [index, { terms, shift: own }] of sums.entries()) {
    const times = weights[index] ?? 0;
    whole += times * own;
    for (const { of, weight } of terms) found.set(of, (found.get(of) ?? 0) + times * weight);
  }
  return {
    terms: [...found].sort(([a], [b]) => a - b).map(([of, weight]) => ({ of, weight })),
    shift: whole,
  };
}
