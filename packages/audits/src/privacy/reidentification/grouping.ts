import type { Narrow } from "./narrow.ts";

/** Equal keys gathered, sorted by key. */
export interface Groups {
  /** One array per word, each as long as there are groups; keys rise lexicographically. */
  readonly words: readonly Uint32Array[];
  /** Rows (their multiplicities summed) of each group. */
  readonly counts: Float64Array;
  /** Group of each row; `noGroup` for rows of multiplicity 0. */
  readonly groupOf: Uint32Array;
}

export const noGroup = 0xffffffff;

/**
 * Gathers equal keys in one pass over the rows: open addressing over typed arrays, no object per row or group, then a
 * radix sort of the groups. `words` are columns of 32-bit parts of the key; `multiplicity` null counts each row once.
 */
export function groupRows(words: readonly Uint32Array[], rows: number, multiplicity: Narrow | null): Groups {
  // Small at first: few groups then stay in the cache, however many rows there are.
  let capacity = 1 << 10;
  // Hash and group side by side: a probe costs one line of memory.
  let slots = new Uint32Array(2 * capacity);
  let firsts = new Uint32Array(1 << 8);
  let counts = new Float64Array(1 << 8);
  const groupOf = new Uint32Array(rows);
  let groups = 0;

  for (let row = 0; row < rows; row++) {
    const times = multiplicity === null ? 1 : (multiplicity[row] ?? 0);
    if (times === 0) {
      groupOf[row] = noGroup;
      continue;
    }
    const hash = hashRow(words, row);
    let slot = hash & (capacity - 1);
    let found = noGroup;
    for (let entry = slots[2 * slot + 1] ?? 0; entry !== 0; entry = slots[2 * slot + 1] ?? 0) {
      if (slots[2 * slot] === hash && sameKey(words, firsts[entry - 1] ?? 0, row)) {
        found = entry - 1;
        break;
      }
      slot = (slot + 1) & (capacity - 1);
    }
    if (found === noGroup) {
      found = groups++;
      if (groups > counts.length) {
        firsts = grown(firsts, new Uint32Array(counts.length * 2));
        counts = grown(counts, new Float64Array(counts.length * 2));
      }
      firsts[found] = row;
      slots[2 * slot] = hash;
      slots[2 * slot + 1] = groups;
      if (groups * 2 > capacity) {
        capacity *= 4;
        slots = rehashed(slots, capacity);
      }
    }
    counts[found] = (counts[found] ?? 0) + times;
    groupOf[row] = found;
  }

  const keys = words.map((word) => {
    const key = new Uint32Array(groups);
    for (let group = 0; group < groups; group++) key[group] = word[firsts[group] ?? 0] ?? 0;
    return key;
  });
  const order = sortedOrder(keys, groups);
  const rank = new Uint32Array(groups);
  for (let place = 0; place < groups; place++) rank[order[place] ?? 0] = place;
  for (let row = 0; row < rows; row++) {
    const group = groupOf[row] ?? noGroup;
    if (group !== noGroup) groupOf[row] = rank[group] ?? 0;
  }
  const sorted = new Float64Array(groups);
  for (let place = 0; place < groups; place++) sorted[place] = counts[order[place] ?? 0] ?? 0;
  return { words: keys.map((key) => gathered(key, order)), counts: sorted, groupOf };
}

/** Murmur3's mixing of 32-bit words. */
function hashRow(words: readonly Uint32Array[], row: number): number {
  let hash = 0;
  for (let index = 0; index < words.length; index++) {
    let part = Math.imul(words[index]?.[row] ?? 0, 0xcc9e2d51);
    part = (part << 15) | (part >>> 17);
    hash ^= Math.imul(part, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function sameKey(words: readonly Uint32Array[], a: number, b: number): boolean {
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word?.[a] !== word?.[b]) return false;
  }
  return true;
}

function grown<T extends Uint32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

function rehashed(from: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(2 * capacity);
  for (let old = 0; old < from.length; old += 2) {
    if (from[old + 1] === 0) continue;
    const hash = from[old] ?? 0;
    let slot = hash & (capacity - 1);
    while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & (capacity - 1);
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = from[old + 1] ?? 0;
  }
  return slots;
}

/** Least-significant-digit radix sort, 16 bits at a time; digits that all keys share cost one look. */
function sortedOrder(keys: readonly Uint32Array[], length: number): Uint32Array {
  let order = new Uint32Array(length);
  for (let index = 0; index < length; index++) order[index] = index;
  let spare = new Uint32Array(length);
  const starts = new Uint32Array(1 << 16);
  for (let word = keys.length - 1; word >= 0; word--) {
    const key = keys[word] ?? new Uint32Array(0);
    for (const shift of [0, 16]) {
      starts.fill(0);
      for (let index = 0; index < length; index++) {
        const digit = ((key[index] ?? 0) >>> shift) & 0xffff;
        starts[digit] = (starts[digit] ?? 0) + 1;
      }
      if (starts[((key[0] ?? 0) >>> shift) & 0xffff] === length) continue;
      let start = 0;
      for (let digit = 0; digit < starts.length; digit++) {
        const count = starts[digit] ?? 0;
        starts[digit] = start;
        start += count;
      }
      for (let place = 0; place < length; place++) {
        const index = order[place] ?? 0;
        const digit = ((key[index] ?? 0) >>> shift) & 0xffff;
        const target = starts[digit] ?? 0;
        spare[target] = index;
        starts[digit] = target + 1;
      }
      [order, spare] = [spare, order];
    }
  }
  return order;
}

function gathered(values: Uint32Array, order: Uint32Array): Uint32Array {
  const result = new Uint32Array(order.length);
  for (let place = 0; place < result.length; place++) result[place] = values[order[place] ?? 0] ?? 0;
  return result;
}
