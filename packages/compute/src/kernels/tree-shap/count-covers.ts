import { type Forest, goesLeft } from "../../forest.ts";

/**
 * How many rows come to each node: float64[nodes]. Stands in for the training covers of a file that carries none.
 * @param columns the forest's columns, of equal length
 */
export function countCovers(forest: Forest, columns: readonly Float32Array[]): Float64Array {
  const covers = new Float64Array(forest.column.length);
  const rows = columns[0]?.length ?? 0;
  for (const root of forest.roots) {
    for (let row = 0; row < rows; row++) {
      let node = root;
      for (;;) {
        covers[node] = (covers[node] ?? 0) + 1;
        const column = forest.column[node] ?? -1;
        if (column < 0) break;
        const left = goesLeft(forest, node, columns[column]?.[row] ?? Number.NaN);
        node = (left ? forest.left[node] : forest.right[node]) ?? 0;
      }
    }
  }
  return covers;
}
