import { outcomeCount, type SlicesInput } from "./index.ts";

/** Set after set, row after row. */
export function slicesReference({ columns, outcomes, rows, times, sets }: SlicesInput): Float64Array[] {
  return sets.map((set) => {
    const cells = set.reduce((product, column) => product * (columns[column]?.size ?? 0), 1);
    const counts = new Float64Array(cells * outcomeCount);
    for (let row = 0; row < rows; row++) {
      let cell = 0;
      for (const column of set) cell = cell * (columns[column]?.size ?? 0) + (columns[column]?.codes[row] ?? 0);
      const at = cell * outcomeCount + (outcomes[row] ?? 0);
      counts[at] = (counts[at] ?? 0) + (times?.[row] ?? 1);
    }
    return counts;
  });
}
