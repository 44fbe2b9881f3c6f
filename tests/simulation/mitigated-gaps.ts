import { writeFileSync } from "node:fs";
import { binomial, type Device, openDevice, PhiloxStream, resample } from "@assay/compute";
import type { Evidence } from "../../packages/audits/src/fairness/mitigation/estimates.ts";
import { changeInterval } from "../../packages/audits/src/fairness/mitigation/gap-change.ts";
import { gapCorrelation } from "../../packages/audits/src/fairness/mitigation/gap-correlation.ts";
import { findGap, type GapContext, gapChange, gaps } from "../../packages/audits/src/fairness/mitigation/gaps.ts";
import type { OutcomeTable } from "../../packages/audits/src/fairness/mitigation/outcomes.ts";
import { mitigationInput } from "../../packages/audits/src/fairness/mitigation/settings.ts";
import { expectedOutcomes } from "../../packages/audits/src/fairness/mitigation/threshold/front.ts";
import { learn } from "../../packages/audits/src/fairness/mitigation/threshold/learn.ts";
import { lessonOf } from "../../packages/audits/src/fairness/mitigation/threshold/measure.ts";
import {
  drawCells,
  type KnownGroup,
  levelsOf,
  trueRates,
} from "../../packages/audits/src/fairness/mitigation/threshold/population.testing.ts";
import { type Draws, drawAt, replicate } from "../../packages/audits/src/fairness/mitigation/threshold/replicates.ts";
import { quantile, rangeOf } from "../../packages/audits/src/statistics/index.ts";
import { pageTables } from "./page.ts";
import { ratesFrom } from "./rates-from.ts";
import { type Check, holds } from "./study.ts";

export interface Scale {
  /** Of rules that stay as they are, and of rules that are learned anew. */
  readonly simulations: { readonly fixed: number; readonly relearned: number };
  readonly replicates: number;
  readonly quick: boolean;
}

const confidence = 0.95;
/** Chance that a row keeps its luck from before to after. */
const kept = 0.8;
const [parity] = gaps;

/** Sizes of k groups of n rows together: the second is half as large as the first, the third a third. */
function sizesOf(k: number, n: number): number[] {
  const shares = Array.from({ length: k }, (_, group) => 1 / (group + 1));
  const all = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => Math.round((n * share) / all));
}

interface World {
  readonly about: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const worlds = (k: number): World[] => [
  { about: "no gap before or after", before: ratesFrom(k, 0.4, 0.4), after: ratesFrom(k, 0.4, 0.4) },
  { about: "the same gap of 0.3", before: ratesFrom(k, 0.3, 0.6), after: ratesFrom(k, 0.3, 0.6) },
  { about: "0.3, turned round", before: ratesFrom(k, 0.3, 0.6), after: ratesFrom(k, 0.6, 0.3) },
  { about: "from 0.3 to 0.15", before: ratesFrom(k, 0.3, 0.6), after: ratesFrom(k, 0.37, 0.52) },
  { about: "from 0.3 to none", before: ratesFrom(k, 0.3, 0.6), after: ratesFrom(k, 0.45, 0.45) },
  { about: "from none to 0.3", before: ratesFrom(k, 0.45, 0.45), after: ratesFrom(k, 0.3, 0.6) },
];

/** What one interval says over many simulations. */
class Tally {
  runs = 0;
  covered = 0;
  claims = 0;
  wrong = 0;
  /** Simulations of which p is known, and those whose interval says otherwise. */
  tested = 0;
  contradictions = 0;

  add(interval: { readonly low: number; readonly high: number }, truth: number, p: number | null): void {
    const { low, high } = interval;
    const isClaim = low > 0 || high < 0;
    this.runs++;
    if (low <= truth + 1e-12 && truth - 1e-12 <= high) this.covered++;
    if (isClaim) this.claims++;
    if (isClaim && (low > 0 ? truth <= 1e-12 : truth >= -1e-12)) this.wrong++;
    if (p === null) return;
    this.tested++;
    if (isClaim !== p <= 1 - confidence) this.contradictions++;
  }
}

/** Decisions before and after of rows of one label, drawn in every group. */
function drawOutcomes({ before, after }: World, sizes: readonly number[], random: PhiloxStream): OutcomeTable {
  const joint = { counts: new Float64Array(sizes.length * 16), sums: null, squares: null };
  const expected = { counts: new Float64Array(sizes.length * 4), sums: null, squares: null };
  for (const [group, rows] of sizes.entries()) {
    const [was, is] = [before[group] ?? 0, after[group] ?? 0];
    const both = kept * Math.min(was, is) + (1 - kept) * was * is;
    // The four kinds one after the other, each among the rows that are left.
    let left = rows;
    let mass = 1;
    const place = (group * 2 + 1) * 2;
    for (const [cell, chance] of [1 - was - is + both, is - both, was - both, both].entries()) {
      const parts = 1_000_000_000;
      const drawn = binomial(random, left, Math.min(parts, Math.round((chance / mass) * parts)), parts);
      joint.counts[place * 4 + cell] = drawn;
      if (cell % 2 === 1) expected.counts[place] = (expected.counts[place] ?? 0) + drawn;
      left -= drawn;
      mass = Math.max(1e-12, mass - chance);
    }
  }
  return { joint, expected };
}

function contextOf(outcomes: OutcomeTable, groups: number, relearned: Draws | null): GapContext {
  const evidence: Evidence = { outcomes, unconstrained: null, groups, confidence, relearned, learnsBefore: false };
  return { evidence, by: ["group"], known: Array.from({ length: groups }, (_, group) => group), minCount: 0 };
}

/** The change as the audit tells it; its p, which takes its time, where it is asked for. */
function told(
  context: GapContext,
  withP: boolean,
): { readonly low: number; readonly high: number; readonly p: number | null } {
  const before = findGap(parity, "test", "before", context);
  const after = findGap(parity, "test", "after", context);
  if (typeof before === "string" || typeof after === "string") return { low: -1, high: 1, p: null };
  if (withP) {
    const { low = -1, high = 1, p = 1 } = gapChange(parity, before, after, context);
    return { low, high, p };
  }
  const { outcomes, relearned } = context.evidence;
  const correlation = gapCorrelation(before.furthest, after.furthest, outcomes, relearned);
  return { ...changeInterval(before, after, correlation, confidence), p: null };
}

/** Rates of selection of every replicate: before, after × group. */
async function resampledRates(device: Device, { joint }: OutcomeTable, replicates: number, stream: number) {
  const counts = joint.counts.filter((_, cell) => cell % 16 >= 8 && cell % 16 < 12);
  const draws = await resample(device, { counts, replicates, seed: 77, stream });
  return (draw: number, version: number, group: number): number => {
    const at = draw * counts.length + group * 4;
    const [none = 0, later = 0, earlier = 0, both = 0] = draws.subarray(at, at + 4);
    return ((version === 0 ? earlier : later) + both) / (none + later + earlier + both);
  };
}

/**
 * What one band over all pairs, both versions and the changes of pairs leaves of the change, by the greatest |t| of replicates: the
 * obvious way, told beside for its power.
 */
function oneBand(
  drawn: (draw: number, version: number, group: number) => number,
  rates: readonly (readonly number[])[],
  replicates: number,
): { readonly low: number; readonly high: number } {
  const groups = rates[0]?.length ?? 0;
  const greatest = new Float64Array(replicates);
  const spread = (value: number, of: (draw: number) => number) => {
    const values = Float64Array.from({ length: replicates }, (_, draw) => of(draw));
    const mean = values.reduce((sum, one) => sum + one, 0) / replicates;
    const error = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (replicates - 1));
    for (const [draw, one] of values.entries()) {
      if (error > 0) greatest[draw] = Math.max(greatest[draw] ?? 0, Math.abs(one - value) / error);
    }
    return { value, error };
  };
  const kinds: { value: number; error: number }[][] = [[], [], []];
  for (let a = 0; a < groups; a++) {
    for (let b = a + 1; b < groups; b++) {
      const gap = (version: number) => (rates[version]?.[a] ?? 0) - (rates[version]?.[b] ?? 0);
      const ofDraw = (version: number) => (draw: number) => drawn(draw, version, a) - drawn(draw, version, b);
      kinds[0]?.push(spread(gap(0), ofDraw(0)));
      kinds[1]?.push(spread(gap(1), ofDraw(1)));
      const change = (draw: number) => Math.abs(ofDraw(1)(draw)) - Math.abs(ofDraw(0)(draw));
      kinds[2]?.push(spread(Math.abs(gap(1)) - Math.abs(gap(0)), change));
    }
  }
  const critical = quantile(greatest, confidence);
  const [before, after] = kinds.map((pairs) => ({
    low: Math.max(0, ...pairs.map(({ value, error }) => Math.abs(value) - critical * error)),
    high: Math.max(0, ...pairs.map(({ value, error }) => Math.abs(value) + critical * error)),
  }));
  const changes = kinds[2] ?? [];
  const least = Math.min(...changes.map(({ value, error }) => value - critical * error));
  const most = Math.max(...changes.map(({ value, error }) => value + critical * error));
  return {
    low: Math.max((after?.low ?? 0) - (before?.high ?? 1), least),
    high: Math.min((after?.high ?? 1) - (before?.low ?? 0), most),
  };
}

function checksOf(scenario: string, truth: number, ours: Tally, band: Tally): Check[] {
  const isNull = Math.abs(truth) < 1e-12;
  const head = { metric: "selection-rate", scenario };
  const errorOf = (share: number, runs: number): number => Math.sqrt((share * (1 - share)) / runs);
  const error = errorOf(confidence, ours.runs);
  const claims = isNull ? "claims of a change where there is none" : "claims of a change where there is one";
  return [
    {
      ...head,
      section: "coverage of the change",
      value: ours.covered / ours.runs,
      atLeast: confidence,
      atMost: null,
      error,
    },
    { ...head, section: claims, value: ours.claims / ours.runs, atLeast: null, atMost: isNull ? 0.05 : null, error },
    {
      ...head,
      section: `${claims}, by one band over all pairs and both versions`,
      value: band.claims / band.runs,
      atLeast: null,
      atMost: null,
      error: errorOf(confidence, band.runs),
    },
    ...(isNull
      ? []
      : [
          {
            ...head,
            section: "claims of the wrong direction",
            value: ours.wrong / ours.runs,
            atLeast: null,
            atMost: 0.025,
            error,
          },
        ]),
    {
      ...head,
      section: "interval and p that part at 0.05",
      value: ours.contradictions / ours.tested,
      atLeast: null,
      atMost: 0,
      error: 0,
    },
  ];
}

async function fixedChecks(device: Device, scale: Scale, tell: (text: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  const settings = [
    { k: 2, n: 400 },
    { k: 4, n: 1000 },
    { k: 8, n: 2000 },
  ];
  for (const { k, n } of scale.quick ? settings.slice(1, 2) : settings) {
    const sizes = sizesOf(k, n);
    for (const [index, world] of worlds(k).entries()) {
      if (scale.quick && ![1, 4].includes(index)) continue;
      const scenario = `${k} groups, ${n} rows, ${world.about}`;
      tell(scenario);
      const truth = rangeOf(world.after) - rangeOf(world.before);
      const random = new PhiloxStream(6151, k * 100 + index);
      const [ours, band] = [new Tally(), new Tally()];
      for (let run = 0; run < scale.simulations.fixed; run++) {
        const outcomes = drawOutcomes(world, sizes, random);
        const context = contextOf(outcomes, k, null);
        const isTenth = run % 10 === 0;
        const { low, high, p } = told(context, isTenth);
        ours.add({ low, high }, truth, p);
        // Slow, and only for comparison.
        if (!isTenth) continue;
        const drawn = await resampledRates(device, outcomes, scale.replicates, run);
        const rates = [1, 0].map((later) =>
          sizes.map((rows, group) => {
            const at = (group * 2 + 1) * 8;
            const [, is = 0, was = 0, both = 0] = outcomes.joint.counts.subarray(at, at + 4);
            return ((later === 1 ? was : is) + both) / rows;
          }),
        );
        band.add(oneBand(drawn, rates, scale.replicates), truth, null);
      }
      checks.push(...checksOf(scenario, truth, ours, band));
    }
  }
  return checks;
}

/** Groups whose scores lie apart; before, all are cut at half, which is where accuracy is best in each. */
function populationOf(k: number): KnownGroup[] {
  const shares = sizesOf(k, 1000).map((rows) => rows / 1000);
  const all = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, group) => {
    const levels = levelsOf(10, 0.35 + (0.3 * group) / Math.max(1, k - 1), 3);
    const ratio = (level: number): number => (levels.positive[level] ?? 1) / (levels.negative[level] ?? 1);
    const odds = 1 / Math.sqrt(ratio(4) * ratio(5));
    return { share: share / all, base: odds / (1 + odds), ...levels };
  });
}

async function relearnedChecks(device: Device, scale: Scale, tell: (text: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  const settings = [
    { k: 2, n: 1000 },
    { k: 4, n: 3000 },
    { k: 8, n: 6000 },
  ];
  for (const { k, n } of scale.quick ? settings.slice(0, 1) : settings) {
    const population = populationOf(k);
    const groups = population.map((_, group) => ({ values: [String(group)], known: true }));
    const half = trueRates(
      population,
      population.map(() => [{ corner: { threshold: 0.5, positive: 0, negative: 0 }, probability: 1 }]),
    );
    const gapOf = (rates: typeof half): number => rangeOf(rates.slice(0, k).map((one) => one["selection-rate"]));
    for (const tolerance of scale.quick ? [0] : [0, 1]) {
      const about = tolerance === 0 ? "learned anew to parity" : "learned anew without a constraint";
      const scenario = `${k} groups, ${n} rows, ${about}`;
      tell(scenario);
      const input = mitigationInput.parse({ tolerance, min_count: 1 });
      const [ours, band] = [new Tally(), new Tally()];
      const sizes: number[] = [];
      for (let run = 0; run < scale.simulations.relearned; run++) {
        const train = drawCells(population, Math.round(n * 0.7), 23, run * 2);
        const test = drawCells(population, Math.round(n * 0.3), 23, run * 2 + 1);
        const cells = { train, test, decided: true };
        const lesson = lessonOf(cells, groups, input);
        const learned = learn(lesson);
        const relearned = await replicate(device, {
          ...cells,
          learned,
          lesson,
          replicates: scale.replicates,
          seed: 5,
          stream: run * 10,
          signal: new AbortController().signal,
        });
        if (relearned === null) throw new Error("no replicates");
        const context = contextOf(expectedOutcomes(cells, learned), k, relearned);
        const { low, high, p } = told(context, run % 10 === 0);
        const truth = gapOf(trueRates(population, learned.rules)) - gapOf(half);
        sizes.push(truth);
        ours.add({ low, high }, truth, p);
        const rates = [0, 1].map((version) =>
          groups.map((_, group) => {
            const { counts } = context.evidence.outcomes.expected;
            const joint = context.evidence.outcomes.joint.counts.subarray(group * 16 + 8, group * 16 + 16);
            const rows = joint.reduce((sum, one) => sum + one, 0);
            const was = [2, 3, 6, 7].reduce((sum, cell) => sum + (joint[cell] ?? 0), 0);
            const is = (counts[group * 4 + 2] ?? 0) + (counts[group * 4 + 3] ?? 0);
            return (version === 0 ? was : is) / rows;
          }),
        );
        const drawn = (draw: number, version: number, group: number): number =>
          drawAt(relearned, draw, group, version === 0 ? 0 : 1, 0);
        band.add(oneBand(drawn, rates, scale.replicates), truth, null);
      }
      // Every rule has a truth of its own; without a constraint it lies about none.
      const mean = sizes.reduce((sum, one) => sum + one, 0) / sizes.length;
      checks.push(...checksOf(scenario, tolerance === 0 ? mean : 0, ours, band));
    }
  }
  return checks;
}

/** Coverage of the change of a gap by mitigation, how often a change is claimed where there is none, and where there is one. */
export async function mitigatedGapChecks(
  device: Device,
  scale: Scale,
  tell: (text: string) => void = () => undefined,
): Promise<Check[]> {
  return [...(await fixedChecks(device, scale, tell)), ...(await relearnedChecks(device, scale, tell))];
}

const wholeStudy: Scale = { simulations: { fixed: 4000, relearned: 200 }, replicates: 199, quick: false };

/** Runs the study and writes its page. */
export async function writeMitigationPage(path: string, quick: boolean, tell: (text: string) => void): Promise<void> {
  const scale = quick ? { simulations: { fixed: 200, relearned: 40 }, replicates: 199, quick } : wholeStudy;
  const device = await openDevice("cpu");
  try {
    const checks = await mitigatedGapChecks(device, scale, tell);
    const short = checks.filter((check) => !holds(check));
    const { fixed, relearned } = scale.simulations;
    const lines = [
      "# Coverage of changes of gaps by mitigation",
      "",
      "Made by `node scripts/coverage.mjs --study mitigation`; do not edit. The gap in selection rate over groups of unequal sizes (the second",
      "half as large as the first, the third a third), before and after, on the same held-out rows; nominal level 95 % and 0.05. Rules that stay",
      `as they are: ${fixed.toLocaleString("en-US")} simulations a scenario, the luck of a row kept from before to after with chance ${kept}. Rules learned anew (thresholds by`,
      `group on ten levels of a score, 70 % of the rows learned from): ${relearned.toLocaleString("en-US")} simulations with ${scale.replicates} replicates, and the truth is what the very rules that`,
      "were learned do in the whole population. A value is held to its bound within three standard errors of the simulation.",
      "",
      "The interval of the change is recovered from the intervals of the two gaps (MOVER) with the correlation of the two, p from the same",
      "interval over its level: a claim is an interval without 0, which is p ≤ 0.05; p is worked out in every tenth simulation. *One band over all",
      `pairs and both versions* is the obvious other way, told for its power: of rules that stay, in every tenth, with ${scale.replicates} replicates.`,
      "",
      "## What falls short",
      "",
      ...(short.length === 0
        ? ["Nothing of what is asked: every value keeps to its bound."]
        : short.map((check) => `- ${check.section}, ${check.scenario}: ${(100 * check.value).toFixed(2)} %`)),
      ...pageTables(checks, (names) => names.join(", ")),
    ];
    writeFileSync(path, `${lines.join("\n")}\n`);
  } finally {
    device.dispose();
  }
}
