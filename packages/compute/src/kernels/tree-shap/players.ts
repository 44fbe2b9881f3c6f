import { AssayError } from "@assay/schema";

/** Who shares in a prediction: every column for itself, or groups of columns explained as one. */
export interface Players {
  readonly count: number;
  /** i32[inputs]: the player of each column. */
  readonly of: Int32Array;
}

/**
 * @param given i32[inputs], values from 0 without gaps; null: every column is a player.
 * @throws AssayError usage for a list of another length or with a number that is no player
 */
export function readPlayers(inputs: number, given: Int32Array | null): Players {
  if (given === null) return { count: inputs, of: Int32Array.from({ length: inputs }, (_, column) => column) };
  if (given.length !== inputs) {
    throw new AssayError("usage", `treeShap: players has ${given.length} entries, the forest ${inputs} columns`);
  }
  let count = 0;
  for (const [column, player] of given.entries()) {
    if (player < 0) {
      throw new AssayError("usage", `treeShap: players[${column}] is ${player}; players are numbered from 0`);
    }
    count = Math.max(count, player + 1);
  }
  const seen = new Uint8Array(Math.min(count, inputs + 1));
  for (const player of given) seen[player] = 1;
  const gap = seen.indexOf(0);
  if (gap !== -1) throw new AssayError("usage", `treeShap: players number to ${count - 1}, but no column has ${gap}`);
  return { count, of: given };
}
