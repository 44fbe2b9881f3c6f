import type { EncodedFeature, EncodedRows } from "./encode-rows.ts";

/** Rows that are alike in every feature, together: a point. */
export interface DistinctRows {
  readonly size: number;
  /** int32[rows]: the point of each row; −1 where it is left out. */
  readonly pointOf: Int32Array;
  /** float32[size] for each column of distances: numbers and one-hot texts. */
  readonly columns: readonly Float32Array[];
}

/**
 * The points of the rows used. Their order follows from their values alone, whatever the order of rows, so that ties between
 * points are broken in the same way for any file of the same people.
 */
export function distinctRows({ features }: EncodedRows, times: Float64Array): DistinctRows {
  const rows = times.length;
  const keys = hashRows(features, rows);
  const first: number[] = [];
  const next: number[] = [];
  const heads = new Map<number, number>();
  const found = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    if ((times[row] ?? 0) === 0) continue;
    const key = keys[row] ?? 0;
    const head = heads.get(key);
    let point = head ?? -1;
    while (point !== -1 && !alike(features, first[point] ?? 0, row)) point = next[point] ?? -1;
    if (point === -1) {
      point = first.length;
      first.push(row);
      next.push(head ?? -1);
      heads.set(key, point);
    }
    found[row] = point;
  }
  const order = Array.from(first.keys());
  order.sort((a, b) => {
    const [left, right] = [first[a] ?? 0, first[b] ?? 0];
    return (keys[left] ?? 0) - (keys[right] ?? 0) || compareRows(features, left, right);
  });
  const placeOf = new Int32Array(order.length);
  for (const [place, point] of order.entries()) placeOf[point] = place;
  const pointOf = found.map((point) => (point === -1 ? -1 : (placeOf[point] ?? 0)));
  const representatives = Uint32Array.from(order, (point) => first[point] ?? 0);
  return { size: order.length, pointOf, columns: features.flatMap((feature) => columnsOf(feature, representatives)) };
}

function columnsOf(feature: EncodedFeature, rows: Uint32Array): Float32Array[] {
  if (feature.kind === "number") {
    const { values, missing } = feature;
    return [
      Float32Array.from(rows, (row) => values[row] ?? 0),
      ...(missing === null ? [] : [Float32Array.from(rows, (row) => missing[row] ?? 0)]),
    ];
  }
  const { codes, size } = feature;
  const columns: Float32Array[] = [];
  for (let code = 0; code < size; code++) {
    const column = new Float32Array(rows.length);
    let any = false;
    for (const [place, row] of rows.entries()) {
      if (codes[row] !== code) continue;
      column[place] = 1;
      any = true;
    }
    if (any) columns.push(column);
  }
  return columns;
}

/** A number of 53 bits for each row, of its values alone. */
function hashRows(features: readonly EncodedFeature[], rows: number): Float64Array {
  const a = new Uint32Array(rows).fill(0x9e3779b9);
  const b = new Uint32Array(rows).fill(0x85ebca6b);
  for (const feature of features) {
    const words =
      feature.kind === "number"
        ? new Uint32Array(feature.values.buffer, feature.values.byteOffset, feature.values.length)
        : feature.codes;
    const missing = feature.kind === "number" ? feature.missing : null;
    for (let row = 0; row < rows; row++) {
      // −0 and 0 are one value.
      let word = words[row] ?? 0;
      if (feature.kind === "number" && word === 0x80000000) word = 0;
      if (missing?.[row] === 1) word ^= 0x5bd1e995;
      a[row] = Math.imul((a[row] ?? 0) ^ word, 0xcc9e2d51) + 0x1b873593;
      a[row] = (a[row] ?? 0) ^ ((a[row] ?? 0) >>> 15);
      b[row] = Math.imul((b[row] ?? 0) ^ (word + 0x27d4eb2f), 0xc2b2ae35) + (a[row] ?? 0);
      b[row] = (b[row] ?? 0) ^ ((b[row] ?? 0) >>> 13);
    }
  }
  const keys = new Float64Array(rows);
  for (let row = 0; row < rows; row++) keys[row] = (a[row] ?? 0) * 0x200000 + ((b[row] ?? 0) & 0x1fffff);
  return keys;
}

function alike(features: readonly EncodedFeature[], a: number, b: number): boolean {
  return compareRows(features, a, b) === 0;
}

function compareRows(features: readonly EncodedFeature[], a: number, b: number): number {
  for (const feature of features) {
    const difference =
      feature.kind === "number"
        ? (feature.missing?.[a] ?? 0) - (feature.missing?.[b] ?? 0) ||
          (feature.values[a] ?? 0) - (feature.values[b] ?? 0)
        : (feature.codes[a] ?? 0) - (feature.codes[b] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
