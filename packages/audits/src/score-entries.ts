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
export function gatherScores(rows: ScoreRows): { entries: ScoreEntries; missing: number } {
  let missing = 0;
  let kept = 0;
  for (let row = 0; row < rows.label.length; row++) {
    if (rows.label[row] === 0 || Number.isNaN(rows.scores[row])) missing += rows.counts?.[row] ?? 1;
    else if (rows.counts?.[row] !== 0) kept++;
  }
  return { entries: rows.weights || rows.counts ? foldKeyed(rows, kept) : foldPlain(rows, kept), missing };
}

/** Without weights and counts: sort the scores of each label by themselves, natively, and zip. */
function foldPlain({ label, scores }: ScoreRows, kept: number): ScoreEntries {
  let ups = 0;
  for (let row = 0; row < label.length; row++) if (label[row] === 2 && !Number.isNaN(scores[row])) ups++;
  const positive = new Float64Array(ups);
  const negative = new Float64Array(kept - ups);
  let up = 0;
  let down = 0;
  for (let row = 0; row < label.length; row++) {
    // + 0 makes one key of 0 and −0.
    const score = (scores[row] ?? 0) + 0;
    if (label[row] === 0 || Number.isNaN(score)) continue;
    if (label[row] === 2) positive[up++] = score;
    else negative[down++] = score;
  }
  positive.sort();
  negative.sort();
  const ones = { weights: null };
  return mergeScores(
    runs({ scores: positive, ...ones }, () => 1, "positive"),
    runs({ scores: negative, ...ones }, () => 1, "negative"),
  );
}

/** With weights or counts: sort row numbers by key. */
function foldKeyed({ label, scores, weights, counts }: ScoreRows, kept: number): ScoreEntries {
  const order = new Uint32Array(kept);
  let place = 0;
  for (let row = 0; row < label.length; row++) {
    if (label[row] !== 0 && !Number.isNaN(scores[row]) && counts?.[row] !== 0) order[place++] = row;
  }
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || (weights?.[a] ?? 0) - (weights?.[b] ?? 0) || a - b);
  const side = (code: number, name: "positive" | "negative"): ScoreEntries => {
    const rows = order.filter((row) => label[row] === code);
    return runs(
      {
        scores: Float64Array.from(rows, (row) => (scores[row] ?? 0) + 0),
        weights: weights && Float64Array.from(rows, (row) => weights[row] ?? 0),
      },
      (index) => counts?.[rows[index] ?? 0] ?? 1,
      name,
    );
  };
  return mergeScores(side(2, "positive"), side(1, "negative"));
}

/** Folds equal keys of a sorted list, all of one label. */
function runs(
  sorted: { readonly scores: Float64Array; readonly weights: Float64Array | null },
  times: (index: number) => number,
  label: "positive" | "negative",
): ScoreEntries {
  const { scores, weights } = sorted;
  const isNew = (index: number): boolean =>
    index === 0 || scores[index] !== scores[index - 1] || (weights !== null && weights[index] !== weights[index - 1]);
  let unique = 0;
  for (let index = 0; index < scores.length; index++) if (isNew(index)) unique++;
  const keys = new Float64Array(unique);
  const keyWeights = weights && new Float64Array(unique);
  const rows = new Float64Array(unique);
  for (let index = 0, place = -1; index < scores.length; index++) {
    if (isNew(index)) {
      place++;
      keys[place] = scores[index] ?? 0;
      if (keyWeights && weights) keyWeights[place] = weights[index] ?? 0;
    }
    rows[place] = (rows[place] ?? 0) + times(index);
  }
  const none = new Uint8Array(unique);
  return {
    scores: keys,
    weights: keyWeights,
    positive: label === "positive" ? narrow(rows) : none,
    negative: label === "negative" ? narrow(rows) : none,
  };
}

/** Zips two sorted lists. Associative and commutative: the result is a function of the rows alone. */
export function mergeScores(a: ScoreEntries, b: ScoreEntries): ScoreEntries {
  const compare = (i: number, j: number): number => {
    if (i >= a.scores.length) return 1;
    if (j >= b.scores.length) return -1;
    const [x = 0, y = 0] = [a.scores[i], b.scores[j]];
    if (x !== y) return x < y ? -1 : 1;
    if (a.weights === null || b.weights === null) return 0;
    return (a.weights[i] ?? 0) - (b.weights[j] ?? 0);
  };
  let unique = 0;
  for (let i = 0, j = 0; i < a.scores.length || j < b.scores.length; unique++) {
    const side = compare(i, j);
    if (side <= 0) i++;
    if (side >= 0) j++;
  }
  const scores = new Float64Array(unique);
  const weights = a.weights && b.weights && new Float64Array(unique);
  const positive = roomFor(unique, a.positive, b.positive);
  const negative = roomFor(unique, a.negative, b.negative);
  for (let i = 0, j = 0, place = 0; place < unique; place++) {
    const side = compare(i, j);
    let up = 0;
    let down = 0;
    if (side >= 0) {
      scores[place] = b.scores[j] ?? 0;
      if (weights) weights[place] = b.weights?.[j] ?? 0;
      up += b.positive[j] ?? 0;
      down += b.negative[j] ?? 0;
      j++;
    }
    if (side <= 0) {
      scores[place] = a.scores[i] ?? 0;
      if (weights) weights[place] = a.weights?.[i] ?? 0;
      up += a.positive[i] ?? 0;
      down += a.negative[i] ?? 0;
      i++;
    }
    positive[place] = up;
    negative[place] = down;
  }
  return { scores, weights, positive: narrow(positive), negative: narrow(negative) };
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

/** An array wide enough for the sums of two counts; bytes stay bytes where that is sure. */
function roomFor(length: number, a: Counts, b: Counts): Counts {
  const most = largest(a) + largest(b);
  return fitting(most, length);
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
