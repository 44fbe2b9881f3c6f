import type { LayerProfile, ModelProfile } from "../../profile.ts";
import { peakBytes, type WorkStep } from "../peak-bytes.ts";
import type { TensorInput } from "../tensor-input.ts";
import { type Weights, widthOf } from "../weights.ts";
import { nodeCost } from "./node-cost.ts";
import { neededNodes } from "./open-graph.ts";
import type { Graph } from "./read-graph.ts";

/** Bytes of a number: TensorFlow.js computes in float32. */
const width = 4;

/** Shapes of the nodes' first outputs, for so many rows. */
export interface Shapes {
  readonly rows: number;
  readonly of: ReadonlyMap<string, readonly number[]>;
}

/** What a row costs, node by node. */
export function profileGraph(
  graph: Graph,
  inputs: readonly TensorInput[],
  weights: Weights,
  shapes: Shapes | null,
): ModelProfile {
  const rows = shapes?.rows ?? 1;
  const known = new Map<string, readonly number[]>(shapes?.of ?? []);
  const given = new Map<string, number>();
  for (const [index, { node }] of graph.inputs.entries()) {
    const { dims = [], dtype = "float32" } = inputs[index] ?? {};
    known.set(node, [rows, ...dims]);
    // Texts are not counted.
    given.set(node, dtype === "string" ? 0 : sizeOf(dims) * width);
  }
  const steps: WorkStep[] = [];
  const read = new Set<string>();
  const layers = neededNodes(graph).flatMap((node): LayerProfile[] => {
    if (node.operator === "Const" || given.has(node.name)) return [];
    const shapeOf = ({ node: name, output }: { node: string; output: number }) =>
      output > 0 ? null : (known.get(name) ?? weights.byName.get(name)?.spec.shape ?? null);
    const output = known.get(node.name) ?? null;
    const taken = node.inputs.map(shapeOf);
    const { multiplyAccumulates, operations, sameBytes, unknown } = nodeCost(node, taken, output);
    const own = node.inputs.flatMap(({ node: name }) => {
      const weight = weights.byName.get(name);
      if (!weight || read.has(name) || graph.byName.get(name)?.operator !== "Const") return [];
      read.add(name);
      return [weight];
    });
    const values = node.inputs.filter(({ node: name }) => graph.byName.get(name)?.operator !== "Const");
    const made = output === null ? null : (sizeOf(output) * width) / rows;
    const bytes = values.map((value) => {
      const shape = shapeOf(value);
      return shape === null ? null : (sizeOf(shape) * width) / rows;
    });
    const [first] = values;
    steps.push({
      reads: values.map((value) => value.node),
      makes: node.name,
      bytes: made,
      ...(sameBytes && first ? { holds: first.node } : {}),
    });
    return [
      {
        name: node.name,
        operator: node.operator,
        shape: output,
        parameters: own.reduce((sum, weight) => sum + weight.elements, 0),
        weightBytes: own.reduce((sum, { spec, elements }) => sum + elements * widthOf(spec), 0),
        multiplyAccumulates: multiplyAccumulates === null ? null : multiplyAccumulates / rows,
        operations:
          operations === null || multiplyAccumulates === null ? null : (2 * multiplyAccumulates + operations) / rows,
        comparisons: null,
        inputBytes: bytes.every((one) => one !== null) ? bytes.reduce((sum, one) => sum + one, 0) : null,
        activationBytes: sameBytes ? 0 : made,
        unknown,
      },
    ];
  });
  return {
    layers,
    peakActivationBytes: peakBytes(
      given,
      steps,
      graph.outputs.map(({ node }) => node),
    ),
    inputBytes: [...given.values()].reduce((sum, bytes) => sum + bytes, 0),
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
