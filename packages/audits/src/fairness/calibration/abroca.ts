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
  const value = areaBetween(steps(group), steps(comparator));
  if (value === null) return null;
  if (group.positive !== group.positiveSquares) return { value, debiased: value, low: null, high: null, p: null };
  const { replicates, seed, stream, device } = options;
  const together = thinned(group, comparator);
  const seen = areaAt(together, 0) ?? 0;
  const size = together.size;

  const shuffled = [];
  for (const [label, table] of [together.positive, together.negative].entries()) {
    shuffled.push(await permute(device, { table, rows: size, columns: 2, replicates, seed, stream: stream + label }));
  }
  let reached = 1;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const area = areaAt({ size, positive: shuffled[0] ?? [], negative: shuffled[1] ?? [] }, replicate * size * 2);
    if ((area ?? 0) >= seen * (1 - 1e-12)) reached++;
  }
  const p = reached / (replicates + 1);

  const drawn = [];
  for (const [place, counts] of [
    column(together.positive, 0),
    column(together.positive, 1),
    column(together.negative, 0),
    column(together.negative, 1),
  ].entries()) {
    drawn.push(await resample(device, { counts, replicates, seed, stream: stream + 2 + place }));
  }
  const areas = new Float64Array(replicates);
  let sum = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const start = replicate * size;
    const curve = (positive: ArrayLike<number>, negative: ArrayLike<number>) =>
      rates(positive, negative, start, size, 1, 0);
    const area = areaBetween(curve(drawn[0] ?? [], drawn[2] ?? []), curve(drawn[1] ?? [], drawn[3] ?? [])) ?? 0;
    areas[replicate] = area;
    sum += area;
  }
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

/** Points of a ROC curve from (0, 0), highest threshold first. */
interface Steps {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function steps({ positive, negative, scores }: ScoreCurve): Steps | null {
  return rates(positive, negative, 0, scores.length, 1, 0);
}

/** The ROC curve of counts by ascending score, every `stride`-th from `offset`. Null where a label has none. */
function rates(
  positive: ArrayLike<number>,
  negative: ArrayLike<number>,
  start: number,
  size: number,
  stride: number,
  offset: number,
): Steps | null {
  const x = new Float64Array(size + 1);
  const y = new Float64Array(size + 1);
  let up = 0;
  let down = 0;
  for (let index = size - 1, point = 1; index >= 0; index--, point++) {
    const at = start + index * stride + offset;
    up += positive[at] ?? 0;
    down += negative[at] ?? 0;
    x[point] = down;
    y[point] = up;
  }
  if (!(up > 0 && down > 0)) return null;
  for (let point = 1; point <= size; point++) {
    x[point] = (x[point] ?? 0) / down;
    y[point] = (y[point] ?? 0) / up;
  }
  return { x, y };
}

/** ∫ |a − b|, both piecewise linear over [0, 1]; null where either is not there. */
function areaBetween(a: Steps | null, b: Steps | null): number | null {
  if (a === null || b === null) return null;
  let [i, j] = [0, 0];
  let at = 0;
  let area = 0;
  while (at < 1) {
    // The segments that lie right of here.
    while (i < a.x.length - 2 && (a.x[i + 1] ?? 1) <= at) i++;
    while (j < b.x.length - 2 && (b.x[j + 1] ?? 1) <= at) j++;
    const next = Math.min(a.x[i + 1] ?? 1, b.x[j + 1] ?? 1);
    if (!(next > at)) break;
    const from = heightAt(a, i, at) - heightAt(b, j, at);
    const to = heightAt(a, i, next) - heightAt(b, j, next);
    const width = next - at;
    area +=
      from * to >= 0
        ? (width * (Math.abs(from) + Math.abs(to))) / 2
        : (width * (from * from + to * to)) / (2 * (Math.abs(from) + Math.abs(to)));
    at = next;
  }
  return area;
}

function heightAt({ x, y }: Steps, segment: number, at: number): number {
  const [x0 = 0, x1 = 1] = [x[segment], x[segment + 1]];
  const [y0 = 0, y1 = 1] = [y[segment], y[segment + 1]];
  return x1 > x0 ? y0 + ((at - x0) / (x1 - x0)) * (y1 - y0) : y1;
}

/** Counts of both groups at few thresholds: [threshold × 2] for each label, thresholds ascending. */
interface Together {
  readonly size: number;
  readonly positive: ArrayLike<number> & Float64Array;
  readonly negative: ArrayLike<number> & Float64Array;
}

function areaAt(
  {
    size,
    positive,
    negative,
  }: { readonly size: number; readonly positive: ArrayLike<number>; readonly negative: ArrayLike<number> },
  start: number,
): number | null {
  return areaBetween(rates(positive, negative, start, size, 2, 0), rates(positive, negative, start, size, 2, 1));
}

function thinned(group: ScoreCurve, comparator: ScoreCurve): Together {
  const scores = [...new Set([...group.scores, ...comparator.scores])].sort((a, b) => a - b);
  const rows = group.totals.positive + group.totals.negative + comparator.totals.positive + comparator.totals.negative;
  const each = scores.length <= coarse ? 0 : rows / coarse;
  const bins: [number, number, number, number][] = [];
  let [i, j] = [0, 0];
  let held = Number.POSITIVE_INFINITY;
  for (const score of scores) {
    if (held >= each) {
      bins.push([0, 0, 0, 0]);
      held = 0;
    }
    const bin = bins[bins.length - 1];
    if (bin === undefined) break;
    if (group.scores[i] === score) {
      bin[0] += group.positive[i] ?? 0;
      bin[2] += group.negative[i] ?? 0;
      held += (group.positive[i] ?? 0) + (group.negative[i] ?? 0);
      i++;
    }
    if (comparator.scores[j] === score) {
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

function column(table: Float64Array, place: 0 | 1): Float64Array {
  return table.filter((_, index) => index % 2 === place);
}
