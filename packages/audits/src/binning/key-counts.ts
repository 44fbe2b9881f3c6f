/** Rows by key, keys ascending and unique: a sparse histogram, or exact values, that merges as a stream. */
export type KeyCounts = { readonly keys: Float64Array; readonly rows: Float64Array };

export const noKeys: KeyCounts = { keys: new Float64Array(0), rows: new Float64Array(0) };

/**
 * Counts keys given in any order, once each or as often as `times` says.
 * @param keys sorted in place where there is no `times`
 */
export function countKeys(keys: Float64Array, times: Float64Array | null): KeyCounts {
  if (times) {
    const counted = new Map<number, number>();
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? 0;
      counted.set(key, (counted.get(key) ?? 0) + (times[index] ?? 0));
    }
    const unique = Float64Array.from(counted.keys()).sort();
    return { keys: unique, rows: Float64Array.from(unique, (key) => counted.get(key) ?? 0) };
  }
  keys.sort();
  return foldSorted(keys, null);
}

/** Keys that rise, equal ones folded together. */
export function foldSorted(keys: Float64Array, rows: Float64Array | null): KeyCounts {
  let unique = 0;
  for (let index = 0; index < keys.length; index++) if (index === 0 || keys[index] !== keys[index - 1]) unique++;
  const folded = { keys: new Float64Array(unique), rows: new Float64Array(unique) };
  for (let index = 0, place = -1; index < keys.length; index++) {
    if (index === 0 || keys[index] !== keys[index - 1]) folded.keys[++place] = keys[index] ?? 0;
    folded.rows[place] = (folded.rows[place] ?? 0) + (rows?.[index] ?? 1);
  }
  return folded;
}

/** Associative and commutative. */
export function mergeKeys(a: KeyCounts, b: KeyCounts): KeyCounts {
  const keys = new Float64Array(a.keys.length + b.keys.length);
  const rows = new Float64Array(keys.length);
  let [i, j, place] = [0, 0, 0];
  for (; i < a.keys.length || j < b.keys.length; place++) {
    const left = a.keys[i] ?? Number.POSITIVE_INFINITY;
    const right = b.keys[j] ?? Number.POSITIVE_INFINITY;
    const takesLeft = j >= b.keys.length || (i < a.keys.length && left <= right);
    const takesRight = i >= a.keys.length || (j < b.keys.length && right <= left);
    keys[place] = takesLeft ? left : right;
    rows[place] = (takesLeft ? (a.rows[i++] ?? 0) : 0) + (takesRight ? (b.rows[j++] ?? 0) : 0);
  }
  return { keys: keys.slice(0, place), rows: rows.slice(0, place) };
}

export function totalRows({ rows }: KeyCounts): number {
  return rows.reduce((sum, count) => sum + count, 0);
}
