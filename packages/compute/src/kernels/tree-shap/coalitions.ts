import { AssayError } from "@assay/schema";
import { type Forest, goesLeft } from "../../forest.ts";
import { exp } from "../../numbers/elementary.ts";
import { checkTrees, usage } from "./check.ts";
import { readPlayers } from "./players.ts";

/** A number of several sums together: `softmax`: exp(s_place) / Σ exp(s_k); `logistic-share`: σ(s_place) / Σ σ(s_k). */
export interface CoalitionLink {
  readonly kind: "logistic-share" | "softmax";
  readonly place: number;
}

export interface CoalitionOptions {
  /** Columns of the rows that stand for "not told", all alike. */
  readonly background: readonly Float32Array[];
  readonly link: CoalitionLink;
  /** i32[inputs]: the player of each column. */
  readonly players: Int32Array;
}

/** Players, at most: the sets of them are gone through one by one. */
export const maxCoalitionPlayers = 14;

export interface LoadedCoalitions {
  readonly players: number;
  /** The mean of the number over the background. */
  readonly base: number;
  /** float64[rows × players]: Shapley values of rows `from` to `to` of some columns. */
  explain(columns: readonly Float32Array[], from: number, to: number): Float64Array;
}

/**
 * Interventional Shapley values by their definition, v(S) = mean over background rows z of g(sums of a row with the
 * players of S from x and the others from z), for a function g of all sums together, which no sum over trees is. For a pair
 * of rows every tree says which of its leaves a set of players comes to: those whose players `in` belong to S and whose
 * players `out` do not. The product over them is written out in powers of "belongs to S", added up over all trees, and the
 * sums of all 2^p sets come from one pass over the subsets (the zeta transform of Yates: Björklund et al., STOC 2007,
 * doi:10.1145/1250790.1250801), where p are the players in which the pair differs to some tree. So a pair costs
 * O(leaves + 2^p (p + outputs)), and no rounding but that of float64.
 *
 * Runs on the host, whatever the device.
 * @throws AssayError usage for more than `maxCoalitionPlayers` players or an empty background; model-invalid
 */
export function loadCoalitions(forest: Forest, options: CoalitionOptions): LoadedCoalitions {
  checkTrees(forest);
  const { background, link } = options;
  const players = readPlayers(forest.inputs, options.players);
  if (players.count > maxCoalitionPlayers) {
    throw usage(`all sets of ${players.count} players are too many; at most ${maxCoalitionPlayers} can be explained`);
  }
  const backgroundRows = background[0]?.length ?? 0;
  if (backgroundRows === 0) throw usage("the background has no rows");
  if (link.place >= forest.outputs) throw new AssayError("internal", `coalitions: output ${link.place}`);
  const pair = new Pair(forest, players.of, link);
  let base = 0;
  for (let z = 0; z < backgroundRows; z++) base += pair.outputOf(rowOf(background, z));
  const weights = shapleyWeights(players.count);
  const others = Array.from({ length: backgroundRows }, (_, z) => rowOf(background, z));
  return {
    players: players.count,
    base: base / backgroundRows,
    explain(columns, from, to) {
      const values = new Float64Array((to - from) * players.count);
      for (let row = from; row < to; row++) {
        const x = rowOf(columns, row);
        const at = (row - from) * players.count;
        for (const z of others) pair.addValues(x, z, weights, values, at);
        for (let player = 0; player < players.count; player++) {
          values[at + player] = (values[at + player] ?? 0) / backgroundRows;
        }
      }
      return values;
    },
  };
}

function rowOf(columns: readonly Float32Array[], row: number): Float32Array {
  return Float32Array.from(columns, (column) => column[row] ?? Number.NaN);
}

/** For p players: weight[p][s] = s! (p − s − 1)! / p!. */
function shapleyWeights(most: number): readonly Float64Array[] {
  return Array.from({ length: most + 1 }, (_, players) => {
    const weights = new Float64Array(players);
    let weight = 1 / Math.max(1, players);
    for (let size = 0; size < players; size++) {
      weights[size] = weight;
      weight *= (size + 1) / (players - size - 1);
    }
    return weights;
  });
}

/** What a pair of rows is worked out with; kept from pair to pair. */
class Pair {
  readonly #forest: Forest;
  readonly #player: Int32Array;
  readonly #link: CoalitionLink;
  /** Leaves that some set of players comes to. */
  readonly #leaf: number[] = [];
  readonly #in: number[] = [];
  readonly #out: number[] = [];
  /** f64[outputs][2^players] */
  #sums = new Float64Array(0);

  constructor(forest: Forest, player: Int32Array, link: CoalitionLink) {
    this.#forest = forest;
    this.#player = player;
    this.#link = link;
  }

  /** The number of one row. */
  outputOf(row: Float32Array): number {
    this.#gather(row, row);
    this.#addUp(0, []);
    return this.#linked(0, 1);
  }

  /** Adds a pair's values to `into` from `at` on. */
  addValues(x: Float32Array, z: Float32Array, weights: readonly Float64Array[], into: Float64Array, at: number): void {
    const active = this.#gather(x, z);
    const players: number[] = [];
    for (let player = 0; active >> player !== 0; player++) if ((active >> player) & 1) players.push(player);
    const count = players.length;
    if (count === 0) return;
    this.#addUp(count, players);
    const sets = 2 ** count;
    const own = weights[count] ?? new Float64Array(0);
    for (let set = 0; set < sets; set++) {
      const value = this.#linked(set, sets);
      const size = bits(set);
      const taken = value * (own[size - 1] ?? 0);
      const left = value * (own[size] ?? 0);
      for (let index = 0; index < count; index++) {
        const place = at + (players[index] ?? 0);
        into[place] = (into[place] ?? 0) + ((set >> index) & 1 ? taken : -left);
      }
    }
  }

  /** Finds the leaves that sets come to; returns the players that decide somewhere, as bits. */
  #gather(x: Float32Array, z: Float32Array): number {
    const forest = this.#forest;
    this.#leaf.length = 0;
    this.#in.length = 0;
    this.#out.length = 0;
    let active = 0;
    const open: number[] = [];
    for (const root of forest.roots) {
      open.push(root, 0, 0);
      while (open.length > 0) {
        const outside = open.pop() ?? 0;
        const inside = open.pop() ?? 0;
        const node = open.pop() ?? 0;
        const column = forest.column[node] ?? -1;
        if (column < 0) {
          this.#leaf.push(node);
          this.#in.push(inside);
          this.#out.push(outside);
          active |= inside | outside;
          continue;
        }
        const bit = 1 << (this.#player[column] ?? 0);
        const byX = goesLeft(forest, node, x[column] ?? Number.NaN);
        const byZ = goesLeft(forest, node, z[column] ?? Number.NaN);
        const left = forest.left[node] ?? 0;
        const right = forest.right[node] ?? 0;
        if (byX === byZ) open.push(byX ? left : right, inside, outside);
        else if ((inside & bit) !== 0) open.push(byX ? left : right, inside, outside);
        else if ((outside & bit) !== 0) open.push(byZ ? left : right, inside, outside);
        else open.push(byX ? left : right, inside | bit, outside, byZ ? left : right, inside, outside | bit);
      }
    }
    return active;
  }

  /** The sums of every set of `count` players; bit i of a set is `players[i]`. */
  #addUp(count: number, players: readonly number[]): void {
    const forest = this.#forest;
    const sets = 2 ** count;
    const { outputs } = forest;
    if (this.#sums.length < sets * outputs) this.#sums = new Float64Array(sets * outputs);
    const sums = this.#sums;
    sums.fill(0, 0, sets * outputs);
    for (let output = 0; output < outputs; output++) sums[output * sets] = forest.base[output] ?? 0;
    for (let index = 0; index < this.#leaf.length; index++) {
      const node = this.#leaf[index] ?? 0;
      const inside = packed(this.#in[index] ?? 0, players);
      const outside = packed(this.#out[index] ?? 0, players);
      // Π in · Π (1 − out) = Σ over subsets T of out of (−1)^|T| · [in and T belong to S].
      for (let part = outside; ; part = (part - 1) & outside) {
        const sign = bits(part) % 2 === 0 ? 1 : -1;
        for (let entry = forest.left[node] ?? 0; entry < (forest.right[node] ?? 0); entry++) {
          const at = (forest.leafOutput[entry] ?? 0) * sets + (inside | part);
          sums[at] = (sums[at] ?? 0) + sign * (forest.leafValue[entry] ?? 0);
        }
        if (part === 0) break;
      }
    }
    for (let output = 0; output < outputs; output++) {
      const from = output * sets;
      for (let bit = 1; bit < sets; bit *= 2) {
        for (let set = 0; set < sets; set++) {
          if ((set & bit) !== 0) sums[from + set] = (sums[from + set] ?? 0) + (sums[from + set - bit] ?? 0);
        }
      }
    }
  }

  #linked(set: number, sets: number): number {
    const sums = this.#sums;
    const { outputs } = this.#forest;
    const { kind, place } = this.#link;
    let top = 0;
    if (kind === "softmax") {
      top = Number.NEGATIVE_INFINITY;
      for (let output = 0; output < outputs; output++) top = Math.max(top, sums[output * sets + set] ?? 0);
    }
    let own = 0;
    let total = 0;
    for (let output = 0; output < outputs; output++) {
      const sum = sums[output * sets + set] ?? 0;
      const value = kind === "softmax" ? exp(sum - top) : 1 / (1 + exp(-sum));
      total += value;
      if (output === place) own = value;
    }
    // As Normalizer leaves what adds up to nothing.
    return total === 0 ? own : own / total;
  }
}

/** The bits of some players, side by side. */
function packed(set: number, players: readonly number[]): number {
  let made = 0;
  for (let index = 0; index < players.length; index++) made |= ((set >> (players[index] ?? 0)) & 1) << index;
  return made;
}

function bits(set: number): number {
  let rest = set - ((set >> 1) & 0x5555);
  rest = (rest & 0x3333) + ((rest >> 2) & 0x3333);
  rest = (rest + (rest >> 4)) & 0x0f0f;
  return (rest + (rest >> 8)) & 0x1f;
}
