/** A candidate value of what may have drifted: how far the baseline and what came later are each at odds with it. */
export interface Candidate {
  /** The baseline's p value of that candidate: 1 at the baseline's estimate, falling to both sides. */
  readonly baseline: (candidate: number) => number;
  /** Log of the e-process of later data against that candidate: one valley. */
  readonly evidence: (candidate: number) => number;
  /** Its slope. */
  readonly slope: (candidate: number) => number;
  /** The baseline's estimate. */
  readonly from: number;
  readonly low: number;
  readonly high: number;
}

const steps = 45;

/**
 * A p value that holds at every look: the least α at which the baseline's set of candidates at α / 2 and the set that later
 * data leave at α / 2 have none in common. For the true candidate both sets hold it with chance 1 − α, the later one at all
 * looks together (Ville's inequality), so that P(at any look p ≤ α) ≤ α where nothing changed. What is no less than `most`, the
 * least of the looks before, is told as `most`.
 */
export function anytimeP({ baseline, evidence, slope, from, low, high }: Candidate, most: number): number {
  const doubt = (candidate: number): number => Math.min(1, Math.exp(-evidence(candidate)));
  // The baseline's estimate is a candidate as any other, and most often settles it.
  if (2 * Math.min(baseline(from), doubt(from)) >= most) return most;
  let left = low;
  let right = high;
  for (let step = 0; step < steps; step++) {
    const middle = (left + right) / 2;
    if (slope(middle) < 0) left = middle;
    else right = middle;
  }
  const valley = (left + right) / 2;
  if (doubt(from) >= baseline(from)) return most;
  // From the baseline's estimate to the valley the one falls and the other rises: they meet once.
  let inner = from;
  let outer = valley;
  for (let step = 0; step < steps; step++) {
    const middle = (inner + outer) / 2;
    if (baseline(middle) > doubt(middle)) inner = middle;
    else outer = middle;
  }
  return Math.min(most, 2 * Math.max(doubt(inner), Math.min(baseline(outer), doubt(outer))));
}

/**
 * Places of the looks from which on later data are held against the baseline anew, 0, 1, 2, 3, 5, 7, 11, 15, …, so that a change
 * is not drowned by what came before it. Fixed beforehand; their weights 1 / (j (j + 1)) sum to at most 1.
 */
export function startsUpTo(looks: number): { readonly place: number; readonly weight: number }[] {
  const starts: { place: number; weight: number }[] = [];
  for (let j = 1; ; j++) {
    const half = Math.floor(j / 2);
    const place = (j === 1 ? 1 : j % 2 === 0 ? 2 ** half : 3 * 2 ** (half - 1)) - 1;
    if (place >= looks) return starts;
    starts.push({ place, weight: 1 / (j * (j + 1)) });
  }
}

/** log Σ w e^x over terms, with what weight is left counted as 1, and the share of each term in the sum. */
export function mixed(
  terms: readonly { readonly weight: number; readonly log: number }[],
  rest: number,
): { readonly log: number; readonly shares: readonly number[] } {
  const most = Math.max(0, ...terms.map((term) => term.log));
  let sum = Math.max(0, rest) * Math.exp(-most);
  const parts = terms.map(({ weight, log }) => weight * Math.exp(log - most));
  for (const part of parts) sum += part;
  return { log: most + Math.log(sum), shares: parts.map((part) => part / sum) };
}
