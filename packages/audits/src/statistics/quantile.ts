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
    select(work, below, below > sorted ? sorted + 1 : 0, work.length - 1);
    const low = work[below] ?? Number.NaN;
    sorted = below;
    if (place === below) return low;
    let next = Number.POSITIVE_INFINITY;
    for (let index = below + 1; index < work.length; index++) {
      const value = work[index] ?? next;
      if (value < next) next = value;
    }
    return low + (place - below) * (next - low);
  });
}

/** With more places than these, a pivot is chosen from a sample. */
const sampledFrom = 600;

/**
 * Reorders `work` from `left` to `right` so that place k holds the value that sorting would put there, nothing greater before
 * it and nothing less after. The pivot comes from a sample about where k must lie, so that nearly every value is looked at
 * once. R. W. Floyd and R. L. Rivest, Algorithm 489, CACM 18 (1975) 173, doi:10.1145/360680.360694.
 */
function select(work: Float64Array, k: number, left: number, right: number): void {
  while (right > left) {
    if (right - left > sampledFrom) {
      const n = right - left + 1;
      const place = k - left + 1;
      const z = Math.log(n);
      const size = 0.5 * Math.exp((2 * z) / 3);
      const spread = 0.5 * Math.sqrt((z * size * (n - size)) / n) * Math.sign(place - n / 2);
      const from = Math.max(left, Math.floor(k - (place * size) / n + spread));
      const to = Math.min(right, Math.floor(k + ((n - place) * size) / n + spread));
      select(work, k, from, to);
    }
    const pivot = work[k] ?? 0;
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
    else return;
  }
}
