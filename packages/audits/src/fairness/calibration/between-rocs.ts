/** Counts of a group by ascending score: `size` of them, `stride` apart, the highest score's at `last`. */
export interface Counts {
  readonly positive: ArrayLike<number>;
  readonly negative: ArrayLike<number>;
  /** All of them together. */
  readonly positives: number;
  readonly negatives: number;
  readonly size: number;
  readonly stride: number;
  last: number;
}

export function countsOf(
  positive: ArrayLike<number>,
  negative: ArrayLike<number>,
  stride: 1 | 2,
  offset: 0 | 1,
): Counts {
  const size = positive.length / stride;
  const last = (size - 1) * stride + offset;
  let [positives, negatives] = [0, 0];
  for (let at = last; at >= 0; at -= stride) {
    positives += positive[at] ?? 0;
    negatives += negative[at] ?? 0;
  }
  return { positive, negative, positives, negatives, size, stride, last };
}

/**
 * The area of each replicate: counts of another, in as many tables one after another, in the places of those of `a` and `b`, whose
 * totals they keep.
 */
export function areasOf(a: Counts, b: Counts, replicates: number): Float64Array {
  const [one, other] = [{ ...a }, { ...b }];
  const areas = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    areas[replicate] = areaBetween(one, other) ?? 0;
    one.last += one.size * one.stride;
    other.last += other.size * other.stride;
  }
  return areas;
}

/**
 * ∫ |a − b| over [0, 1] of two ROC curves, each straight between thresholds; null where a label has none. The curves are walked
 * from the highest threshold down as their counts add up: it is asked for each replicate, so that nothing is set aside.
 */
export function areaBetween(a: Counts, b: Counts): number | null {
  if (!(a.positives > 0 && a.negatives > 0 && b.positives > 0 && b.negatives > 0)) return null;
  // Of each curve: counts so far, those that are left, the segment that lies right of here, and the height here.
  let [aUp, aDown, aLeft, aIndex, ax0, ay0, ax1, ay1, aHere] = [0, 0, a.size, a.last, 0, 0, 0, 0, 0];
  let [bUp, bDown, bLeft, bIndex, bx0, by0, bx1, by1, bHere] = [0, 0, b.size, b.last, 0, 0, 0, 0, 0];
  let at = 0;
  let area = 0;
  while (at < 1) {
    while (ax1 <= at && aLeft > 0) {
      ax0 = ax1;
      ay0 = ay1;
      aHere = ay0;
      aUp += a.positive[aIndex] ?? 0;
      aDown += a.negative[aIndex] ?? 0;
      ax1 = aDown / a.negatives;
      ay1 = aUp / a.positives;
      aIndex -= a.stride;
      aLeft--;
    }
    while (bx1 <= at && bLeft > 0) {
      bx0 = bx1;
      by0 = by1;
      bHere = by0;
      bUp += b.positive[bIndex] ?? 0;
      bDown += b.negative[bIndex] ?? 0;
      bx1 = bDown / b.negatives;
      by1 = bUp / b.positives;
      bIndex -= b.stride;
      bLeft--;
    }
    const next = Math.min(ax1, bx1);
    if (!(next > at)) break;
    const aNext = ay0 + ((next - ax0) / (ax1 - ax0)) * (ay1 - ay0);
    const bNext = by0 + ((next - bx0) / (bx1 - bx0)) * (by1 - by0);
    const from = aHere - bHere;
    const to = aNext - bNext;
    const width = next - at;
    area +=
      from * to >= 0
        ? (width * (Math.abs(from) + Math.abs(to))) / 2
        : (width * (from * from + to * to)) / (2 * (Math.abs(from) + Math.abs(to)));
    aHere = aNext;
    bHere = bNext;
    at = next;
  }
  return area;
}
