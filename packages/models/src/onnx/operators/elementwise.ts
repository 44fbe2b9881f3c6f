import { exp } from "@assay/compute";
import { affineOf, type StepLink } from "../../program/links.ts";
import type { Fusible } from "../../program/program.ts";
import { asNumbers, isFloating, mapColumns, NotCompiled, type Operator } from "../operand.ts";
import { logistic } from "../post-transform.ts";

function elementwise(
  name: string,
  calculate: (x: number) => number,
  { fuse, link }: { readonly fuse?: Fusible; readonly link?: (index: number) => StepLink } = {},
): Operator {
  return {
    domain: "",
    name,
    compile: (node, [input], build) => {
      const batch = asNumbers(node, input);
      if (!isFloating(batch.element)) throw new NotCompiled(`${node.place} takes ${batch.element}`);
      return [
        mapColumns(
          build,
          batch,
          batch.element,
          (column, into) => {
            for (let row = 0; row < column.length; row++) into[row] = calculate(column[row] ?? 0);
          },
          { fuse: batch.element === "float" ? fuse : undefined, link },
        ),
      ];
    },
  };
}

/** tanh(x) = 1 − 2 / (1 + exp(2x)), and x itself where that would lose its digits. */
function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-4) return x - (x * x * x) / 3;
  const value = 1 - 2 / (1 + exp(2 * size));
  return x < 0 ? -value : value;
}

export const absOperator = elementwise("Abs", Math.abs);
export const expOperator = elementwise("Exp", exp);
export const negOperator = elementwise("Neg", (x) => -x, { link: (index) => affineOf(index, -1, 0) });
export const reluOperator = elementwise("Relu", (x) => Math.max(x, 0), {
  fuse: { kind: "activation", activation: "relu" },
});
export const sigmoidOperator = elementwise("Sigmoid", logistic, {
  fuse: { kind: "activation", activation: "logistic" },
  link: (index) => ({ kind: "logistic", of: { terms: [{ of: index, weight: 1 }], shift: 0 } }),
});
export const sqrtOperator = elementwise("Sqrt", Math.sqrt);
export const tanhOperator = elementwise("Tanh", tanh, { fuse: { kind: "activation", activation: "tanh" } });
