import { type Binning, binsOf, foldFine } from "../../binning/binning.ts";
import type { KeyCounts } from "../../binning/key-counts.ts";
import { type BinRules, binsOfSketches, refineSearches, type Search } from "../../binning/search.ts";
import type { Sketch } from "../../binning/sketch.ts";
import type { Roles } from "../../roles.ts";
import { leastInformative } from "./reasons.ts";
import type { AssociationsInput } from "./settings.ts";
import { type BinCounts, frontier, growLevel, seedling, type TreeNode } from "./tree.ts";

/**
 * What is known between rounds, told to the next round's steps as their detail:
 * sketch (values of every feature) → refine (quantiles of number columns with very many values, one 16-bit digit a round)
 * → grow (bins of every feature against the decision, in every node of the tree's edge) → done.
 */
export type Progress = {
  readonly stage: "sketch" | "refine" | "grow" | "done";
  /** Digits that `searches` know. */
  readonly level: number;
  readonly searches: readonly Search[];
  readonly binnings: readonly (Binning | null)[];
  /** Rows by fine bin, decision and split over the whole table, one list per feature: the tree's root. */
  readonly tables: readonly BinCounts[];
  readonly tree: readonly TreeNode[];
  /** Rows with and without a decision. */
  readonly rows: number;
  readonly missing: number;
};

/** What the steps of a round bring back, merged. */
export type Part =
  | { readonly stage: "sketch"; readonly sketches: readonly Sketch[]; readonly rows: number; readonly missing: number }
  | { readonly stage: "refine"; readonly counts: readonly (KeyCounts | null)[] }
  /** Per feature: node × bin × decision × split, row-major; bins are fine ones in the root's round. */
  | { readonly stage: "grow"; readonly tables: readonly BinCounts[] };

export const start: Progress = {
  stage: "sketch",
  level: 0,
  searches: [],
  binnings: [],
  tables: [],
  tree: seedling,
  rows: 0,
  missing: 0,
};

/** What the next round starts from. Pure: a function of counts alone, so that every shard is told the same. */
export function advance(progress: Progress, part: Part, input: AssociationsInput, roles: Roles): Progress {
  switch (part.stage) {
    case "sketch":
      return settle({
        ...progress,
        ...binsOfSketches(part.sketches, part.rows, rulesOf(input), namesOf(roles)),
        rows: part.rows,
        missing: part.missing,
      });
    case "refine":
      return settle({ ...progress, ...refineSearches(progress, part.counts, namesOf(roles)) });
    case "grow":
      return grow(progress, part.tables, input);
  }
}

function rulesOf({ bins, levels, min_leaf }: AssociationsInput): BinRules {
  return { bins, levels, leastRows: min_leaf, leastFiner: leastInformative };
}

function namesOf(roles: Roles): string[] {
  return roles.features.map((feature) => feature.name);
}

function settle(progress: Progress): Progress {
  const isSearching = progress.searches.some((search) => search !== null);
  return { ...progress, stage: isSearching ? "refine" : "grow" };
}

function grow(progress: Progress, tables: readonly BinCounts[], input: AssociationsInput): Progress {
  const options = { depth: input.depth, minLeaf: input.min_leaf };
  const edge = frontier(progress.tree, input.depth);
  const isRoot = progress.tables.length === 0;
  const perNode = tables.map((table, feature) => {
    const binning = progress.binnings[feature];
    // The root is the only node of its edge, and counted by fine bins.
    if (isRoot && binning) return [foldFine(table, binning, 4)];
    const size = (binning ? binsOf(binning) : 1) * 4;
    return edge.map((_, node) => table.slice(node * size, (node + 1) * size));
  });
  const ordered = progress.binnings.map((binning) => binning?.kind === "number");
  const tree = growLevel(progress.tree, perNode, ordered, options);
  return {
    ...progress,
    stage: tree.length > progress.tree.length && frontier(tree, input.depth).length > 0 ? "grow" : "done",
    tables: isRoot ? tables : progress.tables,
    tree,
  };
}
