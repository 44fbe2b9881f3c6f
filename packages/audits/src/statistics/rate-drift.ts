import { anytimeP, type Candidate, mixed, startsUpTo } from "./anytime-p.ts";
import { betaCdf, logGamma } from "./beta.ts";
import { clopperPearson } from "./clopper-pearson.ts";
import type { Interval } from "./interval.ts";

/** k of n. */
export interface RateCounts {
  readonly k: number;
  readonly n: number;
}

/** Strengths of the priors around the baseline's rate, in rows; beside them stands Jeffreys'. */
const strengths = [20, 200, 2000] as const;
const edge = 1e-12;
/** Of tails, relative: far below what a p value is read to. */
const tolerance = 1e-12;

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Priors of the later rate, chosen from the baseline alone: what is bet before later data are seen. */
function priorsOf({ k, n }: RateCounts): { readonly a: number; readonly b: number }[] {
  const middle = (k + 0.5) / (n + 1);
  return [{ a: 0.5, b: 0.5 }, ...strengths.map((size) => ({ a: size * middle, b: size * (1 - middle) }))];
}

/** Log of the chance of a row of k hits and n − k misses in one order, averaged over the priors. */
function logMixture(priors: ReturnType<typeof priorsOf>, { k, n }: RateCounts): number {
  const terms = priors.map(({ a, b }) => ({
    weight: 1 / priors.length,
    log: logBeta(a + k, b + n - k) - logBeta(a, b),
  }));
  const most = Math.max(...terms.map((term) => term.log));
  return most + Math.log(terms.reduce((sum, { weight, log }) => sum + weight * Math.exp(log - most), 0));
}

/**
 * p values of "the rate is still the baseline's", one for each look, which hold at all looks together and for ever: where rows are
 * independent and the rate never changed, the chance that any of them ever falls to α or below is at most α, exactly, at any
 * sizes. `later` are the counts of each period, in order; a look comes after each, and may come within one as well.
 *
 * Of each candidate rate, the baseline has Clopper and Pearson's two-sided p value, and later data an e-process: the mixture of
 * beta-binomial likelihoods over the candidate's (Robbins 1970), averaged over starts. See `anytimeP`.
 * S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, Annals of Statistics 49 (2021) 1055–1080, doi:10.1214/20-AOS1991.
 */
export function rateDriftPs(baseline: RateCounts, later: readonly RateCounts[]): number[] {
  if (!(baseline.n > 0)) return later.map(() => 1);
  const priors = priorsOf(baseline);
  const starts = startsUpTo(later.length);
  const held = starts.map(() => ({ k: 0, n: 0, log: 0 }));
  let least = 1;
  return later.map(({ k, n }, look) => {
    for (const [index, { place }] of starts.entries()) {
      const own = held[index];
      if (own === undefined || place > look) continue;
      own.k += k;
      own.n += n;
      own.log = logMixture(priors, own);
    }
    if (n > 0) least = rateP(baseline, held, starts, least);
    return least;
  });
}

function rateP(
  baseline: RateCounts,
  held: readonly { readonly k: number; readonly n: number; readonly log: number }[],
  starts: readonly { readonly weight: number }[],
  most: number,
): number {
  const open = held.flatMap((own, index) => (own.n > 0 ? [{ ...own, weight: starts[index]?.weight ?? 0 }] : []));
  const rest = 1 - open.reduce((sum, { weight }) => sum + weight, 0);
  const against = (p: number) =>
    mixed(
      open.map(({ k, n, log, weight }) => ({ weight, log: log - k * Math.log(p) - (n - k) * Math.log1p(-p) })),
      rest,
    );
  const candidate: Candidate = {
    from: Math.min(1 - edge, Math.max(edge, baseline.k / baseline.n)),
    low: edge,
    high: 1 - edge,
    baseline: (p) => exactP(baseline, p),
    evidence: (p) => against(p).log,
    slope: (p) => {
      const { shares } = against(p);
      return open.reduce((sum, { k, n }, index) => sum + (shares[index] ?? 0) * ((n - k) / (1 - p) - k / p), 0);
    },
  };
  return anytimeP(candidate, most);
}

/** Clopper and Pearson's two-sided p value of a rate p. */
function exactP({ k, n }: RateCounts, p: number): number {
  const atMost = k >= n ? 1 : betaCdf(1 - p, n - k, k + 1, tolerance);
  const atLeast = k <= 0 ? 1 : betaCdf(p, k, n - k + 1, tolerance);
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}

/**
 * The interval of a change, later rate − baseline's, that holds at all looks together at `confidence`: the baseline's exact
 * interval against the later rate's confidence sequence, each at half of 1 − confidence. `later`: all later rows together.
 */
export function rateChangeInterval(baseline: RateCounts, later: RateCounts, confidence: number): Interval {
  const level = 1 - (1 - confidence) / 2;
  const before = clopperPearson(baseline.k, baseline.n, level);
  const after = rateSequence(baseline, later, level);
  return { low: Math.max(-1, after.low - before.high), high: Math.min(1, after.high - before.low) };
}

/** The rates that later data leave at this level, at all looks together. `baseline` only places the priors. */
export function rateSequence(baseline: RateCounts, { k, n }: RateCounts, confidence: number): Interval {
  if (!(n > 0)) return { low: 0, high: 1 };
  const bound = logMixture(priorsOf(baseline), { k, n }) + Math.log(1 - confidence);
  const isIn = (p: number): boolean =>
    bound - (k > 0 ? k * Math.log(p) : 0) - (k < n ? (n - k) * Math.log1p(-p) : 0) < 0;
  const end = (out: number): number => {
    let inner = k / n;
    let outer = out;
    for (let step = 0; step < steps; step++) {
      const middle = (inner + outer) / 2;
      if (isIn(middle)) inner = middle;
      else outer = middle;
    }
    return outer;
  };
  return { low: k > 0 ? end(0) : 0, high: k < n ? end(1) : 1 };
}

const steps = 60;
