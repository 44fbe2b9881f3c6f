import { type Device, permute, resample } from "@assay/compute";
import { quantiles, type ScoreCurve } from "../../statistics/index.ts";
import { areaBetween, areasOf, countsOf } from "./between-rocs.ts";

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
  for (const area of areasOf({ ...one, ...exchanged }, { ...other, ...exchanged }, replicates))
    if (area >= seen * (1 - 1e-12)) reached++;
  const p = reached / (replicates + 1);

  const columns = tables.flatMap((table) => [column(table, 0), column(table, 1)]);
  const drawn = [];
  for (const [place, counts] of columns.entries()) {
    drawn.push(await resample(device, { counts, replicates, seed, stream: stream + 2 + place }));
  }
  const areas = areasOf(
    { ...countsOf(columns[0] ?? [], columns[2] ?? [], 1, 0), positive: drawn[0] ?? [], negative: drawn[2] ?? [] },
    { ...countsOf(columns[1] ?? [], columns[3] ?? [], 1, 0), positive: drawn[1] ?? [], negative: drawn[3] ?? [] },
    replicates,
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
