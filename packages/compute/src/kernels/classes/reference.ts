import { type Classes, type ClassesInput, noClass } from "./index.ts";

/** One row after the other, keys as texts. */
export function classesReference({ columns, rows, counts, classOf }: ClassesInput): Classes {
  const known = new Map<string, number>();
  const firsts: number[] = [];
  const totals: number[] = [];
  const ids = new Uint32Array(rows).fill(noClass);
  for (let row = 0; row < rows; row++) {
    const times = counts?.[row] ?? 1;
    if (times === 0) continue;
    const key = columns.map(({ codes }) => codes[row]).join();
    let id = known.get(key);
    if (id === undefined) {
      id = firsts.length;
      known.set(key, id);
      firsts.push(row);
      totals.push(0);
    }
    totals[id] = (totals[id] ?? 0) + times;
    ids[row] = id;
  }
  return {
    firsts: Uint32Array.from(firsts),
    counts: Float64Array.from(totals),
    classOf: classOf ? ids : null,
  };
}
