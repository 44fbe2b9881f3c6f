import { type Forest, goesLeft } from "../../forest.ts";

/** What a view is to the reference: for every column its row indexes, or null where it is read as it is. */
export type ReferenceView = readonly (Uint32Array | null)[];

/** Sums in the order of the trees, float64[rows × outputs]. */
export function predictForestReference(
  forest: Forest,
  columns: readonly Float32Array[],
  rows: number,
  view: ReferenceView = [],
): Float64Array {
  const { outputs, base, roots, left, right, leafOutput, leafValue } = forest;
  const out = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    const sums = out.subarray(row * outputs, (row + 1) * outputs);
    sums.set(base);
    const read = (column: number) => columns[column]?.[view[column]?.[row] ?? row] ?? Number.NaN;
    for (const root of roots) {
      const leaf = findLeaf(forest, root, read);
      for (let entry = left[leaf] ?? 0; entry < (right[leaf] ?? 0); entry++) {
        const output = leafOutput[entry] ?? 0;
        sums[output] = (sums[output] ?? 0) + (leafValue[entry] ?? 0);
      }
    }
  }
  return out;
}

function findLeaf(forest: Forest, root: number, read: (column: number) => number): number {
  let node = root;
  for (;;) {
    const column = forest.column[node] ?? -1;
    if (column < 0) return node;
    node = (goesLeft(forest, node, read(column)) ? forest.left[node] : forest.right[node]) ?? 0;
  }
}
