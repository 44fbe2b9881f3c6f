import type { Forest } from "@assay/compute";
import type { SumOf } from "../model.ts";
import type { ForestStep } from "./program.ts";

/** Several forests as one: its outputs are theirs, one forest's after the other. */
export interface JoinedForest {
  readonly forest: Forest;
  /** Registers of its columns: each that a part reads, once. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Joins forests that are summed or compared after them: one walk over the rows, one forest to explain. */
export function joinForests(steps: readonly ForestStep[]): JoinedForest | null {
  const [first] = steps;
  if (!first) return null;
  if (steps.length === 1) return { forest: first.forest, inputs: first.inputs, outputs: first.outputs };
  const inputs = [...new Set(steps.flatMap((step) => step.inputs))];
  const lists = new ForestLists(steps.map((step) => step.forest));
  let output = 0;
  for (const { forest, inputs: own } of steps) {
    const column = own.map((register) => inputs.indexOf(register));
    const shift = output;
    for (const root of forest.roots) {
      lists.tree(
        forest,
        root,
        (one) => column[one] ?? 0,
        (of) => [{ to: shift + of, weight: 1 }],
      );
    }
    output += forest.outputs;
  }
  const base = Float64Array.from(steps.flatMap((step) => [...step.forest.base]));
  return {
    forest: lists.forest(inputs.length, base),
    inputs,
    outputs: steps.flatMap((step) => step.outputs),
  };
}

/** The forest whose outputs are affine functions of another's sums: what one number of several classes is made of. */
export function forestOf(forest: Forest, sums: readonly SumOf[]): Forest {
  const [first] = sums;
  const isSame = first?.terms.length === 1 && first.terms[0]?.weight === 1 && first.shift === 0;
  if (sums.length === 1 && forest.outputs === 1 && isSame) return forest;
  const votes = Array.from({ length: forest.outputs }, (): { readonly to: number; readonly weight: number }[] => []);
  const base = Float64Array.from(sums, ({ shift }) => shift);
  for (const [to, { terms }] of sums.entries()) {
    for (const { of, weight } of terms) {
      base[to] = (base[to] ?? 0) + weight * (forest.base[of] ?? 0);
      if (weight !== 0) votes[of]?.push({ to, weight });
    }
  }
  const lists = new ForestLists([forest], Math.max(1, ...votes.map((list) => list.length)));
  for (const root of forest.roots) {
    lists.tree(
      forest,
      root,
      (column) => column,
      (of) => votes[of] ?? [],
    );
  }
  return lists.forest(forest.inputs, base);
}

/** Nodes of trees copied one after the other; a tree whose leaves add nothing is left out. */
class ForestLists {
  readonly #column: Int32Array<ArrayBuffer>;
  readonly #threshold: Float32Array<ArrayBuffer>;
  readonly #rule: Uint8Array<ArrayBuffer>;
  readonly #left: Uint32Array<ArrayBuffer>;
  readonly #right: Uint32Array<ArrayBuffer>;
  readonly #cover: Float64Array<ArrayBuffer> | null;
  readonly #leafOutput: Uint32Array<ArrayBuffer>;
  readonly #leafValue: Float64Array<ArrayBuffer>;
  readonly #roots: number[] = [];
  #nodes = 0;
  #votes = 0;

  /** @param votesOfVote How many a leaf's number becomes, at most. */
  constructor(from: readonly Forest[], votesOfVote = 1) {
    const nodes = from.reduce((sum, one) => sum + one.column.length, 0);
    const votes = from.reduce((sum, one) => sum + one.leafValue.length, 0) * votesOfVote;
    this.#column = new Int32Array(nodes);
    this.#threshold = new Float32Array(nodes);
    this.#rule = new Uint8Array(nodes);
    this.#left = new Uint32Array(nodes);
    this.#right = new Uint32Array(nodes);
    this.#cover = from.every((one) => one.cover !== null) ? new Float64Array(nodes) : null;
    this.#leafOutput = new Uint32Array(votes);
    this.#leafValue = new Float64Array(votes);
  }

  /** `votesOf` says what a leaf's number for an output is added to, and how often. */
  tree(
    forest: Forest,
    root: number,
    columnOf: (column: number) => number,
    votesOf: (output: number) => readonly { readonly to: number; readonly weight: number }[],
  ): void {
    const [firstNode, firstVote] = [this.#nodes, this.#votes];
    const waiting: { readonly node: number; readonly link: (place: number) => void }[] = [
      { node: root, link: (place) => this.#roots.push(place) },
    ];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node, link } = next;
      const place = this.#nodes++;
      link(place);
      if (this.#cover) this.#cover[place] = forest.cover?.[node] ?? 0;
      const column = forest.column[node] ?? -1;
      const [left, right] = [forest.left[node] ?? 0, forest.right[node] ?? 0];
      if (column >= 0) {
        this.#column[place] = columnOf(column);
        this.#threshold[place] = forest.threshold[node] ?? 0;
        this.#rule[place] = forest.rule[node] ?? 0;
        const to = (side: Uint32Array) => (child: number) => {
          side[place] = child;
        };
        waiting.push({ node: right, link: to(this.#right) }, { node: left, link: to(this.#left) });
        continue;
      }
      this.#column[place] = -1;
      this.#left[place] = this.#votes;
      for (let entry = left; entry < right; entry++) {
        for (const { to, weight } of votesOf(forest.leafOutput[entry] ?? 0)) {
          this.#leafOutput[this.#votes] = to;
          this.#leafValue[this.#votes++] = weight * (forest.leafValue[entry] ?? 0);
        }
      }
      this.#right[place] = this.#votes;
    }
    if (this.#votes > firstVote) return;
    this.#nodes = firstNode;
    this.#roots.pop();
  }

  forest(inputs: number, base: Float64Array): Forest {
    const nodes = this.#nodes;
    return {
      inputs,
      outputs: base.length,
      base,
      roots: Uint32Array.from(this.#roots),
      column: this.#column.slice(0, nodes),
      threshold: this.#threshold.slice(0, nodes),
      rule: this.#rule.slice(0, nodes),
      left: this.#left.slice(0, nodes),
      right: this.#right.slice(0, nodes),
      leafOutput: this.#leafOutput.slice(0, this.#votes),
      leafValue: this.#leafValue.slice(0, this.#votes),
      cover: this.#cover?.slice(0, nodes) ?? null,
    };
  }
}
