/** Effective counts of a weighted share: what an unweighted sample of the same precision would hold. */
export interface EffectiveCounts {
  readonly k: number;
  readonly n: number;
}

/** Effective rows of the rarer outcome at which the linearised variance is trusted as much as Kish's. */
const trusted = 20;

/**
 * Effective counts of a weighted share p = Wₖ / W from sums of weights and of squared weights, split by whether rows are
 * counted: n = p(1 − p) / v. The linearised variance v = (Sₖ (1 − p)² + Sᵣ p²) / W² is right in large samples, yet with
 * few rows of either outcome it is uncertain and often too small (86 % coverage in a trial); Kish's, p(1 − p) S / W², is
 * steady but does not see weights that go with the outcome. So where Kish's is the larger, v moves from it to the
 * linearised one as rows of the rarer outcome come in. With these counts the methods for plain shares hold.
 * J. N. K. Rao and A. J. Scott, Biometrics 48 (1992) 577–585, doi:10.2307/2532311; L. Kish, Survey Sampling (1965), 11.7.
 */
export function effectiveCounts(
  counted: { readonly sum: number; readonly squares: number },
  others: { readonly sum: number; readonly squares: number },
): EffectiveCounts {
  const sum = counted.sum + others.sum;
  if (!(sum > 0)) return { k: 0, n: 0 };
  const share = counted.sum / sum;
  const linearised = (counted.squares * (1 - share) ** 2 + others.squares * share ** 2) / sum ** 2;
  const kish = sum ** 2 / (counted.squares + others.squares);
  const steady = (share * (1 - share)) / kish;
  const rows = (part: { readonly sum: number; readonly squares: number }): number =>
    part.squares > 0 ? part.sum ** 2 / part.squares : 0;
  const rarer = Math.min(rows(counted), rows(others));
  const trust = rarer / (rarer + trusted);
  const variance = steady > linearised ? trust * linearised + (1 - trust) * steady : linearised;
  const n = variance > 0 ? (share * (1 - share)) / variance : kish;
  return { k: share * n, n };
}
