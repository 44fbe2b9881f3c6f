import { openDevice } from "@assay/compute";
import { describe, expect, it } from "vitest";
import { type Evidence, rateAt, toldMetric } from "../estimates.ts";
import { findGap, type GapContext, gaps } from "../gaps.ts";
import { mitigationInput } from "../settings.ts";
import { expectedOutcomes } from "./front.ts";
import { learn } from "./learn.ts";
import { lessonOf } from "./measure.ts";
import { drawCells, type KnownGroup, levelsOf, trueRates } from "./population.testing.ts";
import { rateNames, replicate } from "./replicates.ts";

interface World {
  readonly name: string;
  readonly population: readonly KnownGroup[];
  readonly constraint: "demographic-parity" | "equalized-odds" | "true-positive-rate-parity";
  readonly tolerance: number;
  readonly rows: number;
}

const two = (levels: number): KnownGroup[] => [
  { share: 0.6, base: 0.5, ...levelsOf(levels, 0.55, 3) },
  { share: 0.4, base: 0.35, ...levelsOf(levels, 0.4, 2.4) },
];
const worlds: readonly World[] = [
  { name: "parity, ten levels", population: two(10), constraint: "demographic-parity", tolerance: 0, rows: 1500 },
  { name: "odds, ten levels", population: two(10), constraint: "equalized-odds", tolerance: 0, rows: 1500 },
  {
    name: "odds within 10 points, sixty levels",
    population: two(60),
    constraint: "equalized-odds",
    tolerance: 0.1,
    rows: 1500,
  },
  {
    name: "true-positive rates of three groups, sixty levels",
    population: [
      ...two(60).map((group) => ({ ...group, share: group.share * 0.85 })),
      { share: 0.15, base: 0.3, ...levelsOf(60, 0.5, 2) },
    ],
    constraint: "true-positive-rate-parity",
    tolerance: 0,
    rows: 3000,
  },
];

/** `ASSAY_TRIALS=2000` makes a study of it. */
const trials = Number(process.env.ASSAY_TRIALS ?? 60);
const replicates = 199;
const confidence = 0.95;

/**
 * Data from a known population, again and again: rules are learned, and their intervals worked out as the audit does. What
 * they must hold: the rates that the very rules learned have in the whole population, and the gaps between them.
 */
async function study(world: World) {
  const device = await openDevice("cpu");
  const { population } = world;
  const groups = population.map((_, group) => ({ values: [String(group)], known: true }));
  const input = mitigationInput.parse({ constraint: world.constraint, tolerance: world.tolerance, min_count: 1 });
  const places = groups.map((_, place) => place);
  const held = new Map<string, number>();
  const estimates = new Map<string, { low: number; high: number; value: number }[]>();
  const bands = new Map<string, { low: number; high: number }[]>();
  try {
    for (let trial = 0; trial < trials; trial++) {
      const train = drawCells(population, Math.round(world.rows * 0.7), 11, trial * 2);
      const test = drawCells(population, Math.round(world.rows * 0.3), 11, trial * 2 + 1);
      const cells = { train, test, decided: true };
      const lesson = lessonOf(cells, groups, input);
      const learned = learn(lesson);
      const relearned = await replicate(device, {
        ...cells,
        learned,
        lesson,
        replicates,
        seed: 5,
        stream: trial * 10,
        signal: new AbortController().signal,
      });
      const evidence: Evidence = {
        outcomes: expectedOutcomes(cells, learned),
        unconstrained: null,
        groups: groups.length,
        confidence,
        relearned,
        learnsBefore: false,
      };
      const truth = trueRates(population, learned.rules);
      const count = (key: string, low: number, high: number, value: number): void => {
        held.set(key, (held.get(key) ?? 0) + (low <= value && value <= high ? 1 : 0));
      };
      for (const [place, rates] of truth.entries()) {
        for (const name of rateNames) {
          const where = { part: "test", version: "after", groups: place < groups.length ? [place] : places } as const;
          const { interval, estimate } = rateAt(toldMetric(name), where, evidence);
          const { low, high } = interval ?? { low: 0, high: 1 };
          const of = place < groups.length ? `group ${place}` : "all";
          count(`${name} of ${of}`, low, high, rates[name]);
          const key = `${name} of ${of}, over such rules`;
          estimates.set(key, [...(estimates.get(key) ?? []), { low, high, value: estimate.value }]);
        }
      }
      const context: GapContext = { evidence, by: ["group"], known: places, minCount: 0 };
      for (const gap of gaps) {
        const found = findGap(gap, "test", "after", context);
        const { low, high } = typeof found === "string" ? { low: 0, high: 1 } : found.at(confidence);
        const range = (name: (typeof rateNames)[number]): number => {
          const values = truth.slice(0, groups.length).map((rates) => rates[name]);
          return Math.max(...values) - Math.min(...values);
        };
        count(gap.metric, low, high, Math.max(...gap.rates.map(range)));
        bands.set(gap.metric, [...(bands.get(gap.metric) ?? []), { low, high }]);
      }
    }
  } finally {
    device.dispose();
  }
  // The mean over rules learned from such rows: what the procedure gives.
  for (const [key, found] of estimates) {
    const mean = found.reduce((sum, one) => sum + one.value, 0) / found.length;
    held.set(key, found.filter((one) => one.low <= mean && mean <= one.high).length);
  }
  const meanOf = (name: string, place: number): number => {
    const found = estimates.get(`${name} of group ${place}, over such rules`) ?? [];
    return found.reduce((sum, one) => sum + one.value, 0) / found.length;
  };
  for (const gap of gaps) {
    const ranges = gap.rates.map((name) => {
      const means = places.map((place) => meanOf(name, place));
      return Math.max(...means) - Math.min(...means);
    });
    const truth = Math.max(...ranges);
    const share = (bands.get(gap.metric) ?? []).filter(({ low, high }) => low <= truth && truth <= high).length;
    held.set(`${gap.metric}, over such rules`, share);
  }
  return new Map([...held].map(([key, count]) => [key, count / trials]));
}

describe("intervals of mitigated decisions cover what the rules do in a known population", () => {
  it.each(worlds)("$name", { timeout: 120_000 }, async (world) => {
    const coverage = await study(world);
    // Three standard errors of the simulation below the level.
    const least = confidence - 3 * Math.sqrt((confidence * (1 - confidence)) / trials);
    const short = [...coverage].filter(([, share]) => share < least);
    if (process.env.ASSAY_TRIALS)
      process.stdout.write(`${world.name} ${JSON.stringify(Object.fromEntries(coverage))}\n`);
    expect(short).toEqual([]);
  });
});
