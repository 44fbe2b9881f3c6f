import { compareCodePoints } from "@assay/dataset";
import type { Roles } from "../../roles.ts";
import { type Binning, binsOf, foldFine } from "./binning.ts";
import { cutsOfValues, narrowRanks, quantileRanks, type Rank } from "./cuts.ts";
import { type KeyCounts, totalRows } from "./key-counts.ts";
import { keyDigits, keyPrefix } from "./ordered-key.ts";
import { leastInformative } from "./reasons.ts";
import type { AssociationsInput } from "./settings.ts";
import type { Sketch } from "./sketch.ts";
import { type BinCounts, frontier, growLevel, seedling, type TreeNode } from "./tree.ts";

/** A feature whose quantiles are being looked for, digit by digit; null once its bins are known. */
export type Search = { readonly ranks: readonly Rank[]; readonly missing: boolean } | null;

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
        ...fromSketches(part.sketches, part.rows, input, roles),
        rows: part.rows,
        missing: part.missing,
      });
    case "refine":
      return settle(refine(progress, part.counts, roles));
    case "grow":
      return grow(progress, part.tables, input);
  }
}

function fromSketches(
  sketches: readonly Sketch[],
  rows: number,
  { bins, levels, min_leaf }: AssociationsInput,
  roles: Roles,
): Pick<Progress, "level" | "searches" | "binnings"> {
  const searches: Search[] = [];
  const binnings: (Binning | null)[] = [];
  for (const [index, sketch] of sketches.entries()) {
    const name = roles.features[index]?.name ?? "";
    searches.push(null);
    if (sketch.kind === "values") {
      const missing = totalRows(sketch.counts) < rows;
      binnings.push({ kind: "number", name, cuts: cutsOfValues(sketch.counts, bins), missing });
    } else if (sketch.kind === "texts") {
      const missing = sketch.rows.reduce((sum, count) => sum + count, 0) < rows;
      binnings.push({ kind: "text", name, ...frequentTexts(sketch, levels, min_leaf), missing });
    } else if (sketch.kind === "digits") {
      binnings.push(null);
      const known = totalRows(sketch.counts);
      const ranks = narrowRanks(quantileRanks(known, bins), sketch.counts, () => true);
      searches[index] = { ranks, missing: known < rows };
    } else binnings.push({ kind: "skipped", name });
  }
  return { level: 1, searches, binnings };
}

/**
 * The most frequent texts, ties by code point, in the order of their texts. A text of fewer rows than a leaf needs is no
 * bin of the tree, where it might name a person, but one of the mutual information, which shows no value, if it has five.
 */
function frequentTexts(
  { texts, rows }: { readonly texts: readonly string[]; readonly rows: readonly number[] },
  most: number,
  leastRows: number,
): { levels: string[]; finer: string[]; others: boolean } {
  const order = texts.map((text, index) => ({ text, rows: rows[index] ?? 0 }));
  order.sort((a, b) => b.rows - a.rows || compareCodePoints(a.text, b.text));
  const frequent = order.filter((one) => one.rows >= Math.min(leastRows, leastInformative)).slice(0, most);
  const textsOf = (some: typeof order): string[] => some.map((one) => one.text).sort(compareCodePoints);
  const levels = textsOf(frequent.filter((one) => one.rows >= leastRows));
  const finer = textsOf(frequent.filter((one) => one.rows < leastRows));
  return { levels, finer, others: texts.length > levels.length };
}

function refine(progress: Progress, counts: readonly (KeyCounts | null)[], roles: Roles): Progress {
  const level = progress.level + 1;
  // The prefix of a key one digit longer; after the last digit keys are the values themselves.
  const prefixOf = (key: number): number => Math.floor(key / 65_536);
  const searches: Search[] = [];
  const binnings = [...progress.binnings];
  for (const [index, search] of progress.searches.entries()) {
    const found = counts[index];
    if (!search || !found) {
      searches.push(null);
      continue;
    }
    const belongs = (key: number, prefix: number): boolean =>
      (level === keyDigits ? keyPrefix(key, 3) : prefixOf(key)) === prefix;
    const ranks = narrowRanks(search.ranks, found, belongs);
    if (level < keyDigits) searches.push({ ranks, missing: search.missing });
    else {
      searches.push(null);
      const cuts = [...new Set(ranks.map((rank) => rank.prefix))];
      binnings[index] = { kind: "number", name: roles.features[index]?.name ?? "", cuts, missing: search.missing };
    }
  }
  return { ...progress, level, searches, binnings };
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
