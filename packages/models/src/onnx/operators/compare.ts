import type { GraphNode } from "../graph.ts";
import {
  asNumbers,
  type Batch,
  type Builder,
  mapColumns,
  NotCompiled,
  type Operand,
  type Operator,
} from "../operand.ts";
import { broadcast, broadcastBoth, combine } from "./arithmetic.ts";

function comparison(name: string, holds: (a: number, b: number) => boolean): Operator {
  return {
    domain: "",
    name,
    compile: (node, [a, b], build) => {
      const x = asNumbers(node, a);
      const dims = dimsOf(node, [x, b]);
      return [
        combine(
          build,
          "bool",
          dims,
          [spread(node, x, dims, build), spread(node, b, dims, build)],
          ([left, right], into) => {
            for (let row = 0; row < into.length; row++) into[row] = holds(left?.[row] ?? 0, right?.[row] ?? 0) ? 1 : 0;
          },
        ),
      ];
    },
  };
}

export const equalOperator = comparison("Equal", (a, b) => a === b);
export const greaterOperator = comparison("Greater", (a, b) => a > b);
export const greaterOrEqualOperator = comparison("GreaterOrEqual", (a, b) => a >= b);
export const lessOperator = comparison("Less", (a, b) => a < b);
export const lessOrEqualOperator = comparison("LessOrEqual", (a, b) => a <= b);

function test(name: string, holds: (x: number) => boolean): Operator {
  return {
    domain: "",
    name,
    compile: (node, [input], build) => [
      mapColumns(build, asNumbers(node, input), "bool", (column, into) => {
        for (let row = 0; row < column.length; row++) into[row] = holds(column[row] ?? 0) ? 1 : 0;
      }),
    ],
  };
}

export const isNanOperator = test("IsNaN", Number.isNaN);
export const notOperator = test("Not", (x) => x === 0);

export const whereOperator: Operator = {
  domain: "",
  name: "Where",
  compile: (node, [condition, a, b], build) => {
    const of = asNumbers(node, condition);
    const dims = dimsOf(node, [of, a, b]);
    const element = [a, b].map((one) =>
      one?.kind === "batch" ? one.element : one?.kind === "constant" ? one.tensor.element : "string",
    );
    const [first, second] = element;
    if (first !== second || !(first === "float" || first === "double" || first === "int64")) {
      throw new NotCompiled(`${node.place} chooses between ${first} and ${second}`);
    }
    return [
      combine(
        build,
        first,
        dims,
        [of, a, b].map((one) => spread(node, one, dims, build)),
        ([which, yes, no], into) => {
          for (let row = 0; row < into.length; row++) into[row] = (which?.[row] === 0 ? no?.[row] : yes?.[row]) ?? 0;
        },
      ),
    ];
  },
};

/** The shape after the rows that all batches are broadcast to. */
function dimsOf(node: GraphNode, operands: readonly (Operand | null | undefined)[]): readonly number[] {
  let dims: readonly number[] | null = null;
  for (const one of operands) {
    if (one?.kind !== "batch") continue;
    dims = dims === null ? one.dims : broadcastBoth(node, dims, one.dims)[2];
  }
  return dims ?? [];
}

/** An operand's column for each place of a shape; a constant becomes columns. */
function spread(
  node: GraphNode,
  operand: Operand | null | undefined,
  dims: readonly number[],
  build: Builder,
): readonly number[] {
  if (operand?.kind === "constant") {
    const { tensor } = operand;
    if (tensor.element === "string") throw new NotCompiled(`${node.place} compares texts`);
    const { element, values } = tensor;
    const known =
      element === "float" || element === "double" || element === "int64" || element === "int32" || element === "bool";
    if (!known) throw new NotCompiled(`${node.place} takes ${element}`);
    const made: Batch = build.batch(element, dims);
    const numbers = broadcast(node, dims, tensor.dims).map((at) => values[at] ?? 0);
    build.push({
      kind: "host",
      inputs: [],
      outputs: made.columns,
      run: (_, rows) =>
        numbers.map((number) => (element === "float" ? new Float32Array(rows) : new Float64Array(rows)).fill(number)),
    });
    return made.columns;
  }
  const batch = asNumbers(node, operand);
  return broadcast(node, dims, [1, ...batch.dims]).map((at) => batch.columns[at] ?? 0);
}
