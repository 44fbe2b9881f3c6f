import { byEquality, type Forest } from "../../forest.ts";

/**
 * Every value as its rank among the thresholds that the forest has for its column: all decisions on integers of one or
 * two bytes, 16 or 8 rows at a time.
 *
 * The rank of x is the number of thresholds below x; where a column has tests of equality, twice that, and one more
 * where x equals a threshold. A missing x has the highest number of its width.
 */
export interface Ranks {
  /** Columns that some node asks, ascending: the ranked columns. */
  readonly columns: Uint32Array;
  /** i32[inputs]: index in `columns`, or −1. */
  readonly indexOf: Int32Array;
  /** Thresholds of the ranked columns one after the other, each ascending and without repeats. */
  readonly thresholds: Float32Array;
  /** u32[ranked columns + 1]: where each column's thresholds begin. */
  readonly begin: Uint32Array;
  readonly doubled: Uint8Array;
  /** Bytes of a rank: 1, 2 or 4. */
  readonly width: Uint8Array;
  /** Bytes of a row's ranks in the columns before. */
  readonly offset: Uint32Array;
  readonly rowBytes: number;
  /** u32[nodes]: the place of an inner node's threshold among its column's. */
  readonly place: Uint32Array;
}

/** @param least 4 where ranks of one or two bytes are no use, as on a GPU. */
export function rankForest(forest: Forest, least: 1 | 4): Ranks {
  const { inputs, column, threshold, rule } = forest;
  const values: number[][] = Array.from({ length: inputs }, () => []);
  const asked = new Uint8Array(inputs);
  const equal = new Uint8Array(inputs);
  for (const [node, index] of column.entries()) {
    if (index < 0) continue;
    asked[index] = 1;
    if (((rule[node] ?? 0) & byEquality) !== 0) equal[index] = 1;
    // + 0 makes −0 and 0 one threshold, as they are one to ≤.
    values[index]?.push((threshold[node] ?? 0) + 0);
  }
  const columns = Uint32Array.from([...asked.keys()].filter((index) => asked[index] === 1));
  const sorted = [...columns].map((index) => Float32Array.from(new Set(values[index])).sort());
  const indexOf = new Int32Array(inputs).fill(-1);
  const begin = new Uint32Array(columns.length + 1);
  const doubled = new Uint8Array(columns.length);
  const width = new Uint8Array(columns.length);
  const offset = new Uint32Array(columns.length);
  let rowBytes = 0;
  for (const [index, one] of columns.entries()) {
    indexOf[one] = index;
    const count = sorted[index]?.length ?? 0;
    begin[index + 1] = (begin[index] ?? 0) + count;
    doubled[index] = equal[one] ?? 0;
    const highest = doubled[index] === 1 ? 2 * count : count;
    width[index] = least === 4 || highest > 65534 ? 4 : highest > 254 ? 2 : 1;
    offset[index] = rowBytes;
    rowBytes += width[index] ?? 0;
  }
  const thresholds = new Float32Array(begin[columns.length] ?? 0);
  for (const [index, list] of sorted.entries()) thresholds.set(list, begin[index]);
  const place = new Uint32Array(column.length);
  for (const [node, one] of column.entries()) {
    if (one < 0) continue;
    const list = sorted[indexOf[one] ?? 0] ?? new Float32Array(0);
    place[node] = lowerBound(list, threshold[node] ?? 0);
  }
  return { columns, indexOf, thresholds, begin, doubled, width, offset, rowBytes, place };
}

/** How many of an ascending list are below a value. */
function lowerBound(list: Float32Array, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
