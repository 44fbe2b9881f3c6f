import { activationOperations } from "../activation-operations.ts";
import { fusedOperators } from "./output-meaning.ts";
import type { GraphNode } from "./read-graph.ts";

/** What a node does for the batch. A number that is not known is null, and `unknown` says why. */
export interface NodeCost {
  readonly multiplyAccumulates: number | null;
  /** Beside two of each multiply-accumulate. */
  readonly operations: number | null;
  readonly sameBytes: boolean;
  readonly unknown: string | null;
}

type Shape = readonly number[];
type Rule = (node: GraphNode, inputs: readonly (Shape | null)[], output: Shape) => NodeCost;

/** The cost of a node of which the shapes are known. */
export function nodeCost(node: GraphNode, inputs: readonly (Shape | null)[], output: Shape | null): NodeCost {
  if (output === null) return unknown("its shape is not known");
  const rule = Object.hasOwn(rules, node.operator) ? rules[node.operator] : undefined;
  return rule ? rule(node, inputs, output) : unknown(`the operations of ${node.operator} are not counted`);
}

function unknown(why: string): NodeCost {
  return { multiplyAccumulates: null, operations: null, sameBytes: false, unknown: why };
}

const size = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);
const counted = (operations: number): NodeCost => ({
  multiplyAccumulates: 0,
  operations,
  sameBytes: false,
  unknown: null,
});

const copied: Rule = () => counted(0);
const same: Rule = () => ({ ...counted(0), sameBytes: true });
const each =
  (count: number): Rule =>
  (_, __, output) =>
    counted(count * size(output));
const overInput: Rule = (_, [input], __) =>
  input ? counted(size(input)) : unknown("the shape of its input is not known");
const activation =
  (name: string): Rule =>
  (_, __, output) => {
    const operations = activationOperations(name, output);
    return operations === null ? unknown(`the operations of ${name} are not counted`) : counted(operations);
  };

/** Products, then what the converter fused after them. */
function products(macs: (node: GraphNode, inputs: readonly Shape[], output: Shape) => number): Rule {
  return (node, inputs, output) => {
    const known = inputs.filter((input) => input !== null);
    if (known.length !== inputs.length) return unknown("the shape of its input is not known");
    let operations = 0;
    for (const name of fusedOperators(node)) {
      if (name === "FusedBatchNorm" || name === "FusedBatchNormV3") operations += 2 * size(output);
      else if (name === "BiasAdd") operations += size(output);
      else {
        const more = activationOperations(name, output);
        if (more === null)
          return {
            ...unknown(`the operations of ${name} are not counted`),
            multiplyAccumulates: macs(node, known, output),
          };
        operations += more;
      }
    }
    return { ...counted(operations), multiplyAccumulates: macs(node, known, output) };
  };
}

function flag({ attributes }: GraphNode, name: string): boolean {
  const own = attributes[name];
  return typeof own === "object" && own !== null && "b" in own && own.b === true;
}

function list({ attributes }: GraphNode, name: string): readonly number[] {
  const own = attributes[name];
  const inner = typeof own === "object" && own !== null && "list" in own ? own.list : null;
  const values = typeof inner === "object" && inner !== null && "i" in inner ? inner.i : null;
  return Array.isArray(values) ? values.map(Number) : [];
}

const matMul =
  (transposed: string): ((node: GraphNode, inputs: readonly Shape[], output: Shape) => number) =>
  (node, [a = []], output) =>
    size(output) * (a.at(flag(node, transposed) ? -2 : -1) ?? 0);
/** A kernel's outputs stand last. */
const convolution = (_: GraphNode, [, kernel = []]: readonly Shape[], output: Shape): number =>
  (size(output) * size(kernel)) / (kernel.at(-1) || 1);
const depthwise = (_: GraphNode, [, kernel = []]: readonly Shape[], output: Shape): number =>
  size(output) * size(kernel.slice(0, 2));
const pool: Rule = (node, _, output) => counted(size(output) * size(list(node, "ksize")));

const rules: Readonly<Record<string, Rule>> = {
  Abs: each(1),
  Add: each(1),
  AddN: (_, inputs, output) => counted((inputs.length - 1) * size(output)),
  AddV2: each(1),
  ArgMax: overInput,
  ArgMin: overInput,
  AvgPool: pool,
  BatchMatMul: products(matMul("adj_x")),
  BatchMatMulV2: products(matMul("adj_x")),
  BiasAdd: each(1),
  Cast: copied,
  ClipByValue: each(2),
  Concat: copied,
  ConcatV2: copied,
  Conv1D: products(convolution),
  Conv2D: products(convolution),
  Conv3D: products(convolution),
  DepthwiseConv2d: products(depthwise),
  DepthwiseConv2dNative: products(depthwise),
  Div: each(1),
  Elu: activation("elu"),
  Erf: each(1),
  Exp: each(1),
  ExpandDims: same,
  Fill: copied,
  FusedBatchNorm: each(2),
  FusedBatchNormV2: each(2),
  FusedBatchNormV3: each(2),
  FusedDepthwiseConv2dNative: products(depthwise),
  Gather: copied,
  GatherV2: copied,
  Identity: same,
  LeakyRelu: activation("leakyRelu"),
  Log: each(1),
  LogSoftmax: activation("logSoftmax"),
  MatMul: products(matMul("transpose_a")),
  Max: overInput,
  MaxPool: pool,
  Maximum: each(1),
  Mean: overInput,
  Min: overInput,
  Minimum: each(1),
  MirrorPad: copied,
  Mul: each(1),
  Neg: each(1),
  Pack: copied,
  Pad: copied,
  PadV2: copied,
  Pow: each(1),
  Prelu: activation("prelu"),
  Prod: overInput,
  RealDiv: each(1),
  Relu: activation("relu"),
  Relu6: activation("relu6"),
  Reshape: same,
  Rsqrt: each(1),
  Selu: activation("selu"),
  Sigmoid: activation("sigmoid"),
  Slice: copied,
  Softmax: activation("softmax"),
  Softplus: activation("softplus"),
  Sqrt: each(1),
  Square: each(1),
  SquaredDifference: each(2),
  Squeeze: same,
  StridedSlice: copied,
  Sub: each(1),
  Sum: overInput,
  Tanh: activation("tanh"),
  Tile: copied,
  Transpose: copied,
  _FusedConv2D: products(convolution),
  _FusedMatMul: products(matMul("transpose_a")),
};
