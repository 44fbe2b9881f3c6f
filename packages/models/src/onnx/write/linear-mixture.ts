import { type WrittenInput, type WrittenScaler, writeInputs } from "./model-inputs.ts";
import { type NodeSpec, writeOnnx } from "./write-onnx.ts";

/** A classifier that is drawn with a probability: a linear one of two classes, or the same decision for all rows. */
export type MixtureMember = {
  readonly probability: number;
} & (
  | {
      readonly classifier: {
        readonly scaler: WrittenScaler | null;
        /** float64[columns] of the second class, once. */
        readonly coefficients: readonly Float64Array[];
        readonly intercepts: Float64Array;
      };
    }
  | { readonly decision: 0 | 1 }
);

/**
 * A randomised classifier as one model: output `probabilities` [N, 2], the second of which is the chance that a classifier
 * drawn from the mixture decides for the second class, so a weighted count of decisions and no estimate of a label's
 * probability. There is no output of labels, since a label is drawn. Coefficients are written as float32.
 */
export function writeLinearMixture(
  members: readonly MixtureMember[],
  given: readonly WrittenInput[],
): Uint8Array<ArrayBuffer> {
  const { inputs, nodes, tensor, columns } = writeInputs(given);
  const taken = new Set([...given.map(({ name }) => name), ...nodes.flatMap((node) => node.outputs)]);
  const fresh = (name: string): string => {
    let free = name;
    while (taken.has(free)) free = `${free}_`;
    taken.add(free);
    return free;
  };
  const linear = members.flatMap((member) => ("classifier" in member ? [member] : []));
  const count = Math.max(1, linear.length);
  const weights = new Float64Array(columns * count);
  const intercepts = new Float64Array(count);
  for (const [place, { classifier }] of linear.entries()) {
    intercepts[place] = classifier.intercepts[0] ?? 0;
    for (let column = 0; column < columns; column++) {
      const scale = classifier.scaler?.scale[column] ?? 1;
      const coefficient = (classifier.coefficients[0]?.[column] ?? 0) * scale;
      weights[column * count + place] = coefficient;
      intercepts[place] = (intercepts[place] ?? 0) - coefficient * (classifier.scaler?.offset[column] ?? 0);
    }
  }
  const always = members.reduce((sum, one) => sum + ("decision" in one ? one.decision * one.probability : 0), 0);
  const chances = Array.from({ length: count }, (_, place) => linear[place]?.probability ?? 0);
  const names = {
    weights: fresh("member_weights"),
    intercepts: fresh("member_intercepts"),
    zero: fresh("zero"),
    chances: fresh("member_chances"),
    always: fresh("always"),
    scores: fresh("member_scores"),
    accepts: fresh("member_accepts"),
    decisions: fresh("member_decisions"),
    probabilities: fresh("probabilities"),
  };
  const step = (
    operator: string,
    from: readonly string[],
    to: string,
    attributes: NodeSpec["attributes"] = {},
  ): NodeSpec => ({ operator, name: to, inputs: from, outputs: [to], attributes });
  return writeOnnx({
    nodes: [
      ...nodes,
      step("Gemm", [tensor, names.weights, names.intercepts], names.scores),
      step("GreaterOrEqual", [names.scores, names.zero], names.accepts),
      step("Cast", [names.accepts], names.decisions, { to: { int: 1 } }),
      step("Gemm", [names.decisions, names.chances, names.always], names.probabilities),
    ],
    initializers: [
      { name: names.weights, type: "float", dims: [columns, count], values: [...weights] },
      { name: names.intercepts, type: "float", dims: [count], values: [...intercepts] },
      { name: names.zero, type: "float", dims: [1], values: [0] },
      { name: names.chances, type: "float", dims: [count, 2], values: chances.flatMap((chance) => [-chance, chance]) },
      { name: names.always, type: "float", dims: [2], values: [1 - always, always] },
    ],
    inputs,
    outputs: [{ name: names.probabilities, type: "float", dims: ["N", 2] }],
  });
}
