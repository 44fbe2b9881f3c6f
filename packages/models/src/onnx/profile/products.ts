import type { GraphNode } from "../graph.ts";
import type { ElementType } from "../proto/model-proto.ts";
import { broadcastShapes, type Known, made, NotProfiled, type Rule, type Rules, shapeAt, sizeOf } from "./known.ts";
import { windowed } from "./windows.ts";

/*
 * Products of matrices and convolutions. Multiply-accumulates are those of the definition, also where a zero of the padding is
 * one factor; a bias is a sum for each output.
 */

const gemm: Rule = (node, inputs) => {
  const [a, b] = [shapeAt(inputs, 0), shapeAt(inputs, 1)];
  if (a.length !== 2 || b.length !== 2) throw new NotProfiled(`it multiplies shapes [${a}] and [${b}]`);
  const [rows, inner] = node.int("transA") === 1 ? [a[1] ?? 0, a[0] ?? 0] : [a[0] ?? 0, a[1] ?? 0];
  const [from, columns] = node.int("transB") === 1 ? [b[1] ?? 0, b[0] ?? 0] : [b[0] ?? 0, b[1] ?? 0];
  if (inner !== from) throw new NotProfiled(`it multiplies ${inner} columns by ${from} rows`);
  const size = rows * columns;
  const scaled = (node.float("alpha") ?? 1) !== 1 ? size : 0;
  return {
    outputs: [made([rows, columns], inputs[0]?.element ?? null)],
    multiplyAccumulates: size * inner,
    operations: scaled + (inputs[2] ? size : 0),
  };
};

/** Stacks of matrices, as attention has them, broadcast over the axes before the last two. */
function matMul(element: ElementType | null, at: readonly [number, number] = [0, 1]): Rule {
  return (_, inputs) => {
    const [a, b] = [shapeAt(inputs, at[0]), shapeAt(inputs, at[1])];
    if (a.length === 0 || b.length === 0) throw new NotProfiled("it multiplies single numbers");
    const [left, right] = [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b];
    const [rows = 1, inner = 1] = left.slice(-2);
    const [from = 1, columns = 1] = right.slice(-2);
    if (inner !== from) throw new NotProfiled(`it multiplies ${inner} columns by ${from} rows`);
    const stack = broadcastShapes([left.slice(0, -2), right.slice(0, -2)]);
    const shape = [...stack, ...(a.length === 1 ? [] : [rows]), ...(b.length === 1 ? [] : [columns])];
    return {
      outputs: [made(shape, element ?? inputs[0]?.element ?? null)],
      multiplyAccumulates: sizeOf(stack) * rows * inner * columns,
    };
  };
}

function convolution(element: ElementType | null, weights = 1, bias: number | null = 2): Rule {
  return (node, inputs) => {
    const [from, kernel] = [shapeAt(inputs, 0), shapeAt(inputs, weights)];
    const [rows = 1, channels = 0, ...space] = from;
    const [outputs = 0, own = 0, ...sides] = kernel;
    if (sides.length !== space.length || own * (node.int("group") ?? 1) !== channels) {
      throw new NotProfiled(`it convolves shape [${from}] with [${kernel}]`);
    }
    const shape = [rows, outputs, ...windowed(node, space, sides)];
    return {
      outputs: [made(shape, element ?? inputs[0]?.element ?? null)],
      multiplyAccumulates: sizeOf(shape) * own * sizeOf(sides),
      operations: bias !== null && inputs[bias] ? sizeOf(shape) : 0,
    };
  };
}

const convTranspose: Rule = (node, inputs) => {
  const [from, kernel] = [shapeAt(inputs, 0), shapeAt(inputs, 1)];
  const [rows = 1, channels = 0, ...space] = from;
  const [own = 0, perGroup = 0, ...sides] = kernel;
  if (own !== channels || sides.length !== space.length) {
    throw new NotProfiled(`it convolves shape [${from}] with [${kernel}]`);
  }
  const shape = [rows, perGroup * (node.int("group") ?? 1), ...widened(node, space, sides)];
  return {
    outputs: [made(shape, inputs[0]?.element ?? null)],
    multiplyAccumulates: sizeOf(from) * perGroup * sizeOf(sides),
    operations: inputs[2] ? sizeOf(shape) : 0,
  };
};

function widened(node: GraphNode, space: readonly number[], sides: readonly number[]): readonly number[] {
  const given = node.ints("output_shape");
  if (given.length > 0) return [...given].slice(-space.length);
  const [strides, dilations] = [node.ints("strides"), node.ints("dilations")];
  const [pads, more] = [node.ints("pads"), node.ints("output_padding")];
  const auto = node.text("auto_pad") ?? "NOTSET";
  return space.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    if (auto.startsWith("SAME")) return size * stride;
    const reach = ((sides[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const padded = auto === "VALID" ? 0 : (pads[axis] ?? 0) + (pads[space.length + axis] ?? 0);
    return stride * (size - 1) + (more[axis] ?? 0) + reach - padded;
  });
}

/** Subscripts such as `bhid,bhjd->bhij`: a product for each combination of them. */
const einsum: Rule = (node, inputs) => {
  const equation = (node.text("equation") ?? "").replaceAll(" ", "");
  const [left = "", right] = equation.split("->");
  const terms = left.split(",");
  if (right === undefined || !/^[A-Za-z,]+$/.test(left) || terms.length !== inputs.length || terms.length > 2) {
    throw new NotProfiled(`the equation ${JSON.stringify(equation)}`);
  }
  const dims = new Map<string, number>();
  for (const [index, term] of terms.entries()) {
    const shape = shapeAt(inputs, index);
    if (shape.length !== term.length) throw new NotProfiled(`the equation ${equation} of shape [${shape}]`);
    for (const [axis, letter] of [...term].entries()) dims.set(letter, shape[axis] ?? 1);
  }
  const shape = [...right].map((letter) => dims.get(letter) ?? 1);
  const every = sizeOf([...dims.values()]);
  return {
    outputs: [made(shape, inputs[0]?.element ?? null)],
    ...(terms.length === 2 ? { multiplyAccumulates: every } : { operations: every === sizeOf(shape) ? 0 : every }),
  };
};

/** Gates of a step: products with the input and with the state before, sums of biases, functions, and what joins them. */
function recurrent(gates: number, functions: number, joins: number, cell: boolean): Rule {
  return (node, inputs) => {
    const [x, weights] = [shapeAt(inputs, 0), shapeAt(inputs, 1)];
    const hidden = node.int("hidden_size") ?? (weights[1] ?? 0) / gates;
    const [first = 1, second = 1, width = 0] = x;
    const [rows, steps] = node.int("layout") === 1 ? [first, second] : [second, first];
    const ways = weights[0] ?? 1;
    if (x.length !== 3 || weights.length !== 3 || weights[1] !== gates * hidden || weights[2] !== width) {
      throw new NotProfiled(`its weights of shape [${weights}] do not fit [${x}]`);
    }
    const all = steps * rows * ways * hidden;
    const element = inputs[0]?.element ?? null;
    const rowsFirst = node.int("layout") === 1;
    const last = made(rowsFirst ? [rows, ways, hidden] : [ways, rows, hidden], element);
    return {
      outputs: [
        made(rowsFirst ? [rows, steps, ways, hidden] : [steps, ways, rows, hidden], element),
        last,
        ...(cell ? [last] : []),
      ],
      multiplyAccumulates: all * gates * (width + hidden),
      operations: all * ((inputs[3] ? gates : 0) + functions + joins),
    };
  };
}

/** One layer's products, as ai.onnx.ml writes them: coefficients and intercepts are attributes. */
export function linearCost(node: GraphNode, inputs: readonly (Known | null)[], outputs: number) {
  const from = shapeAt(inputs, 0);
  const rows = from.length > 1 ? (from[0] ?? 1) : 1;
  const width = sizeOf(from) / rows;
  if (node.floats("coefficients").length !== outputs * width) {
    throw new NotProfiled(`${node.floats("coefficients").length} coefficients for ${outputs} × ${width} columns`);
  }
  return {
    rows,
    multiplyAccumulates: rows * outputs * width,
    operations: node.floats("intercepts").length > 0 ? rows * outputs : 0,
  };
}

export const productRules = {
  Conv: convolution(null),
  ConvInteger: convolution("int32", 1, null),
  ConvTranspose: convTranspose,
  Einsum: einsum,
  // Update, reset and hidden: three functions; r·h, and (1 − z)·h̃ + z·h.
  GRU: recurrent(3, 3, 5, false),
  Gemm: gemm,
  // Input, output, forget and cell gates; f·c + i·g, o·tanh(c).
  LSTM: recurrent(4, 5, 4, true),
  MatMul: matMul(null),
  MatMulInteger: matMul("int32"),
  QLinearConv: convolution(null, 3, 8),
  QLinearMatMul: matMul(null, [0, 3]),
  RNN: recurrent(1, 1, 0, false),
} as const satisfies Rules;
