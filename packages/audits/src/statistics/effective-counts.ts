/** Effective counts of a weighted share: what an unweighted sample of the same precision would hold. */
export interface EffectiveCounts {
  readonly k: number;
  readonly n: number;
}

/**
 * Effective counts of a weighted share p = Wₖ / W from sums of weights and of squared weights, split by whether rows are
 * counted: the smaller of p(1 − p) / v with the linearised variance v = (Sₖ (1 − p)² + Sᵣ p²) / W², and of Kish's W² / S.
 * With few rows counted the linearised variance is itself uncertain and often too small (88 % coverage in a trial);
 * Kish's does not see weights that go with the outcome. With these counts the methods for plain shares hold.
 * J. N. K. Rao and A. J. Scott, Biometrics 48 (1992) 577–585, doi:10.2307/2532311; L. Kish, Survey Sampling (1965), 11.7.
 */
export function effectiveCounts(
  counted: { readonly sum: number; readonly squares: number },
  others: { readonly sum: number; readonly squares: number },
): EffectiveCounts {
  const sum = counted.sum + others.sum;
  if (!(sum > 0)) return { k: 0, n: 0 };
  const share = counted.sum / sum;
  const variance = (counted.squares * (1 - share) ** 2 + others.squares * share ** 2) / sum ** 2;
  const kish = sum ** 2 / (counted.squares + others.squares);
  const n = variance > 0 ? Math.min(kish, (share * (1 - share)) / variance) : kish;
  return { k: share * n, n };
}
