import { byEquality, previousFloat32 } from "@assay/compute";
import { writeTreeEnsemble } from "@assay/models";
import type { Mixture } from "./mixture.ts";

export interface GroupRule {
  /** A text for each column of `by`. */
  readonly values: readonly string[];
  readonly rule: Mixture;
}

export interface RulesModel {
  /** The score's input. */
  readonly score: string;
  /** The columns of the groups, each an input of texts. */
  readonly by: readonly string[];
  readonly rules: readonly GroupRule[];
  /** The rule of all other groups. */
  readonly others: Mixture;
}

/**
 * The rules as an ONNX model of the score and the groups' columns: one decision tree whose `probability` is the chance of a
 * positive decision, so that every audit can be run on the rules as on any model. Scores are compared as float32: a score
 * that rounds to a threshold counts as reaching it.
 */
export function writeRules({ score, by, rules, others }: RulesModel): Uint8Array {
  const levels = by.map((_, column) => [...new Set(rules.map(({ values }) => values[column] ?? ""))].sort());
  const tree = new TreeWriter();
  /** Splits by a column's text, then by the next; a text that is not known, or a missing one, is none of them. */
  const group = (column: number, left: readonly GroupRule[]): number => {
    const known = levels[column];
    if (known === undefined) return scores(left[0]?.rule ?? others);
    const byText = new Map<string, GroupRule[]>();
    for (const one of left) {
      const text = one.values[column] ?? "";
      byText.set(text, [...(byText.get(text) ?? []), one]);
    }
    const codes = [...byText].map(([text, some]) => ({ code: known.indexOf(text), some }));
    codes.sort((a, b) => a.code - b.code);
    const search = (from: number, to: number): number => {
      const [only] = codes.slice(from, to);
      if (!only) return scores(others);
      if (to - from === 1) {
        const node = tree.inner(column + 1, only.code, byEquality);
        return tree.branch(node, group(column + 1, only.some), scores(others));
      }
      const middle = (from + to) >> 1;
      const node = tree.inner(column + 1, codes[middle - 1]?.code ?? 0, 0);
      return tree.branch(node, search(from, middle), search(middle, to));
    };
    return search(0, codes.length);
  };
  /** The chance rises at each threshold, the least first. */
  const scores = (rule: Mixture): number => {
    const steps = [...rule].reverse().filter(({ corner }) => Number.isFinite(corner.threshold));
    let chance = rule.reduce(
      (sum, { corner, probability }) => (corner.threshold === Number.NEGATIVE_INFINITY ? sum + probability : sum),
      0,
    );
    const below = steps.map(({ probability }) => {
      const before = chance;
      chance += probability;
      return before;
    });
    const from = (step: number): number => {
      const one = steps[step];
      if (!one) return tree.leaf(Math.min(1, chance));
      const node = tree.inner(0, previousFloat32(Math.fround(one.corner.threshold)), 0);
      return tree.branch(node, tree.leaf(below[step] ?? 0), from(step + 1));
    };
    return from(0);
  };
  const root = group(0, rules);
  return writeTreeEnsemble({
    inputs: [
      { name: score, kind: "number" },
      ...by.map((name, column) => ({ name, kind: "codes" as const, levels: levels[column] ?? [] })),
    ],
    forest: tree.forest(root, by.length + 1),
    classes: null,
    output: "probability",
  });
}

/** Nodes of one tree. */
class TreeWriter {
  readonly #nodes: { column: number; threshold: number; rule: number; left: number; right: number }[] = [];
  readonly #values: number[] = [];

  /** Ends are given by `branch`. */
  inner(column: number, threshold: number, rule: number): number {
    return this.#nodes.push({ column, threshold, rule, left: 0, right: 0 }) - 1;
  }

  branch(node: number, left: number, right: number): number {
    const held = this.#nodes[node];
    if (held) Object.assign(held, { left, right });
    return node;
  }

  leaf(value: number): number {
    const at = this.#values.push(value) - 1;
    return this.#nodes.push({ column: -1, threshold: 0, rule: 0, left: at, right: at + 1 }) - 1;
  }

  forest(root: number, inputs: number) {
    const nodes = this.#nodes;
    return {
      inputs,
      outputs: 1,
      base: new Float64Array(1),
      roots: Uint32Array.of(root),
      column: Int32Array.from(nodes, (node) => node.column),
      threshold: Float32Array.from(nodes, (node) => node.threshold),
      rule: Uint8Array.from(nodes, (node) => node.rule),
      left: Uint32Array.from(nodes, (node) => node.left),
      right: Uint32Array.from(nodes, (node) => node.right),
      leafOutput: new Uint32Array(this.#values.length),
      leafValue: Float64Array.from(this.#values),
      cover: null,
    };
  }
}
