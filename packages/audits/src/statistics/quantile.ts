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
  return quantilesOf(Float64Array.from(values), ps);
}

/** The same of values that may be put in another order. */
export function quantilesOf(work: Float64Array, ps: readonly number[]): number[] {
  if (work.length === 0) return ps.map(() => Number.NaN);
  // What one selection put in its place bounds the next.
  let sorted = -1;
  return ps.map((p) => {
    const place = Math.min(1, Math.max(0, p)) * (work.length - 1);
    const below = Math.floor(place);
    const low = select(work, below, below > sorted ? sorted + 1 : 0);
    sorted = below;
    if (place === below) return low;
    let next = Number.POSITIVE_INFINITY;
    for (let index = below + 1; index < work.length; index++) next = Math.min(next, work[index] ?? next);
    return low + (place - below) * (next - low);
  });
}

/**
 * Reorders `work` so that place k holds its k-th smallest value, nothing greater before it and nothing less after; what is
 * before `from` is known to be no greater than the rest.
 */
function select(work: Float64Array, k: number, from: number): number {
  let left = from;
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
