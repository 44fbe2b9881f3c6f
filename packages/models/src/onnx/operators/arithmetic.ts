import { type NumberColumn, numbersOf } from "../../columns.ts";
import { affineOf, type StepLink } from "../../program/links.ts";
import type { GraphNode } from "../graph.ts";
import {
  asNumbers,
  asNumericConstant,
  type Batch,
  type Builder,
  isFloating,
  mapColumns,
  NotCompiled,
  newColumn,
  type Operand,
  type Operator,
  width,
} from "../operand.ts";

type Calculate = (a: number, b: number) => number;

const add: Calculate = (a, b) => a + b;
const subtract: Calculate = (a, b) => a - b;
const multiply: Calculate = (a, b) => a * b;
const divide: Calculate = (a, b) => a / b;

/** One operation on two float32 rounds once, so that computing in float64 and storing float32 gives the same bits. */
function arithmetic(name: string, calculate: Calculate): Operator {
  return {
    domain: "",
    name,
    compile: (node, [a, b], build) => [binary(node, a, b, build, calculate, name === "Add")],
  };
}

export const addOperator = arithmetic("Add", add);
export const divOperator = arithmetic("Div", divide);
export const mulOperator = arithmetic("Mul", multiply);
export const subOperator = arithmetic("Sub", subtract);

export const sumOperator: Operator = {
  domain: "",
  name: "Sum",
  compile: (node, inputs, build) => {
    const [first, ...others] = inputs;
    let sum: Operand | null | undefined = first;
    for (const other of others) sum = binary(node, sum, other, build, add, false);
    if (!sum) throw node.fault("no inputs");
    return [sum];
  },
};

function binary(
  node: GraphNode,
  a: Operand | null | undefined,
  b: Operand | null | undefined,
  build: Builder,
  calculate: Calculate,
  isAdd: boolean,
): Batch {
  if (a?.kind === "constant") {
    const batch = asNumbers(node, b);
    const turned: Calculate = (x, c) => calculate(c, x);
    return withConstant(node, batch, asNumericConstant(node, a), build, turned, isAdd, affineWith(node, true));
  }
  const batch = asNumbers(node, a);
  if (b?.kind === "constant") {
    return withConstant(node, batch, asNumericConstant(node, b), build, calculate, isAdd, affineWith(node, false));
  }
  return withBatch(node, batch, asNumbers(node, b), build, calculate);
}

/** What an operation with a constant c makes of x: weight × x + shift; null for c / x. */
function affineWith(
  { operator }: GraphNode,
  isFirst: boolean,
): ((c: number) => { readonly weight: number; readonly shift: number }) | null {
  switch (operator) {
    case "Add":
    case "Sum":
      return (c) => ({ weight: 1, shift: c });
    case "Sub":
      return isFirst ? (c) => ({ weight: -1, shift: c }) : (c) => ({ weight: 1, shift: -c });
    case "Mul":
      return (c) => ({ weight: c, shift: 0 });
    default:
      return isFirst ? null : (c) => ({ weight: 1 / c, shift: 0 });
  }
}

function withConstant(
  node: GraphNode,
  batch: Batch,
  constant: { readonly dims: readonly number[]; readonly values: ArrayLike<number> },
  build: Builder,
  calculate: Calculate,
  isAdd: boolean,
  affine: ReturnType<typeof affineWith>,
): Batch {
  if (!isFloating(batch.element) && node.operator === "Div") throw new NotCompiled(`${node.place} divides integers`);
  const pick = broadcast(node, batch.dims, constant.dims);
  const numbers = pick.map((index) => constant.values[index] ?? 0);
  return mapColumns(
    build,
    batch,
    batch.element,
    (column, into, index) => {
      const constantOf = numbers[index] ?? 0;
      for (let row = 0; row < column.length; row++) into[row] = calculate(column[row] ?? 0, constantOf);
    },
    {
      fuse: isAdd && batch.element === "float" ? { kind: "bias", bias: Float32Array.from(numbers) } : undefined,
      link:
        affine === null || !isFloating(batch.element)
          ? undefined
          : (index) => {
              const { weight, shift } = affine(numbers[index] ?? 0);
              return affineOf(index, weight, shift);
            },
    },
  );
}

/** For each column the place in a constant of shape `from` that is broadcast over rows. */
export function broadcast(node: GraphNode, dims: readonly number[], from: readonly number[]): number[] {
  const padded = [...new Array<number>(Math.max(0, dims.length + 1 - from.length)).fill(1), ...from];
  const inner = padded.slice(1);
  const fits =
    padded[0] === 1 && inner.length === dims.length && inner.every((dim, axis) => dim === 1 || dim === dims[axis]);
  if (!fits) throw new NotCompiled(`${node.place} joins rows with a constant of shape [${from.join(", ")}]`);
  return Array.from({ length: width(dims) }, (_, column) => {
    let rest = column;
    let place = 0;
    let step = 1;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const dim = dims[axis] ?? 1;
      const own = inner[axis] ?? 1;
      if (own !== 1) place += (rest % dim) * step;
      step *= own;
      rest = Math.floor(rest / dim);
    }
    return place;
  });
}

function withBatch(node: GraphNode, a: Batch, b: Batch, build: Builder, calculate: Calculate): Batch {
  if (a.element !== b.element) throw node.fault(`joins ${a.element} and ${b.element}`);
  if (!isFloating(a.element) && node.operator === "Div") throw new NotCompiled(`${node.place} divides integers`);
  const [pickA, pickB, dims] = broadcastBoth(node, a.dims, b.dims);
  return combine(
    build,
    a.element,
    dims,
    [pickA.map((at) => a.columns[at] ?? 0), pickB.map((at) => b.columns[at] ?? 0)],
    ([x, y], into) => {
      for (let row = 0; row < into.length; row++) into[row] = calculate(x?.[row] ?? 0, y?.[row] ?? 0);
    },
    isFloating(a.element) ? weightsOf(node) : undefined,
  );
}

/** How much of each of two columns comes into their sum or difference. */
function weightsOf({ operator }: GraphNode): readonly number[] | undefined {
  if (operator === "Add" || operator === "Sum") return [1, 1];
  return operator === "Sub" ? [1, -1] : undefined;
}

/** For both batches which column stands in each place of the result; shapes of equal rank only, as rows come first. */
export function broadcastBoth(
  node: GraphNode,
  a: readonly number[],
  b: readonly number[],
): readonly [number[], number[], readonly number[]] {
  if (a.length !== b.length || a.some((dim, axis) => dim !== b[axis] && dim !== 1 && b[axis] !== 1)) {
    throw new NotCompiled(`${node.place} joins rows of shapes [${a.join(", ")}] and [${b.join(", ")}]`);
  }
  const dims = a.map((dim, axis) => Math.max(dim, b[axis] ?? 1));
  return [broadcast(node, dims, [1, ...a]), broadcast(node, dims, [1, ...b]), dims];
}

/** Pushes a step that makes column k from the k-th column of each list; `weights`: their sum, so weighted. */
export function combine(
  build: Builder,
  element: Batch["element"],
  dims: readonly number[],
  lists: readonly (readonly number[])[],
  make: (columns: readonly NumberColumn[], into: NumberColumn) => void,
  weights?: readonly number[],
): Batch {
  const result = build.batch(element, dims);
  const count = result.columns.length;
  build.push({
    kind: "host",
    inputs: lists.flat(),
    outputs: result.columns,
    ...(weights
      ? {
          links: result.columns.map(
            (_, output): StepLink => ({
              kind: "affine",
              terms: weights.map((weight, list) => ({ of: list * count + output, weight })),
              shift: 0,
            }),
          ),
        }
      : {}),
    dependsOn: (output) => lists.map((_, list) => list * count + output),
    run: (columns, rows) =>
      Array.from({ length: count }, (_, index) => {
        const own = lists.map((_, list) => numbersOf(columns[list * count + index]));
        const into = newColumn(
          element,
          rows,
          own.find((column) => column instanceof Float64Array),
        );
        make(own, into);
        return into;
      }),
  });
  return result;
}
