import { type Device, permute, resample } from "@assay/compute";
import { quantiles, type ScoreCurve } from "../../statistics/index.ts";

export interface Abroca {
  /** Area between the two ROC curves, 0 to 1. */
  readonly value: number;
  /** Less what chance alone adds, 0 at least. */
  readonly debiased: number;
  /** Null where rows carry weights. */
  readonly low: number | null;
  readonly high: number | null;
  /** Chance of so large an area if the group made no difference; null where rows carry weights. */
  readonly p: number | null;
}

/** Thresholds that replicates are drawn on: scores are put together to as many, by rank. */
const coarse = 256;

/**
 * Absolute between-ROC area: ∫ |ROC of a group − ROC of the comparator| over the false-positive rate, exactly (both curves
 * are straight between thresholds). Being an absolute value it is above 0 by chance alone:
 * - p: within each label, people are exchanged between the two groups (multivariate hypergeometric on the counts);
 * - debiased and interval: a bootstrap of the counts of each group and label, less the bias it shows; 0 is inside wherever
 *   the test does not reject.
 * J. Gardner, C. Brooks and R. Baker, LAK 2019, 225–234, doi:10.1145/3303772.3303791. Null where a group lacks a label.
 */
export async function abroca(
  group: ScoreCurve,
  comparator: ScoreCurve,
  options: {
    readonly device: Device;
    readonly replicates: number;
    readonly seed: number;
    readonly stream: number;
    readonly confidence: number;
  },
): Promise<Abroca | null> {
  const value = areaBetween(
    countsOf(group.positive, group.negative, 1, 0),
    countsOf(comparator.positive, comparator.negative, 1, 0),
  );
  if (value === null) return null;
  if (group.positive !== group.positiveSquares) return { value, debiased: value, low: null, high: null, p: null };
  const { replicates, seed, stream, device } = options;
  const together = thinned(group, comparator);
  const [size, tables] = [together.size, [together.positive, together.negative]];
  const [one, other] = [
    countsOf(together.positive, together.negative, 2, 0),
    countsOf(together.positive, together.negative, 2, 1),
  ];
  const seen = areaBetween(one, other) ?? 0;

  const shuffled = [];
  for (const [label, table] of tables.entries()) {
    shuffled.push(await permute(device, { table, rows: size, columns: 2, replicates, seed, stream: stream + label }));
  }
  const exchanged = { positive: shuffled[0] ?? [], negative: shuffled[1] ?? [] };
  let reached = 1;
  for (const area of areasOf(one, other, replicates, [exchanged])) if (area >= seen * (1 - 1e-12)) reached++;
  const p = reached / (replicates + 1);

  const columns = tables.flatMap((table) => [column(table, 0), column(table, 1)]);
  const drawn = [];
  for (const [place, counts] of columns.entries()) {
    drawn.push(await resample(device, { counts, replicates, seed, stream: stream + 2 + place }));
  }
  const areas = areasOf(
    countsOf(columns[0] ?? [], columns[2] ?? [], 1, 0),
    countsOf(columns[1] ?? [], columns[3] ?? [], 1, 0),
    replicates,
    [
      { positive: drawn[0] ?? [], negative: drawn[2] ?? [] },
      { positive: drawn[1] ?? [], negative: drawn[3] ?? [] },
    ],
  );
  const sum = areas.reduce((all, area) => all + area, 0);
  const bias = Math.max(0, sum / replicates - seen);
  const debiased = Math.max(0, value - bias);
  const tail = (1 - options.confidence) / 2;
  const [low = 0, high = 1] = quantiles(areas, [tail, 1 - tail]);
  // Replicates carry the bias twice: once in what was seen, once more in being drawn from it.
  const shift = value - seen - 2 * bias;
  return {
    value,
    debiased,
    low: p > 1 - options.confidence ? 0 : Math.max(0, Math.min(low + shift, debiased)),
    high: Math.min(1, Math.max(high + shift, value)),
    p,
  };
}

/** Counts of a group by ascending score: `size` of them, `stride` apart, the highest score's at `last`. */
interface Counts {
  readonly positive: ArrayLike<number>;
  readonly negative: ArrayLike<number>;
  /** All of them together. */
  readonly positives: number;
  readonly negatives: number;
  readonly size: number;
  readonly stride: number;
  last: number;
}

function countsOf(positive: ArrayLike<number>, negative: ArrayLike<number>, stride: 1 | 2, offset: 0 | 1): Counts {
  const size = positive.length / stride;
  const last = (size - 1) * stride + offset;
  let [positives, negatives] = [0, 0];
  for (let at = last; at >= 0; at -= stride) {
    positives += positive[at] ?? 0;
    negatives += negative[at] ?? 0;
  }
  return { positive, negative, positives, negatives, size, stride, last };
}

/** The area of each replicate: its counts lie after another in as many tables as long as those of `a` and `b`, whose totals they keep. */
function areasOf(a: Counts, b: Counts, replicates: number, drawn: readonly Pick<Counts, "positive" | "negative">[]) {
  const [first = a, second = first] = drawn;
  const [one, other] = [
    { ...a, ...first },
    { ...b, ...second },
  ];
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
function areaBetween(a: Counts, b: Counts): number | null {
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

/** Counts of both groups at few thresholds: [threshold × 2] for each label, thresholds ascending. */
interface Together {
  readonly size: number;
  readonly positive: ArrayLike<number> & Float64Array;
  readonly negative: ArrayLike<number> & Float64Array;
}

function thinned(group: ScoreCurve, comparator: ScoreCurve): Together {
  const rows = group.totals.positive + group.totals.negative + comparator.totals.positive + comparator.totals.negative;
  const each = distinct(group.scores, comparator.scores) <= coarse ? 0 : rows / coarse;
  const bins: [number, number, number, number][] = [];
  let [i, j] = [0, 0];
  let held = Number.POSITIVE_INFINITY;
  while (i < group.scores.length || j < comparator.scores.length) {
    if (held >= each) {
      bins.push([0, 0, 0, 0]);
      held = 0;
    }
    const bin = bins[bins.length - 1];
    if (bin === undefined) break;
    const own = group.scores[i] ?? Number.POSITIVE_INFINITY;
    const theirs = comparator.scores[j] ?? Number.POSITIVE_INFINITY;
    if (own <= theirs) {
      bin[0] += group.positive[i] ?? 0;
      bin[2] += group.negative[i] ?? 0;
      held += (group.positive[i] ?? 0) + (group.negative[i] ?? 0);
      i++;
    }
    if (theirs <= own) {
      bin[1] += comparator.positive[j] ?? 0;
      bin[3] += comparator.negative[j] ?? 0;
      held += (comparator.positive[j] ?? 0) + (comparator.negative[j] ?? 0);
      j++;
    }
  }
  return {
    size: bins.length,
    positive: Float64Array.from(bins.flatMap((bin) => [bin[0], bin[1]])),
    negative: Float64Array.from(bins.flatMap((bin) => [bin[2], bin[3]])),
  };
}

/** How many different numbers two ascending lists of such hold. */
function distinct(a: Float64Array, b: Float64Array): number {
  let [i, j, found] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x = 0, y = 0] = [a[i], b[j]];
    if (x <= y) i++;
    if (y <= x) j++;
    found++;
  }
  return found + (a.length - i) + (b.length - j);
}

function column(table: Float64Array, place: 0 | 1): Float64Array {
  return table.filter((_, index) => index % 2 === place);
}
