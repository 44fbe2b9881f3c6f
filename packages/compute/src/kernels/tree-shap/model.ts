import type { Device, DeviceBuffer } from "../../device.ts";
import type { Forest } from "../../forest.ts";
import type { Players } from "./players.ts";
import { gaussLegendre } from "./quadrature.ts";
import { loadRanker, type Ranker } from "./ranked-rows.ts";
import type { Ranks } from "./ranks.ts";
import { coverShares } from "./reference.ts";

/** A forest on the cpu device, as the entries read it. */
export interface Model {
  readonly host: Device;
  readonly forest: Forest;
  readonly players: Players;
  readonly ranker: Ranker;
  /** u32[nodes][6]: column, threshold, rule, left, right, player. */
  readonly nodes: DeviceBuffer;
  /** f64[nodes][2]: what part of the cover goes left and right; of one node where the forest has none. */
  readonly covers: DeviceBuffer;
  readonly leafOutputs: DeviceBuffer;
  readonly leafValues: DeviceBuffer;
  /** Gauss-Legendre nodes for each number of players: f64[65][16][4], pairs [t, t', w, w']. */
  readonly quadrature: DeviceBuffer;
}

/** Players on one path, at most. */
export const maxPathPlayers = 64;

export function loadModel(
  host: Device,
  forest: Forest,
  players: Players,
  ranks: Ranks,
  take: (data: ArrayBufferView) => DeviceBuffer,
): Model {
  const nodes = new Uint32Array(forest.column.length * 6);
  const thresholds = new Float32Array(nodes.buffer);
  const covers = new Float64Array(forest.cover ? forest.column.length * 2 : 2);
  for (const [node, column] of forest.column.entries()) {
    const at = node * 6;
    nodes[at] = column;
    thresholds[at + 1] = forest.threshold[node] ?? 0;
    nodes[at + 2] = forest.rule[node] ?? 0;
    nodes[at + 3] = forest.left[node] ?? 0;
    nodes[at + 4] = forest.right[node] ?? 0;
    nodes[at + 5] = players.of[column] ?? 0;
    if (forest.cover && column >= 0) covers.set(coverShares(forest, node), node * 2);
  }
  return {
    host,
    forest,
    players,
    ranker: loadRanker(ranks, take),
    nodes: take(nodes),
    covers: take(covers),
    leafOutputs: take(forest.leafOutput),
    leafValues: take(forest.leafValue),
    quadrature: take(quadratures()),
  };
}

function quadratures(): Float64Array {
  const all = new Float64Array((maxPathPlayers + 1) * 64);
  for (let players = 1; players <= maxPathPlayers; players++) {
    const count = Math.ceil(players / 2);
    const { nodes, weights } = gaussLegendre(count);
    // An odd last node has a partner of weight 0, away from the ends, where nothing is divided by 0.
    for (let index = 0; index < 2 * Math.ceil(count / 2); index++) {
      const at = players * 64 + Math.floor(index / 2) * 4 + (index % 2);
      all[at] = nodes[index] ?? 0.5;
      all[at + 2] = weights[index] ?? 0;
    }
  }
  return all;
}
