import type { Forest } from "../../forest.ts";
import { addCondition, type Condition, type Test, testsOf } from "./conditions.ts";
import type { Players } from "./players.ts";
import type { Ranks } from "./ranks.ts";
import { coverShares } from "./reference.ts";

/** A player on the path to a leaf. */
export interface BlockPlayer {
  readonly player: number;
  /** The row meets all the player's conditions exactly where its code has the bits `want` under `mask`. */
  readonly mask: number;
  readonly want: number;
  /** What part of the cover passes the player's decisions on the path. */
  readonly cover: number;
}

/**
 * A piece of a tree that is explained at once. What a row does in it is one number, its code: a bit for each player of
 * the path down to the piece (are all its conditions met?) and a bit for each decision inside (left?). All that a leaf
 * gives to a row depends on the row's code.
 */
export interface Block {
  /** For each bit of the code the tests whose and it is. */
  readonly bits: readonly (readonly Test[])[];
  readonly leaves: readonly { readonly node: number; readonly players: readonly BlockPlayer[] }[];
}

interface PathPlayer {
  readonly player: number;
  readonly conditions: readonly Condition[];
  readonly cover: number;
}

/** Bits of a code, at most. */
export const maxBits = 16;

/**
 * Cuts a tree into blocks of at most `bits` bits, as large as that allows; a leaf with more players on its path is a
 * block alone. Returns null where a leaf has more than `maxPlayers` (at most `maxBits`).
 */
export function cutTree(
  forest: Forest,
  ranks: Ranks,
  players: Players,
  root: number,
  bits: number,
  maxPlayers: number,
): Block[] | null {
  const inner = countInner(forest, root);
  const blocks: Block[] = [];
  const open: { node: number; path: readonly PathPlayer[] }[] = [{ node: root, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    const decisions = inner.get(node) ?? 0;
    if (decisions === 0 && path.length > maxPlayers) return null;
    if (decisions === 0 || path.length + decisions <= bits) {
      blocks.push(block(forest, ranks, players, node, path));
      continue;
    }
    for (const left of [false, true]) {
      const child = (left ? forest.left[node] : forest.right[node]) ?? 0;
      open.push({ node: child, path: extend(forest, ranks, players, path, node, left) });
    }
  }
  return blocks;
}

/** Inner nodes in the subtree of every node. */
function countInner(forest: Forest, root: number): Map<number, number> {
  const order: number[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    order.push(node);
    if ((forest.column[node] ?? -1) >= 0) open.push(forest.left[node] ?? 0, forest.right[node] ?? 0);
  }
  const inner = new Map<number, number>();
  for (const node of order.reverse()) {
    const leaf = (forest.column[node] ?? -1) < 0;
    const below = (inner.get(forest.left[node] ?? 0) ?? 0) + (inner.get(forest.right[node] ?? 0) ?? 0);
    inner.set(node, leaf ? 0 : 1 + below);
  }
  return inner;
}

function extend(
  forest: Forest,
  ranks: Ranks,
  players: Players,
  path: readonly PathPlayer[],
  node: number,
  left: boolean,
): readonly PathPlayer[] {
  const player = players.of[forest.column[node] ?? 0] ?? 0;
  const index = path.findIndex((one) => one.player === player);
  const old = path[index] ?? { player, conditions: [], cover: 1 };
  const conditions = addCondition(forest, ranks, old.conditions, node, left);
  const next = { player, conditions, cover: old.cover * coverShares(forest, node)[left ? 0 : 1] };
  return index === -1 ? [...path, next] : path.with(index, next);
}

function block(forest: Forest, ranks: Ranks, players: Players, root: number, path: readonly PathPlayer[]): Block {
  const bits: (readonly Test[])[] = path.map((one) => testsOf(ranks, one.conditions));
  const leaves: { node: number; players: readonly BlockPlayer[] }[] = [];
  const above = path.map(({ player, cover }, bit) => ({ player, mask: 1 << bit, want: 1 << bit, cover }));
  const open: { node: number; on: readonly BlockPlayer[] }[] = [{ node: root, on: above }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, on } = next;
    const column = forest.column[node] ?? -1;
    if (column < 0) {
      leaves.push({ node, players: on });
      continue;
    }
    const bit = 1 << bits.length;
    bits.push(testsOf(ranks, addCondition(forest, ranks, [], node, true)));
    const player = players.of[column] ?? 0;
    const index = on.findIndex((one) => one.player === player);
    const old = on[index] ?? { player, mask: 0, want: 0, cover: 1 };
    for (const left of [false, true]) {
      const more = {
        player,
        mask: old.mask | bit,
        want: left ? old.want | bit : old.want,
        cover: old.cover * coverShares(forest, node)[left ? 0 : 1],
      };
      const child = (left ? forest.left[node] : forest.right[node]) ?? 0;
      open.push({ node: child, on: index === -1 ? [...on, more] : on.with(index, more) });
    }
  }
  return { bits, leaves };
}
