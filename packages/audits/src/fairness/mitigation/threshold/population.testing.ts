import { binomial, PhiloxStream } from "@assay/compute";
import type { ScoreCells } from "./cells.ts";
import { acceptance, type Mixture } from "./mixture.ts";

/** A group of a population that is known: how common it is, its base rate, and its scores given the label. */
export interface KnownGroup {
  readonly share: number;
  readonly base: number;
  /** Chance of each level of the score, rows of negative and of positive label; both add up to 1. */
  readonly negative: readonly number[];
  readonly positive: readonly number[];
}

/** Scores rise with the level; decisions before are positive from half of the levels on. */
export const scoreOf = (level: number): number => level / 10;

/** Levels of a score whose log-odds rise by `skill` from the least to the highest. */
export function levelsOf(count: number, centre: number, skill: number): Pick<KnownGroup, "negative" | "positive"> {
  const weights = (tilt: number): number[] => {
    const raw = Array.from({ length: count }, (_, level) => {
      const height = (level + 0.5) / count;
      return Math.exp(-((height - centre) ** 2) / 0.12 + tilt * height);
    });
    const sum = raw.reduce((total, one) => total + one, 0);
    return raw.map((one) => one / sum);
  };
  return { negative: weights(-skill / 2), positive: weights(skill / 2) };
}

/** n rows of a population, as sorted scores of each group. */
export function drawCells(population: readonly KnownGroup[], n: number, seed: number, stream: number): ScoreCells {
  const random = new PhiloxStream(seed, stream);
  const levels = population[0]?.negative.length ?? 0;
  const chances: number[] = [];
  for (const { share, base, negative, positive } of population) {
    for (let level = 0; level < levels; level++) {
      chances.push(share * (1 - base) * (negative[level] ?? 0), share * base * (positive[level] ?? 0));
    }
  }
  let left = n;
  let mass = 1_000_000_000;
  const counts = chances.map((chance) => {
    const part = Math.min(mass, Math.round(chance * 1_000_000_000));
    const drawn = binomial(random, left, part, mass);
    left -= drawn;
    mass -= part;
    return drawn;
  });
  const entries: { group: number; level: number; negative: number; positive: number }[] = [];
  for (const [index, negative] of counts.entries()) {
    if (index % 2 === 1) continue;
    const positive = counts[index + 1] ?? 0;
    if (negative + positive === 0) continue;
    entries.push({ group: Math.floor(index / 2 / levels), level: (index / 2) % levels, negative, positive });
  }
  const rows = new Float64Array(4 * entries.length);
  for (const [index, entry] of entries.entries()) {
    const before = entry.level >= levels / 2 ? 1 : 0;
    rows[before * entries.length + index] = entry.negative;
    rows[(2 + before) * entries.length + index] = entry.positive;
  }
  return {
    sizes: Uint32Array.from(population, (_, group) => entries.filter((entry) => entry.group === group).length),
    scores: Float64Array.from(entries, (entry) => scoreOf(entry.level)),
    weights: null,
    rows,
  };
}

/** The rates that rules have in the whole population, exactly: of each group and, last, of all. */
export function trueRates(population: readonly KnownGroup[], rules: readonly Mixture[]) {
  const all = { selection: 0, correct: 0, mass: 0, tp: 0, fp: 0, p: 0, n: 0 };
  const groups = population.map(({ share, base, negative, positive }, group) => {
    let tpr = 0;
    let fpr = 0;
    for (let level = 0; level < negative.length; level++) {
      const chance = acceptance(rules[group] ?? [], scoreOf(level));
      tpr += chance * (positive[level] ?? 0);
      fpr += chance * (negative[level] ?? 0);
    }
    all.p += share * base;
    all.n += share * (1 - base);
    all.tp += share * base * tpr;
    all.fp += share * (1 - base) * fpr;
    return {
      "selection-rate": base * tpr + (1 - base) * fpr,
      "true-positive-rate": tpr,
      "false-positive-rate": fpr,
      accuracy: base * tpr + (1 - base) * (1 - fpr),
    };
  });
  return [
    ...groups,
    {
      "selection-rate": all.tp + all.fp,
      "true-positive-rate": all.tp / all.p,
      "false-positive-rate": all.fp / all.n,
      accuracy: all.tp + all.n - all.fp,
    },
  ];
}
