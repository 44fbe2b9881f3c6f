import type { Narrow } from "./narrow.ts";

/** Equal keys gathered, sorted by key. */
export interface Groups {
  /** One array per word, each as long as there are groups; keys rise lexicographically. */
  readonly words: readonly Uint32Array[];
  /** People of each group. */
  readonly counts: Float64Array;
  /** Group of each entry. */
  readonly groupOf: Uint32Array;
}

/**
 * Gathers the people of equal keys by a radix sort of the keys, and no object per entry. `words` are columns of 32-bit
 * parts of the key, the first the most significant; `counts` are the people of each entry.
 */
export function gatherKeys(words: readonly Uint32Array[], counts: Narrow): Groups {
  const order = sortedOrder(words, counts.length);
  const groupOf = new Uint32Array(order.length);
  const firsts = new Uint32Array(order.length);
  const sums = new Float64Array(order.length);
  let groups = 0;
  for (let place = 0; place < order.length; place++) {
    const entry = order[place] ?? 0;
    if (place === 0 || !sameKey(words, order[place - 1] ?? 0, entry)) firsts[groups++] = entry;
    sums[groups - 1] = (sums[groups - 1] ?? 0) + (counts[entry] ?? 0);
    groupOf[entry] = groups - 1;
  }
  return {
    words: words.map((word) => gathered(word, firsts.subarray(0, groups))),
    counts: sums.slice(0, groups),
    groupOf,
  };
}

function sameKey(words: readonly Uint32Array[], a: number, b: number): boolean {
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word?.[a] !== word?.[b]) return false;
  }
  return true;
}

/** Bits of a digit: so many targets of a pass stay in the processor's cache. */
const digitBits = 11;

/** Least-significant-digit radix sort that carries each word along with its index; digits that all keys share cost one look. */
function sortedOrder(keys: readonly Uint32Array[], length: number): Uint32Array {
  let order = new Uint32Array(length);
  for (let index = 0; index < length; index++) order[index] = index;
  let words = new Uint32Array(length);
  let [spareOrder, spareWords] = [new Uint32Array(length), new Uint32Array(length)];
  const starts = new Uint32Array(1 << digitBits);
  const mask = starts.length - 1;
  for (let word = keys.length - 1; word >= 0; word--) {
    const key = keys[word] ?? new Uint32Array(0);
    for (let place = 0; place < length; place++) words[place] = key[order[place] ?? 0] ?? 0;
    for (let shift = 0; shift < 32; shift += digitBits) {
      starts.fill(0);
      for (let place = 0; place < length; place++) {
        const digit = ((words[place] ?? 0) >>> shift) & mask;
        starts[digit] = (starts[digit] ?? 0) + 1;
      }
      if (starts[((words[0] ?? 0) >>> shift) & mask] === length) continue;
      let start = 0;
      for (let digit = 0; digit < starts.length; digit++) {
        const count = starts[digit] ?? 0;
        starts[digit] = start;
        start += count;
      }
      for (let place = 0; place < length; place++) {
        const value = words[place] ?? 0;
        const digit = (value >>> shift) & mask;
        const target = starts[digit] ?? 0;
        spareOrder[target] = order[place] ?? 0;
        spareWords[target] = value;
        starts[digit] = target + 1;
      }
      [order, spareOrder] = [spareOrder, order];
      [words, spareWords] = [spareWords, words];
    }
  }
  return order;
}

/** `values[index]` for every index. */
export function gathered(values: ArrayLike<number>, indexes: Uint32Array): Uint32Array {
  const result = new Uint32Array(indexes.length);
  for (let place = 0; place < result.length; place++) result[place] = values[indexes[place] ?? 0] ?? 0;
  return result;
}
