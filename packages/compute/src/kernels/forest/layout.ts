import type { Decisions } from "./decisions.ts";
import { missingKey } from "./key.ts";

/**
 * A tree as devices walk it: complete levels without links (missing nodes are filled in and never exceeded), and below
 * them, where the tree is deeper, a tail of linked records.
 */
export interface TreeLayout {
  readonly levels: number;
  /** Column and threshold of each of the levels' 2^levels − 1 nodes, level by level from the low side. */
  readonly nodes: Columned;
  /** Where each of the 2^levels places below the levels leads: a record of the tail. Empty without a tail. */
  readonly exits: Uint32Array;
  /** Records in an order in which links lead forward. A leaf's column is never exceeded, its threshold is its slot. */
  readonly tail: Columned;
  /** For each record that of its low side, which that of its high side follows; a leaf's is itself. */
  readonly next: Uint32Array;
  /** The most decisions in the tail; 0 where every place below the levels is a leaf. */
  readonly rest: number;
  /** For each slot its leaf, a node of the forest. Without a tail a slot is a place below the levels. */
  readonly leaves: Uint32Array;
}

export interface Columned {
  /** Index of the decisions' columns; their number stands for a column that no threshold is exceeded in. */
  readonly column: Int32Array;
  readonly threshold: Int32Array;
}

/** Complete levels at most: where they are the whole tree, and where a tail follows. */
const mostLevels = 12;
const mostLevelsAbove = 8;
/** Nodes of the tree among those of its complete levels, at least. */
const leastShare = 0.25;
const leastShareAbove = 0.35;

/** Lays out every tree of a forest. */
export function layoutTrees(decisions: Decisions, roots: Uint32Array): TreeLayout[] {
  const placed = new Uint32Array(decisions.column.length);
  const heights = new Uint32Array(decisions.column.length);
  return Array.from(roots, (root) => {
    const rows = completeRows(decisions, root);
    const places = rows[rows.length - 1] ?? new Uint32Array(0);
    const nodes = completeLevels(decisions, rows.slice(0, -1));
    const whole = places.every((node) => isLeaf(decisions, node));
    const levels = rows.length - 1;
    if (!whole) return { levels, nodes, ...layoutTail(decisions, places, placed, heights) };
    return { levels, nodes, exits: empty, tail: noNodes, next: empty, rest: 0, leaves: places };
  });
}

/** The nodes of the complete levels, row by row, and last the row below them; a leaf stands for all that it fills. */
function completeRows(decisions: Decisions, root: number): Uint32Array[] {
  const rows: Uint32Array[] = [Uint32Array.of(root)];
  let own = 0;
  let above = 0;
  for (let level = 0; ; level++) {
    const row = rows[level] ?? empty;
    let inner = 0;
    for (const node of row) if (!isLeaf(decisions, node)) inner++;
    if (inner === 0 && own >= leastShare * (2 ** level - 1)) return rows;
    own += inner;
    const share = own / (2 ** (level + 1) - 1);
    if (level < mostLevelsAbove && share >= leastShareAbove) above = level + 1;
    if (level === mostLevels || share < leastShare) return rows.slice(0, above + 1);
    rows.push(rowBelow(decisions, row));
  }
}

function rowBelow(decisions: Decisions, row: Uint32Array): Uint32Array {
  const below = new Uint32Array(2 * row.length);
  for (const [place, node] of row.entries()) {
    const leaf = isLeaf(decisions, node);
    below[2 * place] = leaf ? node : (decisions.low[node] ?? 0);
    below[2 * place + 1] = leaf ? node : (decisions.high[node] ?? 0);
  }
  return below;
}

function completeLevels(decisions: Decisions, rows: readonly Uint32Array[]): Columned {
  const size = 2 ** rows.length - 1;
  const column = new Int32Array(size).fill(decisions.columns.length);
  const threshold = new Int32Array(size).fill(missingKey);
  let at = 0;
  for (const row of rows) {
    for (const node of row) {
      if (!isLeaf(decisions, node)) {
        column[at] = decisions.column[node] ?? 0;
        threshold[at] = decisions.threshold[node] ?? 0;
      }
      at++;
    }
  }
  return { column, threshold };
}

/** @param placed zeros; of an inner node it becomes its pair of records, of a leaf 1 + its slot */
function layoutTail(decisions: Decisions, places: Uint32Array, placed: Uint32Array, heights: Uint32Array) {
  const order = parentsFirst(decisions, places, placed, heights);
  const entries = [...new Set(places)];
  const entryOf = new Map(entries.map((node, entry) => [node, entry]));
  const records = entries.length + 2 * order.length;
  const column = new Int32Array(records).fill(decisions.columns.length);
  const threshold = new Int32Array(records);
  const next = new Uint32Array(records);
  const leaves: number[] = [];
  for (const [index, node] of order.entries()) placed[node] = entries.length + 2 * index;
  const place = (record: number, node: number) => {
    if (isLeaf(decisions, node)) {
      placed[node] ||= leaves.push(node);
      threshold[record] = (placed[node] ?? 1) - 1;
      next[record] = record;
    } else {
      column[record] = decisions.column[node] ?? 0;
      threshold[record] = decisions.threshold[node] ?? 0;
      next[record] = placed[node] ?? 0;
    }
  };
  for (const [record, node] of entries.entries()) place(record, node);
  for (const node of order) {
    const pair = placed[node] ?? 0;
    place(pair, decisions.low[node] ?? 0);
    place(pair + 1, decisions.high[node] ?? 0);
  }
  return {
    exits: Uint32Array.from(places, (node) => entryOf.get(node) ?? 0),
    tail: { column, threshold },
    next,
    rest: entries.reduce((most, node) => Math.max(most, heights[node] ?? 0), 0),
    leaves: Uint32Array.from(leaves),
  };
}

/** The inner nodes from `places` on, each before all below it; heights: the most decisions from a node on. */
function parentsFirst(decisions: Decisions, places: Uint32Array, seen: Uint32Array, heights: Uint32Array): number[] {
  const { low, high } = decisions;
  const order: number[] = [];
  const open = [...new Set(places)].filter((node) => !isLeaf(decisions, node)).reverse();
  while (open.length > 0) {
    const node = open[open.length - 1] ?? 0;
    const below = [low[node] ?? 0, high[node] ?? 0] as const;
    if (seen[node] === 0) {
      seen[node] = 1;
      for (const child of below) if (seen[child] === 0 && !isLeaf(decisions, child)) open.push(child);
      continue;
    }
    open.pop();
    if (seen[node] === 2) continue;
    seen[node] = 2;
    heights[node] = 1 + Math.max(heights[below[0]] ?? 0, heights[below[1]] ?? 0);
    order.push(node);
  }
  return order.reverse();
}

function isLeaf({ column }: Decisions, node: number): boolean {
  return (column[node] ?? -1) < 0;
}

const empty = new Uint32Array(0);
const noNodes: Columned = { column: new Int32Array(0), threshold: new Int32Array(0) };
