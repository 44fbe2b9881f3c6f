/** Batches whose means are compared. */
const batches = 20;

/**
 * As how many independent values a series counts for the share of it at or below a threshold: n over how much more the shares
 * of 20 batches, one after another, differ than those of independent values would (batch means; P. Heidelberger and
 * P. A. W. Lewis, Operations Research 32 (1984) 185–209, doi:10.1287/opre.32.1.185). Never more than n; n where there are
 * too few values to tell.
 * @param series in the order in which it came
 */
export function independentCount(series: ArrayLike<number>, threshold: number): number {
  const n = series.length;
  const size = Math.floor(n / batches);
  if (size < 2) return n;
  const shares: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    let below = 0;
    for (let place = batch * size; place < (batch + 1) * size; place++) {
      if ((series[place] ?? 0) <= threshold) below++;
    }
    shares.push(below / size);
  }
  const mean = shares.reduce((sum, share) => sum + share, 0) / batches;
  const alone = (mean * (1 - mean)) / size;
  if (alone === 0) return n;
  const between = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (batches - 1);
  return n / Math.max(1, between / alone);
}
