import { pairIndex } from "./program.ts";

/**
 * From values of pairs of players i ≤ j, where i = j has the player's Shapley value, float64[rows × pairs × outputs], to
 * symmetric squares whose rows add up to those, float64[rows × players × players × outputs].
 */
export function squares(pairs: Float64Array, rows: number, players: number, outputs: number): Float64Array {
  const out = new Float64Array(rows * players * players * outputs);
  const width = (players * (players + 1)) / 2;
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      const from = row * width * outputs + output;
      const into = row * players * players * outputs + output;
      for (let i = 0; i < players; i++) {
        const own = into + i * (players + 1) * outputs;
        out[own] = (out[own] ?? 0) + (pairs[from + pairIndex(players, i, i) * outputs] ?? 0);
        for (let j = i + 1; j < players; j++) {
          const value = pairs[from + pairIndex(players, i, j) * outputs] ?? 0;
          const other = into + j * (players + 1) * outputs;
          out[into + (i * players + j) * outputs] = value;
          out[into + (j * players + i) * outputs] = value;
          out[own] = (out[own] ?? 0) - value;
          out[other] = (out[other] ?? 0) - value;
        }
      }
    }
  }
  return out;
}
