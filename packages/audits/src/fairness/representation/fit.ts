import { binomial, PhiloxStream } from "@assay/compute";
import { replicatesFor } from "../../groups/share-test.ts";
import { gammaTail } from "../../statistics/index.ts";
import { fewestExpected, type Tested } from "./independence.ts";

/** Shares as whole parts of this many, since draws take fractions of integers. */
const parts = 2 ** 40;

/**
 * Pearson's test that `n` rows with these shares are a draw from the population's: by χ² where at least 5 rows are expected
 * of every group, else against simulated multinomial draws. `n` is an effective number where rows carry weights (first-order
 * correction of J. N. K. Rao and A. J. Scott, JASA 76 (1981) 221–230, doi:10.1080/01621459.1981.10477633).
 * Null where there is one group, or no row.
 */
export function fitTest(
  shares: readonly number[],
  population: readonly number[],
  n: number,
  run: { readonly replicates: number; readonly seed: number; readonly stream: number },
): Tested | null {
  const freedom = population.length - 1;
  if (freedom < 1 || !(n > 0)) return null;
  let statistic = 0;
  for (const [index, share] of population.entries()) {
    const off = (shares[index] ?? 0) - share;
    statistic += (n * off * off) / share;
  }
  if (population.every((share) => n * share >= fewestExpected)) {
    return { statistic, freedom, p: gammaTail(statistic / 2, freedom / 2), method: "chi-square" };
  }
  const rows = Math.max(1, Math.round(n));
  const weights = population.map((share) => Math.max(1, Math.round(share * parts)));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const replicates = replicatesFor(run.replicates, population.length);
  const random = new PhiloxStream(run.seed, run.stream);
  const bound = statistic * (1 - 1e-9);
  let reached = 1;
  for (let replicate = 0; replicate < replicates; replicate++) {
    let left = rows;
    let rest = total;
    let drawn = 0;
    for (const [index, weight] of weights.entries()) {
      const count = left === 0 ? 0 : binomial(random, left, weight, rest);
      left -= count;
      rest -= weight;
      const expected = rows * (population[index] ?? 1);
      drawn += (count - expected) ** 2 / expected;
    }
    if (drawn >= bound) reached++;
  }
  return { statistic, freedom, p: reached / (replicates + 1), method: "simulation" };
}
