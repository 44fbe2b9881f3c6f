/** Rows by key, keys ascending and unique: a sparse histogram, or exact values, that merges as a stream. */
export type KeyCounts = { readonly keys: Float64Array; readonly rows: Float64Array };

export const noKeys: KeyCounts = { keys: new Float64Array(0), rows: new Float64Array(0) };

export function keyCounts(counted: ReadonlyMap<number, number>): KeyCounts {
  const keys = Float64Array.from(counted.keys()).sort();
  return { keys, rows: Float64Array.from(keys, (key) => counted.get(key) ?? 0) };
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
