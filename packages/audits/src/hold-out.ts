import { binomial, PhiloxStream, philox } from "@assay/compute";

/**
 * Which rows are held out: a pure function of seed and row index (of the whole table), so that any shard knows its own.
 * @returns 1 where a row is held out
 */
export function heldOutRows(start: number, rows: number, share: number, seed: number, stream: number): Uint8Array {
  const bound = Math.floor(share * 4_294_967_296);
  const out = new Uint8Array(rows);
  // Four words a block, one per row.
  let block = -1;
  let words: readonly number[] = [];
  for (let index = 0; index < rows; index++) {
    const row = start + index;
    const at = Math.floor(row / 4);
    if (at !== block) {
      block = at;
      words = philox(seed, stream, at);
    }
    if ((words[row % 4] ?? 0) < bound) out[index] = 1;
  }
  return out;
}

/**
 * Of a table of counts, how many of the people on each line are held out: a binomial draw from a stream of the line's own.
 */
export function heldOutCounts(
  start: number,
  counts: Float64Array,
  share: number,
  seed: number,
  stream: number,
): Float64Array {
  const bound = Math.floor(share * 4_294_967_296);
  return Float64Array.from(counts, (count, index) =>
    // 2^20 blocks lie between two lines' counters: far more than a draw takes.
    binomial(new PhiloxStream(seed, stream, (start + index) * 1_048_576), count, bound, 4_294_967_296),
  );
}
