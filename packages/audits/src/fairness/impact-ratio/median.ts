/**
 * The lower median of all scores, found exactly without sorting them and without carrying them: each round either lists
 * the different scores left in play, if they are few, or counts them by the next 16 bits of a key that orders as the
 * numbers do. At most four rounds; two-decimal or decile scores need one.
 */

/** Different scores a summary may list. The last 16 bits of a key never hold more. */
export const listLimit = 1 << 16;
const depths = 4;

/** Scores in play, counted: by value in rising order, or by the next digit of their keys. */
export type ScoreCounts =
  | { readonly kind: "values"; readonly values: Float64Array; readonly counts: Float64Array }
  | { readonly kind: "digits"; readonly digits: Uint32Array; readonly counts: Float64Array };

/** What one round saw: the scores whose keys begin with `prefix`. */
export type SearchRound = {
  readonly prefix: readonly number[];
  readonly found: ScoreCounts;
};

/** Counts the scores of a step. NaN is missing. `limit` is for tests. */
export function searchScores(
  scores: Float64Array,
  multiplicity: Float64Array | null,
  prefix: readonly number[],
  limit = listLimit,
): SearchRound {
  const digitOf = keyReader();
  const listed = new Map<number, number>();
  let digits: Float64Array | null = null;
  for (let row = 0; row < scores.length; row++) {
    const times = multiplicity === null ? 1 : (multiplicity[row] ?? 0);
    // −0 and 0 are one score.
    const score = (scores[row] ?? Number.NaN) + 0;
    if (times === 0 || Number.isNaN(score)) continue;
    if (prefix.length > 0 && !prefix.every((digit, depth) => digitOf(score, depth) === digit)) continue;
    if (digits === null) {
      listed.set(score, (listed.get(score) ?? 0) + times);
      if (listed.size > limit) {
        digits = new Float64Array(1 << 16);
        for (const [value, count] of listed) {
          const digit = digitOf(value, prefix.length);
          digits[digit] = (digits[digit] ?? 0) + count;
        }
      }
    } else {
      const digit = digitOf(score, prefix.length);
      digits[digit] = (digits[digit] ?? 0) + times;
    }
  }
  return { prefix, found: digits === null ? listOf(listed) : sparse(digits) };
}

/** Associative: whether values are still listed depends on how many there are together, not on who came first. */
export function mergeSearch(a: SearchRound, b: SearchRound, limit = listLimit): SearchRound {
  if (a.found.kind === "values" && b.found.kind === "values") {
    const counts = new Map<number, number>();
    for (const { values, counts: own } of [a.found, b.found]) {
      for (const [index, value] of values.entries()) counts.set(value, (counts.get(value) ?? 0) + (own[index] ?? 0));
    }
    if (counts.size <= limit) return { prefix: a.prefix, found: listOf(counts) };
  }
  const digits = new Float64Array(1 << 16);
  const digitOf = keyReader();
  for (const { found } of [a, b]) {
    const keys = found.kind === "values" ? found.values : found.digits;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? 0;
      const digit = found.kind === "values" ? digitOf(key, a.prefix.length) : key;
      digits[digit] = (digits[digit] ?? 0) + (found.counts[index] ?? 0);
    }
  }
  return { prefix: a.prefix, found: sparse(digits) };
}

/** Where the search stands: the median is known, another round is needed, or there is no score. */
export type SearchState =
  | { readonly kind: "none" }
  | { readonly kind: "search"; readonly prefix: readonly number[] }
  | { readonly kind: "found"; readonly lower: number; readonly upper: number | null };

/**
 * @param rounds the merged rounds so far, first first
 * @returns `lower`: the score of rank ⌈n/2⌉. `upper`: the score of rank ⌊n/2⌋ + 1, null where it is the next score above
 *   `lower` and lies outside the last round's list.
 */
export function searchState(rounds: readonly SearchRound[]): SearchState {
  const [first] = rounds;
  if (!first) return { kind: "search", prefix: [] };
  const n = first.found.counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) return { kind: "none" };
  let rank = Math.ceil(n / 2);
  for (const { prefix, found } of rounds) {
    let before = 0;
    let at = 0;
    while (at < found.counts.length - 1 && before + (found.counts[at] ?? 0) < rank) before += found.counts[at++] ?? 0;
    if (found.kind === "values") {
      const isBetween = n % 2 === 0 && before + (found.counts[at] ?? 0) === rank;
      const lower = found.values[at] ?? 0;
      return { kind: "found", lower, upper: isBetween ? (found.values[at + 1] ?? null) : lower };
    }
    rank -= before;
    const next = [...prefix, found.digits[at] ?? 0];
    if (rounds.length <= next.length) return { kind: "search", prefix: next };
  }
  return { kind: "none" };
}

function listOf(counts: ReadonlyMap<number, number>): ScoreCounts {
  const values = Float64Array.from(counts.keys()).sort();
  return { kind: "values", values, counts: values.map((value) => counts.get(value) ?? 0) };
}

function sparse(dense: Float64Array): ScoreCounts {
  const digits: number[] = [];
  const counts: number[] = [];
  for (let digit = 0; digit < dense.length; digit++) {
    const count = dense[digit] ?? 0;
    if (count === 0) continue;
    digits.push(digit);
    counts.push(count);
  }
  return { kind: "digits", digits: Uint32Array.from(digits), counts: Float64Array.from(counts) };
}

/** Reads 16-bit digits of a float64's order-preserving key: sign flipped for positives, all bits for negatives. */
function keyReader(): (value: number, depth: number) => number {
  const view = new DataView(new ArrayBuffer(8));
  return (value, depth) => {
    if (depth >= depths) throw new RangeError(`a key has ${depths} digits`);
    view.setFloat64(0, value);
    const flip = view.getUint8(0) >= 128 ? 0xffff : depth === 0 ? 0x8000 : 0;
    return view.getUint16(depth * 2) ^ flip;
  };
}
