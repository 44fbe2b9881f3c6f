import type { Corner } from "./hull.ts";

/** A rule of one group: one of these thresholds is drawn for each row, with its probability; they add up to 1. */
export interface Part {
  readonly corner: Corner;
  readonly probability: number;
}

export type Mixture = readonly Part[];

/** Probabilities below this are rounding, and no part of a rule. */
const dust = 1e-12;

/** A share of the way from one corner to another. */
export function between(from: Corner, to: Corner, share: number): Mixture {
  if (!(share > dust)) return [{ corner: from, probability: 1 }];
  if (share > 1 - dust) return [{ corner: to, probability: 1 }];
  return [
    { corner: from, probability: 1 - share },
    { corner: to, probability: share },
  ];
}

/** Parts of one corner as one part, none of hardly any probability; they add up to 1, thresholds fall. */
export function tidy(parts: Mixture): Mixture {
  const held = new Map<number, Part>();
  for (const part of parts) {
    const before = held.get(part.corner.threshold)?.probability ?? 0;
    held.set(part.corner.threshold, { corner: part.corner, probability: before + part.probability });
  }
  const kept = [...held.values()].filter(({ probability }) => probability > dust);
  const sum = kept.reduce((total, { probability }) => total + probability, 0);
  return kept
    .map(({ corner, probability }) => ({ corner, probability: probability / sum }))
    .sort((a, b) => b.corner.threshold - a.corner.threshold);
}

/** Chance that a row of this score is accepted. */
export function acceptance(mixture: Mixture, score: number): number {
  let chance = 0;
  for (const { corner, probability } of mixture) if (score >= corner.threshold) chance += probability;
  return chance > 1 - dust ? 1 : chance;
}
