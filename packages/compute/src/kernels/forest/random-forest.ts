import { byEquality, type Forest, missingLeft, previousFloat32 } from "../../forest.ts";
import type { PhiloxStream } from "../../random/philox-stream.ts";

/** What a made-up forest is like. */
export interface RandomForest {
  readonly inputs: number;
  readonly outputs?: number;
  readonly trees: number;
  /** The most decisions between a root and a leaf. */
  readonly depth: number;
  /** Chance that a node above the last level is a leaf. Default 0: complete trees. */
  readonly stop?: number;
  /** Rules that nodes draw from. Default: none but ≤. */
  readonly rules?: readonly number[];
  /** The threshold of a node. Default: uniform between 0 and 1. */
  readonly threshold?: (random: PhiloxStream) => number;
  /** Pairs of output and value a leaf has, at most; "each": one for each output. Default 1, and then exactly 1. */
  readonly pairs?: number | "each";
}

export const allRules = [0, byEquality, missingLeft, byEquality | missingLeft] as const;

/** A made-up forest: columns and thresholds at random. */
export function randomForest(random: PhiloxStream, shape: RandomForest): Forest {
  const { inputs, outputs = 1, trees, depth, stop = 0, rules = [0], pairs = 1 } = shape;
  const threshold = shape.threshold ?? (() => random.uniform());
  const nodes: { column: number; threshold: number; rule: number; left: number; right: number }[] = [];
  const leafOutput: number[] = [];
  const leafValue: number[] = [];
  const grow = (below: number): number => {
    const node = nodes.push({ column: -1, threshold: 0, rule: 0, left: 0, right: 0 }) - 1;
    if (below === 0 || random.uniform() < stop) {
      const left = leafValue.length;
      const count = pairs === "each" ? outputs : pairs === 1 ? 1 : random.integer(pairs + 1);
      for (let pair = 0; pair < count; pair++) {
        leafOutput.push(pairs === "each" ? pair : random.integer(outputs));
        leafValue.push(random.uniform() * 2 - 1);
      }
      nodes[node] = { column: -1, threshold: 0, rule: 0, left, right: leafValue.length };
      return node;
    }
    const decision = {
      column: random.integer(inputs),
      threshold: Math.fround(threshold(random)),
      rule: rules[random.integer(rules.length)] ?? 0,
    };
    nodes[node] = { ...decision, left: grow(below - 1), right: grow(below - 1) };
    return node;
  };
  const roots = Uint32Array.from({ length: trees }, () => grow(depth));
  return {
    inputs,
    outputs,
    base: Float64Array.from({ length: outputs }, () => random.uniform() - 0.5),
    roots,
    column: Int32Array.from(nodes, (node) => node.column),
    threshold: Float32Array.from(nodes, (node) => node.threshold),
    rule: Uint8Array.from(nodes, (node) => node.rule),
    left: Uint32Array.from(nodes, (node) => node.left),
    right: Uint32Array.from(nodes, (node) => node.right),
    leafOutput: Uint32Array.from(leafOutput),
    leafValue: Float64Array.from(leafValue),
    cover: null,
  };
}

/** One tree, a chain: every decision has a leaf on one side, at random, and the next decision on the other. */
export function chainForest(random: PhiloxStream, depth: number, inputs: number): Forest {
  const nodes = 2 * depth + 1;
  const column = new Int32Array(nodes).fill(-1);
  const left = new Uint32Array(nodes);
  const right = new Uint32Array(nodes);
  // Node 2 i decides, 2 i + 1 is its leaf; the last is a leaf too. Thresholds at the ends, so that rows come far.
  const threshold = new Float32Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const leaf = node % 2 === 1 || node === nodes - 1;
    const side = random.integer(2);
    column[node] = leaf ? -1 : random.integer(inputs);
    threshold[node] = (side === 0 ? 0.001 : 0.999) + (random.uniform() - 0.5) / 1000;
    left[node] = leaf ? node >> 1 : node + 1 + side;
    right[node] = leaf ? (node >> 1) + 1 : node + 2 - side;
  }
  // The last leaf's number is depth, that of node 2 i + 1 is i.
  const leafValue = Float64Array.from({ length: depth + 1 }, () => random.uniform() - 0.5);
  return {
    ...{ inputs, outputs: 1, base: new Float64Array(1), roots: Uint32Array.of(0), cover: null },
    ...{ column, threshold, rule: new Uint8Array(nodes), left, right },
    ...{ leafOutput: new Uint32Array(depth + 1), leafValue },
  };
}

/**
 * Trees as a learner makes them: each node splits its share of some rows at a random place between the least and the
 * greatest value in a random column (extremely randomized trees, Geurts, Ernst, Wehenkel 2006.
 * doi:10.1007/s10994-006-6226-1), until `depth` decisions or two rows are left.
 */
export function grownForest(
  random: PhiloxStream,
  columns: readonly Float32Array[],
  { trees, depth }: { readonly trees: number; readonly depth: number },
): Forest {
  const column: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const leafValue: number[] = [];
  const grow = (rows: Uint32Array, below: number): number => {
    const node = column.push(-1) - 1;
    threshold.push(0);
    const asked = random.integer(columns.length);
    const values = columns[asked] ?? new Float32Array(0);
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      least = Math.min(least, values[row] ?? least);
      greatest = Math.max(greatest, values[row] ?? greatest);
    }
    if (below === 0 || rows.length < 3 || least === greatest) {
      left[node] = leafValue.length;
      right[node] = leafValue.push(Math.fround(random.uniform() - 0.5));
      return node;
    }
    const at = Math.fround(least + (greatest - least) * random.uniform());
    column[node] = asked;
    threshold[node] = Math.min(at, previousFloat32(greatest));
    const low = rows.filter((row) => (values[row] ?? 0) <= (threshold[node] ?? 0));
    const high = rows.filter((row) => (values[row] ?? 0) > (threshold[node] ?? 0));
    left[node] = grow(low, below - 1);
    right[node] = grow(high, below - 1);
    return node;
  };
  const all = Uint32Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => row);
  const roots = Uint32Array.from({ length: trees }, () => grow(all, depth));
  return {
    ...{ inputs: columns.length, outputs: 1, base: new Float64Array(1), roots, cover: null },
    ...{ column: Int32Array.from(column), threshold: Float32Array.from(threshold) },
    ...{ rule: new Uint8Array(column.length), left: Uint32Array.from(left), right: Uint32Array.from(right) },
    ...{ leafOutput: new Uint32Array(leafValue.length), leafValue: Float64Array.from(leafValue) },
  };
}
