/** float64[rows × k] and row indexes, as `Nearest`. */
export interface NearestReference {
  readonly indexes: Uint32Array;
  readonly distances: Float64Array;
}

/** What the kernel means: all squared distances of a query in float64, sorted, equal ones by their index. */
export function nearestReference(
  queries: readonly Float32Array[],
  references: readonly Float32Array[],
  { k, excludeSelf = false, scales }: { k: number; excludeSelf?: boolean; scales?: Float32Array },
): NearestReference {
  const rows = queries[0]?.length ?? 0;
  const indexes = new Uint32Array(rows * k);
  const distances = new Float64Array(rows * k);
  for (let query = 0; query < rows; query++) {
    const all = Float64Array.from(references[0] ?? [], (_, reference) => {
      let sum = 0;
      for (const [index, column] of references.entries()) {
        const difference = ((queries[index]?.[query] ?? 0) - (column[reference] ?? 0)) * (scales?.[index] ?? 1);
        sum += difference * difference;
      }
      return sum;
    });
    const order = Array.from(all.keys()).filter((reference) => !(excludeSelf && reference === query));
    order.sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0) || a - b);
    for (const [place, reference] of order.slice(0, k).entries()) {
      indexes[query * k + place] = reference;
      distances[query * k + place] = all[reference] ?? 0;
    }
  }
  return { indexes, distances };
}
