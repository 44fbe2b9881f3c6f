import type { Shards } from "./define.ts";

/** Cuts `rows` rows into at most `count` ranges of nearly equal length; no range is empty unless there are no rows. */
export function cutShards(rows: number, count: number): Shards {
  const pieces = Math.max(1, Math.min(count, rows));
  return {
    rows,
    ranges: Array.from({ length: pieces }, (_, index) => ({
      start: Math.floor((index * rows) / pieces),
      end: Math.floor(((index + 1) * rows) / pieces),
    })),
  };
}
