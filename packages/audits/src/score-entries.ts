import { type Device, type Ranks, ranks } from "@assay/compute";
import type { Codes } from "@assay/dataset";

export type Counts = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * Rows with a score and a label, as sorted unique scores (or score and weight) with the rows of each label: all that any
 * score metric needs. Merges as a stream of sorted keys. At most one entry per row; 10 bytes each without weights or
 * repeated scores, so that four million distinct scores take 40 MB and ten million 100 MB.
 */
export type ScoreEntries = {
  /** Ascending. */
  readonly scores: Float64Array;
  /** Ascending within a score; null where rows carry no weights. */
  readonly weights: Float64Array | null;
  /** Rows of each label, in the smallest type that holds the largest. */
  readonly positive: Counts;
  readonly negative: Counts;
};

export interface ScoreRows {
  /** Binary label codes: 1 is negative, 2 positive, 0 missing. */
  readonly label: Codes;
  /** NaN is missing. */
  readonly scores: Float64Array;
  readonly weights: Float64Array | null;
  readonly counts: Float64Array | null;
}

/** Sorts and folds the rows that have both; tells how many do not. */
export async function gatherScores(
  device: Device,
  { label, scores, weights, counts }: ScoreRows,
): Promise<{ entries: ScoreEntries; missing: number }> {
  let missing = 0;
  for (let row = 0; row < label.length; row++) {
    if (label[row] === 0 || Number.isNaN(scores[row])) missing += counts?.[row] ?? 1;
  }
  const strata = { codes: label, size: 3 };
  return {
    entries: entriesOf(await ranks(device, { scores, weights, strata, parts: null, counts, order: false })),
    missing,
  };
}

/** Entries of ranks whose strata are binary labels. */
export function entriesOf({ scores, weights, rows }: Ranks): ScoreEntries {
  const negative = narrow(rows.slice(0, scores.length));
  return { scores, weights, positive: narrow(rows.slice(scores.length)), negative };
}

/** Zips two sorted lists. Associative and commutative: the result is a function of the rows alone. */
export function mergeScores(a: ScoreEntries, b: ScoreEntries): ScoreEntries {
  const weighted = a.weights !== null && b.weights !== null;
  // One type for all, so that the loop is compiled for it: lists of a million entries are merged again and again.
  const [x, y] = [wide(a), wide(b)];
  const [lengthX, lengthY] = [x.scores.length, y.scores.length];
  const scores = new Float64Array(lengthX + lengthY);
  const weights = new Float64Array(weighted ? scores.length : 0);
  const positive = new Float64Array(scores.length);
  const negative = new Float64Array(scores.length);
  let place = 0;
  let i = 0;
  let j = 0;
  for (; i < lengthX && j < lengthY; place++) {
    const left = x.scores[i] ?? 0;
    const right = y.scores[j] ?? 0;
    // Which comes first is anybody's guess, so numbers instead of branches: 1 where an entry is taken, both at a tie.
    let takeX = Number(left <= right);
    let takeY = Number(right <= left);
    if (weighted) {
      const [leftWeight, rightWeight] = [x.weights[i] ?? 0, y.weights[j] ?? 0];
      if (left === right) {
        takeX = Number(leftWeight <= rightWeight);
        takeY = Number(rightWeight <= leftWeight);
      }
      weights[place] = takeX === 1 ? leftWeight : rightWeight;
    }
    scores[place] = Math.min(left, right);
    positive[place] = takeX * (x.positive[i] ?? 0) + takeY * (y.positive[j] ?? 0);
    negative[place] = takeX * (x.negative[i] ?? 0) + takeY * (y.negative[j] ?? 0);
    i += takeX;
    j += takeY;
  }
  for (const [rest, from] of [
    [x, i],
    [y, j],
  ] as const) {
    scores.set(rest.scores.subarray(from), place);
    if (weighted) weights.set(rest.weights.subarray(from), place);
    positive.set(rest.positive.subarray(from), place);
    negative.set(rest.negative.subarray(from), place);
    place += rest.scores.length - from;
  }
  return {
    scores: scores.slice(0, place),
    weights: weighted ? weights.slice(0, place) : null,
    positive: narrow(positive.subarray(0, place)),
    negative: narrow(negative.subarray(0, place)),
  };
}

function wide({ scores, weights, positive, negative }: ScoreEntries) {
  return {
    scores,
    weights: weights ?? new Float64Array(0),
    positive: new Float64Array(positive),
    negative: new Float64Array(negative),
  };
}

/** Entries [start, end) of a list, without copying. */
export function partOfScores(entries: ScoreEntries, start: number, end: number): ScoreEntries {
  return {
    scores: entries.scores.subarray(start, end),
    weights: entries.weights?.subarray(start, end) ?? null,
    positive: entries.positive.subarray(start, end),
    negative: entries.negative.subarray(start, end),
  };
}

/** Lists laid end to end, each still sorted by itself; `weighted` says what an empty one would be. */
export function joinScores(parts: readonly ScoreEntries[], weighted: boolean): ScoreEntries {
  const length = parts.reduce((sum, part) => sum + part.scores.length, 0);
  const scores = new Float64Array(length);
  const weights = weighted ? new Float64Array(length) : null;
  const most = (take: (part: ScoreEntries) => Counts): Counts =>
    fitting(
      parts.reduce((top, part) => Math.max(top, largest(take(part))), 0),
      length,
    );
  const positive = most((part) => part.positive);
  const negative = most((part) => part.negative);
  let start = 0;
  for (const part of parts) {
    scores.set(part.scores, start);
    if (weights && part.weights) weights.set(part.weights, start);
    positive.set(part.positive, start);
    negative.set(part.negative, start);
    start += part.scores.length;
  }
  return { scores, weights, positive, negative };
}

/** Sorted lists merged to one, in pairs of like number so that each entry is touched few times. */
export function mergeAllScores(parts: readonly ScoreEntries[], weighted: boolean): ScoreEntries {
  let lists = parts;
  while (lists.length > 1) {
    const next: ScoreEntries[] = [];
    for (let index = 0; index < lists.length; index += 2) {
      const [a, b] = [lists[index], lists[index + 1]];
      if (a && b) next.push(mergeScores(a, b));
      else if (a) next.push(a);
    }
    lists = next;
  }
  const [whole] = lists;
  return whole ? joinScores([whole], weighted) : joinScores([], weighted);
}

/** The same counts in the smallest type that holds them: what the digest sees depends on the counts alone. */
function narrow(counts: Counts): Counts {
  const narrowed = fitting(largest(counts), counts.length);
  if (narrowed.constructor === counts.constructor) return counts;
  narrowed.set(counts);
  return narrowed;
}

function fitting(most: number, length: number): Counts {
  if (most < 256) return new Uint8Array(length);
  if (most < 65_536) return new Uint16Array(length);
  return most < 4_294_967_296 ? new Uint32Array(length) : new Float64Array(length);
}

function largest(counts: Counts): number {
  let most = 0;
  // An index, not for…of: this runs over every row of every merge.
  for (let index = 0; index < counts.length; index++) if ((counts[index] ?? 0) > most) most = counts[index] ?? 0;
  return most;
}
