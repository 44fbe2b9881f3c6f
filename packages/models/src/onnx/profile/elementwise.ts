import type { ElementType } from "../proto/model-proto.ts";
import { broadcastShapes, isFloat, type Known, made, NotProfiled, type Rule, type Rules, sizeOf } from "./known.ts";

/*
 * Each element is made of the elements at its place. A function (exp, tanh, erf, a root) counts as one operation, as a sum or
 * a product does; whole numbers count as none.
 */

/** Outputs of the broadcast shape, `each` operations an element. */
function elementwise(
  each: number,
  element: ElementType | null = null,
  fold: ((values: readonly number[]) => number) | null = null,
): Rule {
  return (_, inputs) => {
    const given = inputs.filter((input): input is Known => input !== null);
    const shape = broadcastShapes(
      given.map((input, index) => {
        if (input.shape === null) throw new NotProfiled(`the shape of its input ${index + 1} is not known`);
        return input.shape;
      }),
    );
    const size = sizeOf(shape);
    const floats = given.some((input) => isFloat(input.element));
    return {
      outputs: [made(shape, element ?? given[0]?.element ?? null, fold === null ? null : folded(given, size, fold))],
      operations: floats ? each * size : 0,
    };
  };
}

/** Whole numbers of lists of one length, or of single numbers beside them: how exporters compute shapes. */
function folded(
  inputs: readonly Known[],
  size: number,
  fold: (values: readonly number[]) => number,
): readonly number[] | null {
  const lists = inputs.flatMap(({ ints }) => (ints === null ? [] : [ints]));
  if (lists.length !== inputs.length || lists.some((list) => list.length !== size && list.length !== 1)) return null;
  return Array.from({ length: size }, (_, place) =>
    fold(lists.map((list) => (list.length === 1 ? list[0] : list[place]) ?? 0)),
  );
}

/** As elementwise, of the first input alone: bounds and slopes beside it do not widen it. */
function unary(each: number, element: ElementType | null = null): Rule {
  const rule = elementwise(each, element);
  return (node, inputs) => rule(node, inputs.slice(0, 1));
}

export const elementwiseRules = {
  Abs: unary(1),
  Acos: unary(1),
  Add: elementwise(1, null, ([a = 0, b = 0]) => a + b),
  And: elementwise(0, "bool"),
  Asin: unary(1),
  Atan: unary(1),
  Ceil: unary(1),
  Celu: unary(4),
  // The larger and the smaller of two.
  Clip: unary(2),
  Cos: unary(1),
  Cosh: unary(1),
  Div: elementwise(1, null, ([a = 0, b = 1]) => Math.trunc(a / b)),
  Elu: unary(3),
  Equal: elementwise(1, "bool", ([a, b]) => Number(a === b)),
  Erf: unary(1),
  Exp: unary(1),
  Floor: unary(1),
  // x · Φ(x): two products, a sum, a function, a quotient.
  Gelu: unary(5),
  Greater: elementwise(1, "bool"),
  GreaterOrEqual: elementwise(1, "bool"),
  HardSigmoid: unary(4),
  HardSwish: unary(5),
  IsInf: unary(1, "bool"),
  IsNaN: unary(1, "bool"),
  LeakyRelu: unary(2),
  Less: elementwise(1, "bool"),
  LessOrEqual: elementwise(1, "bool"),
  Log: unary(1),
  Max: elementwise(1),
  Mean: (node, inputs) => elementwise(inputs.length)(node, inputs),
  Min: elementwise(1),
  Mish: unary(4),
  Mod: elementwise(1),
  Mul: elementwise(1, null, ([a = 0, b = 0]) => a * b),
  Neg: unary(1),
  Not: unary(0, "bool"),
  Or: elementwise(0, "bool"),
  PRelu: unary(2),
  Pow: elementwise(1),
  Reciprocal: unary(1),
  Relu: unary(1),
  Round: unary(1),
  Selu: unary(4),
  Sigmoid: unary(1),
  Sign: unary(1),
  Sin: unary(1),
  Sinh: unary(1),
  Softplus: unary(3),
  Softsign: unary(3),
  Sqrt: unary(1),
  Sub: elementwise(1, null, ([a = 0, b = 0]) => a - b),
  Sum: (node, inputs) => elementwise(Math.max(0, inputs.length - 1))(node, inputs),
  Tan: unary(1),
  Tanh: unary(1),
  ThresholdedRelu: unary(1),
  // It takes one or the other: nothing is computed.
  Where: (node, inputs) => {
    const cost = elementwise(0, null, ([chosen = 0, a = 0, b = 0]) => (chosen === 0 ? b : a))(node, inputs);
    const [first] = cost.outputs;
    return { outputs: [made(first?.shape ?? null, inputs[1]?.element ?? null, first?.ints ?? null)] };
  },
  Xor: elementwise(0, "bool"),
} as const satisfies Rules;
