/** A decision tree over bins, root first; children stand after their parents. */
export type TreeNode = {
  readonly id: number;
  readonly parent: number | null;
  readonly depth: number;
  /** Bins of `feature` that go to the first child; all others go to the second. Null for a leaf. */
  readonly split: {
    readonly feature: number;
    readonly left: readonly number[];
    readonly children: readonly [number, number];
  } | null;
  /** Rows: to grow on (no, yes), held out (no, yes). */
  readonly counts: readonly [number, number, number, number];
};

/** Rows of one feature's bins: bin × (no, yes) × (to grow on, held out), row-major. */
export type BinCounts = Float64Array;

export interface GrowOptions {
  readonly depth: number;
  readonly minLeaf: number;
}

/**
 * A split must stand four standard errors out (χ² of the 2 × 2 table of side and decision at least 16, p below 1e-4), so
 * that the best of hundreds of candidates is more than chance. The test uses no logarithm: every host grows the same tree.
 */
const leastChiSquare = 16;

/** Nodes that may still be split: those of the deepest level, if the tree may go deeper. */
export function frontier(tree: readonly TreeNode[], depth: number): TreeNode[] {
  const deepest = Math.max(0, ...tree.map((node) => node.depth));
  if (deepest >= depth) return [];
  return tree.filter((node) => node.depth === deepest && node.split === null);
}

/** The tree before any row is known. */
export const seedling: readonly TreeNode[] = [{ id: 0, parent: null, depth: 0, split: null, counts: [0, 0, 0, 0] }];

/**
 * Splits every node of the frontier where a split is worth it. `tables[f][k]` are feature f's bins in frontier node k;
 * `ordered[f]` says whether its bins stand in order (numbers).
 */
export function growLevel(
  tree: readonly TreeNode[],
  tables: readonly (readonly BinCounts[])[],
  ordered: readonly boolean[],
  options: GrowOptions,
): TreeNode[] {
  const edge = frontier(tree, options.depth);
  const grown: TreeNode[] = tree.map((node) =>
    node.id === 0 && node.split === null && tables.length > 0 ? { ...node, counts: totals(tables[0]?.[0]) } : node,
  );
  for (const [k, { id, depth }] of edge.entries()) {
    let best: Candidate | null = null;
    for (const [feature, nodes] of tables.entries()) {
      const table = nodes[k];
      if (!table) continue;
      const found = bestSplit(table, ordered[feature] === true, options.minLeaf);
      if (found && found.chiSquare > (best?.chiSquare ?? leastChiSquare - 1e-9)) best = { ...found, feature };
    }
    if (!best) continue;
    const table = tables[best.feature]?.[k];
    const node = grown[id];
    if (!table || !node) continue;
    const first = grown.length;
    const isLeft = new Set(best.left);
    grown[id] = { ...node, split: { feature: best.feature, left: best.left, children: [first, first + 1] } };
    for (const side of [0, 1] as const) {
      const counts = totals(table, (bin) => isLeft.has(bin) === (side === 0));
      grown.push({ id: first + side, parent: id, depth: depth + 1, split: null, counts });
    }
  }
  return grown;
}

interface Candidate {
  readonly feature: number;
  readonly left: readonly number[];
  readonly chiSquare: number;
}

function totals(table: BinCounts | undefined, include: (bin: number) => boolean = () => true): TreeNode["counts"] {
  const [sums, bins] = [[0, 0, 0, 0] as [number, number, number, number], (table?.length ?? 0) / 4];
  for (let bin = 0; bin < bins; bin++) {
    if (!include(bin)) continue;
    const at = bin * 4;
    // Cells run no/grow, no/out, yes/grow, yes/out.
    sums[0] += table?.[at] ?? 0;
    sums[1] += table?.[at + 2] ?? 0;
    sums[2] += table?.[at + 1] ?? 0;
    sums[3] += table?.[at + 3] ?? 0;
  }
  return sums;
}

/**
 * The two-way split of bins with the largest χ². Numbers: at every cut, missing rows on either side or alone. Texts: bins
 * in order of their share of yes, which holds the best of all two-way splits (Breiman et al., Classification and Regression
 * Trees, 1984, theorem 4.5). χ² is n times the relative fall of Gini's impurity, so this is CART's choice.
 */
function bestSplit(table: BinCounts, ordered: boolean, minLeaf: number): Omit<Candidate, "feature"> | null {
  const bins = Array.from({ length: table.length / 4 }, (_, bin) => ({
    bin,
    no: table[bin * 4] ?? 0,
    yes: table[bin * 4 + 2] ?? 0,
  }));
  const held = bins.filter(({ no, yes }) => no + yes > 0);
  const no = held.reduce((sum, bin) => sum + bin.no, 0);
  const yes = held.reduce((sum, bin) => sum + bin.yes, 0);
  let best: Omit<Candidate, "feature"> | null = null;
  const consider = (left: readonly (typeof bins)[number][]): void => {
    const leftNo = left.reduce((sum, bin) => sum + bin.no, 0);
    const leftYes = left.reduce((sum, bin) => sum + bin.yes, 0);
    const size = leftNo + leftYes;
    const rest = no + yes - size;
    if (size < minLeaf || rest < minLeaf) return;
    const cross = leftNo * (yes - leftYes) - leftYes * (no - leftNo);
    const chiSquare = ((no + yes) / size / rest) * (cross / no) * (cross / yes);
    if (chiSquare > (best?.chiSquare ?? 0)) best = { left: left.map((bin) => bin.bin), chiSquare };
  };
  if (no === 0 || yes === 0) return null;
  if (!ordered) {
    const byShare = [...held].sort((a, b) => a.yes * (b.no + b.yes) - b.yes * (a.no + a.yes) || a.bin - b.bin);
    for (let size = 1; size < byShare.length; size++) consider(byShare.slice(0, size));
    return best;
  }
  const missing = held.filter(({ bin }) => bin === 0);
  // Every bin in range, empty here or not: held-out rows may fall there.
  const known = bins.filter(({ bin }) => bin > 0);
  for (let size = 1; size < known.length; size++) {
    consider(known.slice(0, size));
    if (missing.length > 0) consider([...missing, ...known.slice(0, size)]);
  }
  if (missing.length > 0) consider(missing);
  return best;
}

/** The leaf of every row. */
export function leavesOf(
  tree: readonly TreeNode[],
  bins: readonly ArrayLike<number>[],
  binsPerFeature: readonly number[],
  rows: number,
): Uint8Array {
  const masks = tree.map(({ split }) => {
    const mask = new Uint8Array(split ? (binsPerFeature[split.feature] ?? 0) : 0);
    for (const bin of split?.left ?? []) mask[bin] = 1;
    return mask;
  });
  const leaves = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let id = 0;
    for (let split = tree[0]?.split ?? null; split !== null; split = tree[id]?.split ?? null) {
      const bin = bins[split.feature]?.[row] ?? 0;
      id = split.children[masks[id]?.[bin] === 1 ? 0 : 1];
    }
    leaves[row] = id;
  }
  return leaves;
}
