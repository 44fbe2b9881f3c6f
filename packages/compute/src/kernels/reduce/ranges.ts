import type { Moments } from "./moments.ts";

/** Of nothing, as the kernel's entries keep them: float64[count][4] = lowest, highest, missing rows, rows. */
export function emptyRanges(count: number): Float64Array {
  const ranges = new Float64Array(count * 4);
  for (let at = 0; at < ranges.length; at += 4) {
    ranges[at] = Number.POSITIVE_INFINITY;
    ranges[at + 1] = Number.NEGATIVE_INFINITY;
  }
  return ranges;
}

/** A cell's lowest and highest value and its counts, from those of all parts: float64[parts][cells][4]. */
export function rangeOf(ranges: Float64Array, cell: number, cells: number): Omit<Moments, "squares" | "sum"> {
  let [min, max, missing, rows] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let at = cell * 4; at < ranges.length; at += cells * 4) {
    min = Math.min(min, ranges[at] ?? min);
    max = Math.max(max, ranges[at + 1] ?? max);
    missing += ranges[at + 2] ?? 0;
    rows += ranges[at + 3] ?? 0;
  }
  const count = rows - missing;
  // 0 and −0 are one value: which of them came first must not show.
  return count === 0 ? { count, missing, min: null, max: null } : { count, missing, min: min + 0, max: max + 0 };
}
