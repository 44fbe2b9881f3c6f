import { exp, log } from "@assay/compute";
import { startsUpTo } from "./anytime-p.ts";
import { logGamma } from "./beta.ts";
import { gammaTail } from "./gamma.ts";

/** Strengths of the priors around the baseline's shares, in rows; beside them stands Jeffreys'. */
const strengths = [20, 200, 2000] as const;
const steps = 45;

interface Prior {
  readonly alphas: readonly number[];
  /** log Γ(Σ α) − Σ log Γ(α). */
  readonly log: number;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** Dirichlet priors of the later shares, chosen from the baseline alone: what is bet before later data are seen. */
function priorsOf(baseline: readonly number[]): Prior[] {
  const total = sumOf(baseline) + baseline.length / 2;
  return [
    baseline.map(() => 0.5),
    ...strengths.map((strength) => baseline.map((count) => (strength * (count + 0.5)) / total)),
  ].map((alphas) => ({
    alphas,
    log: logGamma(sumOf(alphas)) - alphas.reduce((sum, alpha) => sum + logGamma(alpha), 0),
  }));
}

/** Log of the chance of these rows in one order, averaged over the priors. */
function logMixture(priors: readonly Prior[], counts: readonly number[]): number {
  const total = sumOf(counts);
  const logs = priors.map(
    ({ alphas, log: own }) =>
      own +
      alphas.reduce((sum, alpha, bin) => sum + logGamma(alpha + (counts[bin] ?? 0)), 0) -
      logGamma(sumOf(alphas) + total),
  );
  const most = Math.max(...logs);
  return most + log(logs.reduce((sum, one) => sum + exp(one - most), 0) / priors.length);
}

/** Σ counts × log shares; bins without rows say nothing. */
function logLikelihood(counts: readonly number[], shares: readonly number[]): number {
  let sum = 0;
  for (const [bin, count] of counts.entries()) if (count > 0) sum += count * log(shares[bin] ?? 0);
  return sum;
}

/**
 * p values of "rows fall into the bins as in the baseline", one for each look, which hold at all looks together and for ever, as
 * `rateDriftPs` has it of two bins. `baseline`: rows of each bin, none of them empty; `later`: rows of each bin in each period.
 *
 * Of each candidate share of the bins, the baseline has the p value of its likelihood ratio (χ² with bins − 1 degrees of freedom,
 * large-sample), and later data an e-process: the mixture of Dirichlet-multinomial likelihoods over the candidate's. A start
 * stands for its weight of the error, so that the least over starts holds for all of them. The p value is the least α at which
 * the baseline's candidates at α / 2 and those that later data leave at α / 2 have none in common; both are sets of a weighted
 * likelihood, and what makes the smaller of the two p values greatest lies between the two observed shares.
 * S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Annals of Statistics 49 (2021) 1055–1080, doi:10.1214/20-AOS1991;
 * M. Lindon, A. Malek, Advances in Neural Information Processing Systems 35 (2022) 2817–2831.
 */
export function distributionDriftPs(baseline: readonly number[], later: readonly (readonly number[])[]): number[] {
  const priors = priorsOf(baseline);
  const starts = startsUpTo(later.length);
  const held = starts.map(() => baseline.map(() => 0));
  let least = 1;
  return later.map((counts, look) => {
    if (sumOf(counts) === 0) return least;
    for (const [index, { place, weight }] of starts.entries()) {
      const own = held[index];
      if (own === undefined || place > look) continue;
      for (const [bin, count] of counts.entries()) own[bin] = (own[bin] ?? 0) + count;
      least = Math.min(least, startP(baseline, own, logMixture(priors, own) + log(weight), least));
    }
    return least;
  });
}

/** The p value of one start; no less than `most` is told exactly. */
function startP(baseline: readonly number[], own: readonly number[], evidence: number, most: number): number {
  const [n, m] = [sumOf(baseline), sumOf(own)];
  const before = baseline.map((count) => count / n);
  const after = own.map((count) => count / m);
  const highest = logLikelihood(baseline, before);
  const doubt = (shares: readonly number[]): number => Math.min(1, exp(logLikelihood(own, shares) - evidence));
  const fit = (shares: readonly number[]): number =>
    gammaTail(highest - logLikelihood(baseline, shares), (baseline.length - 1) / 2);
  // At the baseline's own shares its p value is 1: the least doubt there is.
  if (2 * doubt(before) >= most) return most;
  let inner = 0;
  let outer = 1;
  const between = (part: number): number[] => before.map((share, bin) => share + part * ((after[bin] ?? 0) - share));
  for (let step = 0; step < steps; step++) {
    const middle = (inner + outer) / 2;
    const shares = between(middle);
    if (fit(shares) > doubt(shares)) inner = middle;
    else outer = middle;
  }
  return Math.min(1, 2 * Math.max(doubt(between(inner)), fit(between(outer))));
}
