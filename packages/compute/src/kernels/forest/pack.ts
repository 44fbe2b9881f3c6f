import { AssayError } from "@assay/schema";
import type { Forest } from "../../forest.ts";
import { checkForest } from "./check.ts";
import { type AskedColumn, decisionsOf } from "./decisions.ts";
import { addFixed, fixedPointOf } from "./fixed-point.ts";
import { layoutTrees, type TreeLayout } from "./layout.ts";

/** A forest as devices read it. */
export interface PackedForest {
  /**
   * The whole model. A header of 16 words: where trees, nodes, exits, tails, values, ranges, pair values, pair outputs,
   * base values and units begin (bytes from the start; ranges: 0 where every tree adds to one output), and counts; see
   * `headerWords`.
   *
   * trees: u32[trees × 10]: levels, rest, first node, first exit, first record, output, first slot, slots, records, 0.
   * nodes, tails: {i32 threshold, u32} pairs, of nodes the column × `columnUnit`, of records column << linkShift | next.
   * exits: u32. values: i64 for each slot. ranges: u32 first and end pair for each slot. base: i64, units: f64 by output.
   */
  readonly words: Uint32Array;
  readonly columns: readonly AskedColumn[];
  /** For each of `columns` the trees that ask it, ascending. */
  readonly treesOf: readonly Uint32Array[];
  readonly trees: number;
  readonly outputs: number;
  /** For each output what its integers are multiplied by, and the base values as such integers, low word first. */
  readonly units: Float64Array;
  readonly base: Uint32Array;
  /** Slots of all trees, and of the tree that has the most. */
  readonly slots: number;
  readonly mostSlots: number;
  readonly records: number;
  readonly depth: number;
  /** The most decisions that each tree asks of a row, those that fill it in among them. */
  readonly steps: Uint32Array;
}

const headerWords = [
  ...["trees", "treeCount", "nodes", "exits", "tails", "values", "ranges", "pairValues", "pairOutputs"],
  ...["base", "units", "outputs", "columns", "linkShift", "tileShift", "records"],
] as const;

/** Of a tree. */
const treeWords = 10;

/** Rows in a tile: as many as keep the keys of all columns in the first cache, and no more than the kernel knows. */
export function tileShiftOf(columns: number): number {
  if (columns <= 30) return 8;
  if (columns <= 62) return 7;
  return columns <= 126 ? 6 : 5;
}

/**
 * Checks a forest and lays it out.
 * @param unit what a node's column is multiplied by: bytes from column to column of a tile, or 1
 * @throws AssayError model-invalid, with the node; data-too-large beyond what links can number
 */
export function packForest(forest: Forest, unitOf: (tileShift: number) => number): PackedForest {
  const checked = checkForest(forest);
  const decisions = decisionsOf(forest, checked);
  const layouts = layoutTrees(decisions, forest.roots);
  const { exponents } = fixedPointOf(
    forest,
    layouts.map(({ leaves }) => leaves),
  );
  const units = Float64Array.from(exponents, (exponent) => 2 ** -exponent);
  const tileShift = tileShiftOf(decisions.columns.length);
  const linkShift = linkShiftOf(decisions.columns.length, layouts);
  const leaves = packLeaves(forest, layouts, exponents);
  const base = new Uint32Array(2 * forest.outputs);
  for (const [output, value] of forest.base.entries()) addFixed(base, 2 * output, value, exponents[output] ?? 0);
  const { trees, nodes, exits, tails } = packTrees(layouts, leaves.outputOf, unitOf(tileShift), linkShift);

  const sections: Record<string, Uint32Array> = {
    ...{ trees, nodes, exits, tails, base, units: new Uint32Array(units.buffer) },
    ...{ values: leaves.values, ranges: leaves.ranges },
    ...{ pairValues: leaves.pairValues, pairOutputs: leaves.pairOutputs },
  };
  const counts: Record<string, number> = {
    ...{ treeCount: layouts.length, outputs: forest.outputs, columns: decisions.columns.length },
    ...{ linkShift, tileShift, records: tails.length / 2 },
  };
  const words = concatenate(sections, counts);
  return {
    words,
    columns: decisions.columns,
    treesOf: treesOfColumns(layouts, decisions.columns.length),
    trees: layouts.length,
    outputs: forest.outputs,
    units,
    base,
    slots: leaves.slots,
    mostSlots: layouts.reduce((most, { leaves }) => Math.max(most, leaves.length), 0),
    records: tails.length / 2,
    depth: checked.depth,
    steps: Uint32Array.from(layouts, ({ levels, rest }) => levels + rest),
  };
}

function concatenate(sections: Record<string, Uint32Array>, counts: Record<string, number>): Uint32Array {
  let end = headerWords.length;
  const offsets: Record<string, number> = {};
  for (const [name, section] of Object.entries(sections)) {
    offsets[name] = name === "ranges" && section.length === 0 ? 0 : 4 * end;
    end += 16 * Math.ceil(section.length / 16);
  }
  if (4 * end > 2 ** 32 - 1) {
    throw new AssayError(
      "data-too-large",
      `forest: ${4 * end} bytes once laid out, at most 4294967295; use fewer trees`,
    );
  }
  const words = new Uint32Array(end);
  words.set(headerWords.map((word) => offsets[word] ?? counts[word] ?? 0));
  for (const [name, section] of Object.entries(sections)) words.set(section, (offsets[name] ?? 0) / 4);
  return words;
}

/** Columns in the upper bits of a link, records of the largest tail in the lower. */
function linkShiftOf(columns: number, layouts: readonly TreeLayout[]): number {
  const records = layouts.reduce((most, { next }) => Math.max(most, next.length), 0);
  const shift = 32 - Math.ceil(Math.log2(columns + 1));
  if (records > 2 ** shift) {
    throw new AssayError(
      "data-too-large",
      `forest: a tree of ${records} records that asks ${columns} columns; with so many columns at most ${2 ** shift}`,
    );
  }
  return Math.min(shift, 31);
}

function packTrees(layouts: readonly TreeLayout[], outputOf: Int32Array, unit: number, linkShift: number) {
  const total = (count: (layout: TreeLayout) => number) => layouts.reduce((sum, layout) => sum + count(layout), 0);
  const trees = new Uint32Array(treeWords * layouts.length);
  const nodes = new Uint32Array(2 * total((layout) => layout.nodes.column.length));
  const exits = new Uint32Array(total((layout) => layout.exits.length));
  const tails = new Uint32Array(2 * total((layout) => layout.next.length));
  const at = { node: 0, exit: 0, tail: 0, slot: 0 };
  for (const [tree, layout] of layouts.entries()) {
    const { levels, rest, tail, next, leaves } = layout;
    const begins = [at.node, at.exit, at.tail, outputOf[tree] ?? 0, at.slot];
    trees.set([levels, rest, ...begins, leaves.length, next.length], treeWords * tree);
    for (const [index, column] of layout.nodes.column.entries()) {
      nodes[2 * (at.node + index)] = layout.nodes.threshold[index] ?? 0;
      nodes[2 * (at.node + index) + 1] = column * unit;
    }
    for (const [index, record] of next.entries()) {
      tails[2 * (at.tail + index)] = tail.threshold[index] ?? 0;
      tails[2 * (at.tail + index) + 1] = (tail.column[index] ?? 0) * 2 ** linkShift + record;
    }
    exits.set(layout.exits, at.exit);
    at.node += layout.nodes.column.length;
    at.exit += layout.exits.length;
    at.tail += next.length;
    at.slot += leaves.length;
  }
  return { trees, nodes, exits, tails };
}

/** What the slots of all trees add: one value each where every tree adds to one output, else pairs of output and value. */
function packLeaves(forest: Forest, layouts: readonly TreeLayout[], exponents: Int32Array) {
  const { left, right, leafOutput, leafValue } = forest;
  const slots = layouts.reduce((sum, { leaves }) => sum + leaves.length, 0);
  const outputOf = Int32Array.from(layouts, ({ leaves }) => onlyOutput(forest, leaves));
  const scalar = outputOf.every((output) => output >= 0);
  const values = new Uint32Array(scalar ? 2 * slots : 0);
  const ranges = new Uint32Array(scalar ? 0 : 2 * slots);
  const pairs = scalar ? 0 : leafValue.length;
  const pairValues = new Uint32Array(2 * pairs);
  for (let pair = 0; pair < pairs; pair++) {
    addFixed(pairValues, 2 * pair, leafValue[pair] ?? 0, exponents[leafOutput[pair] ?? 0] ?? 0);
  }
  let slot = 0;
  for (const [tree, { leaves }] of layouts.entries()) {
    const exponent = exponents[outputOf[tree] ?? 0] ?? 0;
    for (const leaf of leaves) {
      const [first, end] = [left[leaf] ?? 0, right[leaf] ?? 0];
      if (scalar) {
        for (let pair = first; pair < end; pair++) addFixed(values, 2 * slot, leafValue[pair] ?? 0, exponent);
      } else ranges.set([first, end], 2 * slot);
      slot++;
    }
  }
  return { slots, outputOf, values, ranges, pairValues, pairOutputs: leafOutput.slice(0, pairs) };
}

/** The one output that the leaves add to (0 where they add nothing), or −1. */
function onlyOutput({ left, right, leafOutput }: Forest, leaves: Uint32Array): number {
  let only = -1;
  for (const leaf of leaves) {
    for (let pair = left[leaf] ?? 0; pair < (right[leaf] ?? 0); pair++) {
      const output = leafOutput[pair] ?? 0;
      if (only >= 0 && output !== only) return -1;
      only = output;
    }
  }
  return Math.max(only, 0);
}

function treesOfColumns(layouts: readonly TreeLayout[], columns: number): Uint32Array[] {
  const trees = Array.from({ length: columns }, (): number[] => []);
  for (const [tree, layout] of layouts.entries()) {
    const asked = new Uint8Array(columns + 1);
    for (const column of layout.nodes.column) asked[column] = 1;
    for (const column of layout.tail.column) asked[column] = 1;
    for (let column = 0; column < columns; column++) if (asked[column] === 1) trees[column]?.push(tree);
  }
  return trees.map((list) => Uint32Array.from(list));
}
