import type { Forest } from "../../forest.ts";
import { type Block, cutTree, maxBits } from "./blocks.ts";
import type { Players } from "./players.ts";
import { type ProgramOptions, tableEntriesOf } from "./program.ts";
import type { Ranks } from "./ranks.ts";

/** How a forest is explained: trees by tables of blocks, and trees with long paths by the patterns that rows have. */
export interface Plan {
  readonly blocks: readonly Block[];
  /** u32: roots of the trees that no table is made for. */
  readonly deep: Uint32Array;
  /** True where all tables together are small enough to be kept. */
  readonly kept: boolean;
}

/** What decides between the ways; values never depend on it, but for rounding. */
export interface Limits {
  /** Tables that are kept, at most: float64 entries over all blocks. */
  readonly keptEntries: number;
  /** Bits of a code: so many that tables stay in the nearest caches with the sums they are added to. */
  readonly bits: number;
  /** Players on a path from which on a leaf's 2^players patterns are more than most tables of rows have; at most 16. */
  readonly tablePlayers: number;
  /** Rows of a background that are carried along one by one where there are no tables; more go by their patterns. */
  readonly aliveRows: number;
}

export const usualLimits: Limits = { keptEntries: 2 ** 25, bits: 10, tablePlayers: 11, aliveRows: 2048 };

export interface PlanOptions extends ProgramOptions {
  /** Entries for each code and slot. */
  readonly channels: number;
}

/** Cuts every tree into the largest blocks whose tables still fit what is kept; else into those that are best made anew. */
export function makePlan(
  forest: Forest,
  ranks: Ranks,
  players: Players,
  options: PlanOptions,
  limits: Limits = usualLimits,
): Plan {
  let best: Plan | null = null;
  for (const bits of [limits.bits, limits.bits - 1, limits.bits - 2]) {
    const plan = cut(forest, ranks, players, { ...limits, bits }, options);
    if (plan.kept) return plan;
    best ??= plan;
  }
  return best ?? { blocks: [], deep: new Uint32Array(0), kept: true };
}

function cut(forest: Forest, ranks: Ranks, players: Players, limits: Limits, options: PlanOptions): Plan {
  const blocks: Block[] = [];
  const deep: number[] = [];
  for (const root of forest.roots) {
    const cutBlocks = cutTree(forest, ranks, players, root, limits.bits, Math.min(limits.tablePlayers, maxBits));
    if (cutBlocks === null) deep.push(root);
    else for (const block of cutBlocks) blocks.push(block);
  }
  let entries = 0;
  for (const block of blocks) entries += tableEntriesOf(forest, block, options) * options.channels;
  return { blocks, deep: Uint32Array.from(deep), kept: entries <= limits.keptEntries };
}
