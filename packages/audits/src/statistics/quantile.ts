/**
 * Quantiles by selection, without sorting: linear interpolation between order statistics
 * (type 7 of Hyndman and Fan, doi:10.1080/00031305.1996.10473566; numpy's default).
 * @param values finite numbers, not changed; NaN where there is none
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantiles(values, [p])[0] ?? Number.NaN;
}

/** Several quantiles of the same values, copying them once. */
export function quantiles(values: ArrayLike<number>, ps: readonly number[]): number[] {
  const work = Float64Array.from(values);
  if (work.length === 0) return ps.map(() => Number.NaN);
  return ps.map((p) => {
    const place = Math.min(1, Math.max(0, p)) * (work.length - 1);
    const below = Math.floor(place);
    const low = select(work, below);
    if (place === below) return low;
    let next = Number.POSITIVE_INFINITY;
    for (let index = below + 1; index < work.length; index++) next = Math.min(next, work[index] ?? next);
    return low + (place - below) * (next - low);
  });
}

/** Reorders `work` so that place k holds its k-th smallest value, nothing greater before it and nothing less after. */
function select(work: Float64Array, k: number): number {
  let left = 0;
  let right = work.length - 1;
  while (left < right) {
    const pivot = work[(left + right) >> 1] ?? 0;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((work[i] ?? 0) < pivot) i++;
      while ((work[j] ?? 0) > pivot) j--;
      if (i <= j) {
        const held = work[i] ?? 0;
        work[i] = work[j] ?? 0;
        work[j] = held;
        i++;
        j--;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return work[k] ?? Number.NaN;
}
