/** A statistic whose null distribution is drawn until its p value is settled. */
export interface Sought {
  readonly observed: number;
  /** An upper bound of the p value that is known without drawing; 1 where none is. */
  readonly bound: number;
}

/** Replicates drawn at once. */
const chunk = 1000;

/** Draws as extreme as the data after which a p value is precise enough: a standard error of a twentieth of it. */
const enough = 400;

/**
 * Monte-Carlo p values of statistics that share their draws.
 * - Where `enough` draws were as extreme, drawing stops: p = enough / draws, exact in size (J. Besag and P. Clifford,
 *   Biometrika 78 (1991) 301–304, doi:10.1093/biomet/78.2.301).
 * - Else p = (1 + as extreme) / (1 + replicates) (Phipson and Smyth, doi:10.2202/1544-6115.1585).
 * - Where no draw would be as extreme, the bound stands in: it can be far smaller than replicates can tell.
 * @param draw the statistics' values in replicates [first, first + count)
 */
export async function settle(
  sought: readonly Sought[],
  replicates: number,
  draw: (first: number, count: number) => Promise<readonly Float64Array[]>,
): Promise<number[]> {
  const ps = sought.map((one): number | null => (one.bound <= 1 / (1 + replicates) ? one.bound : null));
  const extreme = sought.map(() => 0);
  for (let first = 0; first < replicates && ps.includes(null); first += chunk) {
    const count = Math.min(chunk, replicates - first);
    const values = await draw(first, count);
    for (const [index, one] of sought.entries()) {
      if (ps[index] !== null) continue;
      // Ties count as extreme, whatever their rounding.
      const least = one.observed * (1 - 1e-9);
      let seen = extreme[index] ?? 0;
      const own = values[index];
      for (let replicate = 0; replicate < count; replicate++) {
        if ((own?.[replicate] ?? 0) < least) continue;
        seen++;
        if (seen === enough) {
          ps[index] = enough / (first + replicate + 1);
          break;
        }
      }
      extreme[index] = seen;
    }
  }
  return ps.map((p, index) => {
    if (p !== null) return p;
    const seen = extreme[index] ?? 0;
    const estimate = (1 + seen) / (1 + replicates);
    return seen === 0 ? Math.min(estimate, sought[index]?.bound ?? 1) : estimate;
  });
}
