import { alignClasses } from "./align.ts";
import type { Classes, SensitiveEntries } from "./classes.ts";
import { type Narrow, narrow } from "./narrow.ts";

const absent = 0xffffffff;

/**
 * Adds the people of two summaries, class by class: one walk along both sorted lists. Counts are integers, so the
 * result does not depend on who was merged with whom first.
 */
export function mergeClasses(left: Classes, right: Classes): Classes {
  const [a, b] = alignClasses(left, right);
  const lengthA = a.counts.length;
  const lengthB = b.counts.length;
  const fromA = new Uint32Array(lengthA + lengthB);
  const fromB = new Uint32Array(lengthA + lengthB);
  let length = 0;
  for (let i = 0, j = 0; i < lengthA || j < lengthB; length++) {
    const order = i === lengthA ? 1 : j === lengthB ? -1 : compareKeys(a.words, i, b.words, j);
    fromA[length] = order <= 0 ? i++ : absent;
    fromB[length] = order >= 0 ? j++ : absent;
  }
  const words = a.words.map((word, index) => {
    const other = b.words[index] ?? new Uint32Array(0);
    const merged = new Uint32Array(length);
    for (let at = 0; at < length; at++) {
      const source = fromA[at] ?? absent;
      merged[at] = (source === absent ? other[fromB[at] ?? 0] : word[source]) ?? 0;
    }
    return merged;
  });
  const counts = new Float64Array(length);
  for (let at = 0; at < length; at++) counts[at] = countAt(a.counts, fromA[at]) + countAt(b.counts, fromB[at]);
  return {
    disclosure: "rows",
    identifiers: a.identifiers,
    words,
    counts: narrow(counts),
    sensitive: a.sensitive.map((one, index) => {
      const other = b.sensitive[index];
      return other ? mergeEntries(one, other, fromA.subarray(0, length), fromB.subarray(0, length)) : one;
    }),
  };
}

function compareKeys(a: readonly Uint32Array[], i: number, b: readonly Uint32Array[], j: number): number {
  for (let word = 0; word < a.length; word++) {
    const difference = (a[word]?.[i] ?? 0) - (b[word]?.[j] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function mergeEntries(
  a: SensitiveEntries,
  b: SensitiveEntries,
  fromA: Uint32Array,
  fromB: Uint32Array,
): SensitiveEntries {
  const lengths = new Uint32Array(fromA.length);
  const codes = new Uint32Array(a.codes.length + b.codes.length);
  const counts = new Float64Array(codes.length);
  let at = 0;
  // Classes are walked in order on both sides, so entries are too.
  let i = 0;
  let j = 0;
  for (let owner = 0; owner < lengths.length; owner++) {
    const endA = i + countAt(a.lengths, fromA[owner]);
    const endB = j + countAt(b.lengths, fromB[owner]);
    const first = at;
    while (i < endA || j < endB) {
      const codeA = i < endA ? (a.codes[i] ?? 0) : absent;
      const codeB = j < endB ? (b.codes[j] ?? 0) : absent;
      codes[at] = Math.min(codeA, codeB);
      counts[at] = (codeA <= codeB ? (a.counts[i++] ?? 0) : 0) + (codeB <= codeA ? (b.counts[j++] ?? 0) : 0);
      at++;
    }
    lengths[owner] = at - first;
  }
  return {
    column: a.column,
    levels: a.levels,
    lengths: narrow(lengths),
    codes: narrow(codes.slice(0, at)),
    counts: narrow(counts.slice(0, at)),
  };
}

function countAt(values: Narrow, index: number | undefined): number {
  return index === undefined || index === absent ? 0 : (values[index] ?? 0);
}
