import { type Device, openDevice } from "@assay/compute";
import { type Metric, metricNamed, metrics } from "../../packages/audits/src/metrics/index.ts";
import { sharesOf, type WeightClass, type World } from "./draw.ts";
import { heldCoverage } from "./held.ts";
import { type PairCoverage, pairCoverage, simulatedPairs } from "./pairs.ts";
import { rangeCoverage } from "./ranges.ts";
import { bootstrapCoverage, type Coverage, shareCoverage, simulatedCoverage, summarise } from "./single.ts";
import { type Groups, oddsSize, tableSizes, testSize } from "./sizes.ts";

/** How much work a study does. `full` makes docs/methods/coverage.md; `quick` is the test's own. */
export interface Scale {
  readonly simulations: number;
  readonly bootstrapSimulations: number;
  readonly bootstrapReplicates: number;
  readonly testReplicates: number;
  readonly sizes: readonly number[];
  readonly rates: readonly number[];
  readonly pairSizes: readonly number[];
  readonly quick: boolean;
}

const grid = (step: number): number[] =>
  Array.from({ length: Math.round(0.48 / step) + 1 }, (_, index) => Number((0.02 + index * step).toFixed(6)));

export const full: Scale = {
  simulations: 20_000,
  bootstrapSimulations: 20_000,
  bootstrapReplicates: 999,
  testReplicates: 199,
  sizes: [200, 500, 1000, 2000, 10_000, 100_000],
  rates: grid(0.0025),
  pairSizes: [40, 100, 200, 400, 1000],
  quick: false,
};

export const quick: Scale = {
  simulations: 1500,
  bootstrapSimulations: 300,
  bootstrapReplicates: 499,
  testReplicates: 99,
  sizes: [200, 1000],
  rates: grid(0.04),
  pairSizes: [100, 200],
  quick: true,
};

/** A number of the study with what is asked of it. */
export interface Check {
  readonly section: string;
  readonly metric: string;
  readonly scenario: string;
  readonly value: number;
  readonly atLeast: number | null;
  readonly atMost: number | null;
  /** Standard error of a simulated value; 0 where it is exact. */
  readonly error: number;
}

const confidence = 0.95;
const level = 0.05;

function named(name: string): Metric {
  const metric = metricNamed(name);
  if (!metric) throw new Error(`no metric ${name}`);
  return metric;
}

const binomialError = (simulations: number, chance: number): number => Math.sqrt((chance * (1 - chance)) / simulations);

/** Worlds with errors of common and of rare decisions. */
const common: World = { base: 0.3, tpr: 0.7, fpr: 0.2 };
const rare: World = { base: 0.1, tpr: 0.8, fpr: 0.05 };

/** Weights that vary by up to ten times; `tied` ones go with the outcome. */
function weighted(rate: number, tied: boolean): WeightClass[] {
  return [1, 2, 4, 10].map((weight, index) => {
    const lean = tied ? 1 + 0.3 * (index - 1) : 1;
    return {
      weight,
      share: [0.4, 0.3, 0.2, 0.1][index] ?? 0,
      world: { base: 0.4, tpr: Math.min(0.95, (rate + 0.3) * lean), fpr: rate * lean },
    };
  });
}

const same = (sizes: readonly number[], source: Groups[number]["source"]): Groups => sizes.map((n) => ({ n, source }));

export async function runStudy(scale: Scale, tell: (text: string) => void = () => undefined): Promise<Check[]> {
  const device = await openDevice("cpu");
  try {
    return [
      ...singleShares(scale, tell),
      ...(await otherSingles(device, scale, tell)),
      ...pairs(scale, tell),
      ...ranges(scale, tell),
      ...(await smallGroups(device, scale, tell)),
      ...(await tests(device, scale, tell)),
    ];
  } finally {
    device.dispose();
  }
}

export const shareMetrics = metrics.filter((metric) => metric.shape.kind === "rate");
export const otherMetrics = metrics.filter((metric) => metric.shape.kind === "mean" || metric.shape.kind === "table");

/** Exact, for every metric that is a share. */
function singleShares(scale: Scale, tell: (text: string) => void): Check[] {
  tell("single shares, exact");
  const checks: Check[] = [];
  for (const metric of shareMetrics) {
    for (const n of scale.sizes) {
      const coverage: Coverage = shareCoverage(metric, n, scale.rates, confidence);
      const head = { section: "single", metric: metric.name, error: 0 };
      checks.push(
        { ...head, scenario: `n = ${n}, average`, value: coverage.average, atLeast: 0.94, atMost: 0.96 },
        { ...head, scenario: `n = ${n}, least (${coverage.at})`, value: coverage.least, atLeast: 0.92, atMost: null },
      );
    }
  }
  return checks;
}

/** Simulated: means and functions of the whole table, and everything weighted. */
async function otherSingles(device: Device, scale: Scale, tell: (text: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  const sizes = scale.quick ? [500] : [200, 500, 2000];
  const worlds = scale.quick ? [common] : [common, rare];
  const options = { simulations: scale.simulations, confidence, seed: 11 };
  const bootstrapped = metrics.filter((metric) => metric.shape.kind === "table");
  for (const n of sizes) {
    for (const [index, world] of worlds.entries()) {
      tell(`single values of whole tables, n = ${n}`);
      const scenario = `n = ${n}, base rate ${world.base}, TPR ${world.tpr}, FPR ${world.fpr}`;
      for (const metric of metrics.filter((one) => one.shape.kind === "mean")) {
        const value = simulatedCoverage(metric, n, world, options);
        checks.push({
          section: "single",
          metric: metric.name,
          scenario,
          value,
          atLeast: 0.92,
          atMost: null,
          error: binomialError(scale.simulations, value),
        });
      }
      const values = await bootstrapCoverage(device, bootstrapped, n, world, {
        simulations: scale.bootstrapSimulations,
        replicates: scale.bootstrapReplicates,
        confidence,
        seed: 13 + index,
      });
      for (const [position, metric] of bootstrapped.entries()) {
        const value = values[position] ?? 0;
        checks.push({
          section: "single",
          metric: metric.name,
          scenario,
          value,
          atLeast: 0.92,
          atMost: null,
          error: binomialError(scale.bootstrapSimulations, value),
        });
      }
    }
  }
  for (const metric of metrics) {
    if (metric.shape.kind === "count") continue;
    tell(`weighted: ${metric.name}`);
    const rows: { chance: number; at: string }[] = [];
    for (const n of scale.quick ? [500] : [300, 1000, 5000]) {
      for (const rate of scale.quick ? [0.2] : [0.05, 0.2, 0.45]) {
        for (const tied of scale.quick ? [true] : [false, true]) {
          const chance = simulatedCoverage(metric, n, weighted(rate, tied), options);
          rows.push({ chance, at: `n = ${n}, FPR ${rate}${tied ? ", weights tied to the outcome" : ""}` });
        }
      }
    }
    const { average, least, at } = summarise(rows);
    const head = { section: "single, weighted", metric: metric.name, error: binomialError(scale.simulations, 0.95) };
    checks.push(
      { ...head, scenario: `average of ${rows.length} scenarios`, value: average, atLeast: 0.94, atMost: 0.96 },
      { ...head, scenario: `least (${at})`, value: least, atLeast: 0.92, atMost: null },
    );
  }
  return checks;
}

/** Signed differences and ratios of two groups: exact for shares, simulated for the rest. */
function pairs(scale: Scale, tell: (text: string) => void): Check[] {
  tell("signed differences and ratios of shares, exact");
  const bands = new Map<
    string,
    { difference: { chance: number; at: string }[]; ratio: { chance: number; at: string }[] }
  >();
  const rates = scale.quick ? [0.2, 0.5] : [0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9];
  for (const n1 of scale.pairSizes) {
    for (const n2 of scale.pairSizes) {
      for (const p1 of rates) {
        for (const p2 of rates.filter((rate) => rate <= 0.5)) {
          const rarer = Math.min(n1 * Math.min(p1, 1 - p1), n2 * Math.min(p2, 1 - p2));
          const band =
            rarer >= 20 ? "at least 20 of the rarer outcome" : rarer >= 5 ? "5 to 20 of the rarer outcome" : null;
          if (band === null) continue;
          const one: PairCoverage = pairCoverage(n1, p1, n2, p2, confidence);
          const held = bands.get(band) ?? { difference: [], ratio: [] };
          const at = `n = ${n1} and ${n2}, rates ${p1} and ${p2}`;
          held.difference.push({ chance: one.difference, at });
          held.ratio.push({ chance: one.ratio, at });
          bands.set(band, held);
        }
      }
    }
  }
  const checks: Check[] = [];
  const shares = shareMetrics.filter((metric) => metric.shape.kind === "rate" && !metric.shape.curve);
  for (const [band, { difference, ratio }] of bands) {
    const asked = band.startsWith("at least");
    for (const metric of shares) {
      for (const [kind, rows] of [
        ["difference", difference],
        ["ratio", ratio],
      ] as const) {
        const { average, least, most, at } = summarise(rows);
        const head = { section: `${kind} of two groups`, metric: metric.name, error: 0 };
        const count = `${band}, ${rows.length} scenarios`;
        checks.push(
          {
            ...head,
            scenario: `${count}, average`,
            value: average,
            atLeast: asked ? 0.935 : null,
            atMost: asked ? 0.965 : null,
          },
          { ...head, scenario: `${count}, least (${at})`, value: least, atLeast: asked ? 0.935 : null, atMost: null },
          { ...head, scenario: `${count}, most`, value: most, atLeast: null, atMost: asked ? 0.965 : null },
        );
      }
    }
  }
  const options = { simulations: scale.simulations, confidence, seed: 17 };
  const simulated = [named("f1"), ...otherMetrics];
  const cases = [
    { about: "n = 400 and 400", groups: [400, 400], weights: false },
    { about: "n = 200 and 2,000", groups: [200, 2000], weights: false },
    { about: "weighted, n = 1,000 and 2,000", groups: [1000, 2000], weights: true },
  ];
  for (const { about, groups, weights } of cases) {
    for (const metric of weights ? [...shares, ...simulated] : simulated) {
      tell(`differences and ratios: ${metric.name}, ${about}`);
      const other: World = { base: 0.4, tpr: 0.8, fpr: 0.3 };
      const pair = simulatedPairs(
        metric,
        [
          { n: groups[0] ?? 0, source: weights ? weighted(0.2, true) : common },
          { n: groups[1] ?? 0, source: weights ? weighted(0.35, true) : other },
        ],
        options,
      );
      for (const kind of ["difference", "ratio"] as const) {
        checks.push({
          section: `${kind} of two groups`,
          metric: metric.name,
          scenario: about,
          value: pair[kind],
          atLeast: 0.935,
          atMost: 0.965,
          error: binomialError(scale.simulations, pair[kind]),
        });
      }
    }
  }
  return checks;
}

/** max − min and min / max, at once over all groups; equal groups and groups that differ. */
function ranges(scale: Scale, tell: (text: string) => void): Check[] {
  const checks: Check[] = [];
  const settings = scale.quick
    ? [[200, 200, 200]]
    : [
        [50, 50],
        [200, 200],
        [100, 2000],
        [100, 100, 100],
        [200, 500, 1000, 2000],
        Array.from({ length: 12 }, () => 300),
        [60, 60, 100, 100, 200, 300, 500, 1000, 2000, 3000, 80, 5000],
      ];
  const options = { simulations: scale.simulations, confidence, seed: 19 };
  // One metric for each way its interval is made; those of the same kind are the same computation.
  const kinds = [
    { metric: named("selection-rate"), as: shareMetrics.filter((one) => one.name !== "f1") },
    ...[named("f1"), ...otherMetrics].map((metric) => ({ metric, as: [metric] })),
  ];
  for (const { metric, as } of kinds) {
    for (const sizes of settings) {
      tell(`max − min: ${metric.name}, ${sizes.length} groups`);
      for (const spread of [false, true]) {
        const groups = sizes.map((n, index) => {
          const lean = spread ? index / (sizes.length - 1) : 0;
          return { n, source: { base: 0.3 + 0.1 * lean, tpr: 0.6 + 0.2 * lean, fpr: 0.15 + 0.1 * lean } };
        });
        const range = rangeCoverage(metric, groups, options);
        const about = `${sizes.length} groups of ${Math.min(...sizes)} to ${Math.max(...sizes)}, ${spread ? "different" : "equal"}`;
        for (const one of as) {
          const head = { metric: one.name, error: binomialError(scale.simulations, 0.95), atMost: null };
          checks.push(
            { ...head, section: "max − min", scenario: about, value: range.difference, atLeast: 0.94 },
            { ...head, section: "min / max", scenario: about, value: range.ratio, atLeast: 0.94 },
          );
          if (!spread) {
            checks.push({
              ...head,
              section: "max − min",
              scenario: `${about}, interval reaches zero`,
              value: range.zero,
              atLeast: 0.94,
            });
          }
          checks.push(
            { ...head, section: "bias of max − min", scenario: `${about}, plain`, value: range.bias, atLeast: null },
            {
              ...head,
              section: "bias of max − min",
              scenario: `${about}, corrected`,
              value: range.correctedBias,
              atLeast: null,
            },
          );
        }
      }
    }
    tell(`max − min: ${metric.name}, weighted`);
    const range = rangeCoverage(metric, same([500, 500, 1000, 2000], weighted(0.2, true)), options);
    for (const one of as) {
      const head = { metric: one.name, error: binomialError(scale.simulations, 0.95), atLeast: 0.94, atMost: null };
      const about = "weighted, 4 groups of 500 to 2000, equal";
      checks.push(
        { ...head, section: "max − min", scenario: about, value: range.difference },
        { ...head, section: "min / max", scenario: about, value: range.ratio },
      );
    }
  }
  return checks;
}

/** Gaps of small groups, where the permutation test may be stricter than the interval: what reports say of both together. */
async function smallGroups(device: Device, scale: Scale, tell: (text: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  const settings = scale.quick
    ? [[10, 10]]
    : [
        [5, 5],
        [10, 10],
        [20, 20],
        [40, 40],
        [10, 40],
        [5, 10, 20],
        [15, 15, 15, 15],
      ];
  const compared = [named("selection-rate"), named("true-positive-rate"), named("false-positive-rate"), named("f1")];
  const simulations = scale.quick ? 300 : scale.simulations;
  const options = { simulations, replicates: scale.testReplicates, level, seed: 29 };
  for (const sizes of settings) {
    for (const spread of scale.quick ? [false] : [false, true]) {
      const about = `groups of ${sizes.join(", ")}, ${spread ? "different" : "equal"}`;
      tell(`small groups: ${about}`);
      const groups = sizes.map((n, index) => {
        const lean = spread ? index / (sizes.length - 1) : 0;
        return { n, source: { base: 0.4, tpr: 0.6 + 0.3 * lean, fpr: 0.15 + 0.2 * lean } };
      });
      for (const one of await heldCoverage(device, [...compared, ...otherMetrics], groups, options)) {
        const head = {
          section: "max − min of small groups",
          metric: one.metric,
          error: binomialError(simulations, 0.95),
        };
        checks.push({ ...head, scenario: `${about}, as told`, value: one.told, atLeast: 0.94, atMost: null });
        checks.push({
          ...head,
          scenario: `${about}, p above 0.05 beside an interval above 0`,
          value: one.contradictions,
          atLeast: null,
          atMost: 0,
          error: 0,
        });
        if (!spread)
          checks.push({ ...head, scenario: `${about}, interval alone`, value: one.alone, atLeast: null, atMost: null });
      }
    }
  }
  return checks;
}

/** How often the disparity tests reject at 0.05 where the groups are equal in the metric. */
async function tests(device: Device, scale: Scale, tell: (text: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  const options = { simulations: scale.simulations, replicates: scale.testReplicates, level, seed: 23 };
  const add = (metric: string, scenario: string, value: number, large: boolean): void => {
    checks.push({
      section: "size of the test at 0.05",
      metric,
      scenario,
      value,
      atLeast: large ? 0.04 : null,
      atMost: 0.055,
      error: binomialError(scale.simulations, 0.05),
    });
  };
  const settings: readonly { readonly sizes: readonly number[]; readonly large: boolean }[] = scale.quick
    ? [{ sizes: [300, 300, 600], large: false }]
    : [
        { sizes: [50, 50], large: false },
        { sizes: [500, 500], large: false },
        { sizes: [5000, 5000], large: true },
        { sizes: [300, 600, 1000, 3000], large: true },
        { sizes: Array.from({ length: 12 }, () => 400), large: true },
      ];
  const aboutOf = (sizes: readonly number[]): string =>
    `${sizes.length} groups of ${Math.min(...sizes)} to ${Math.max(...sizes)}`;
  const selection = named("selection-rate");
  const shares = shareMetrics.filter((metric) => metric.name !== "f1");
  for (const { sizes, large } of settings) {
    const about = aboutOf(sizes);
    tell(`tests: shares, ${about}`);
    const size = await testSize(device, selection, same(sizes, common), options);
    for (const metric of shares) add(metric.name, about, size, large);
    tell(`tests: f1, ${about}`);
    add("f1", about, await testSize(device, named("f1"), same(sizes, common), options), large);
    tell(`tests: whole tables, ${about}`);
    const together = await tableSizes(device, otherMetrics, same(sizes, common), options);
    for (const [index, metric] of otherMetrics.entries()) add(metric.name, about, together[index] ?? 1, large);
    tell(`tests: equalized odds, ${about}`);
    const rates = [named("true-positive-rate"), named("false-positive-rate")] as const;
    const unlike = sizes.map((n, index) => ({ n, source: { ...common, base: index % 2 === 0 ? 0.3 : 0.5 } }));
    add("equalized-odds", `${about}, base rates 0.3 and 0.5`, await oddsSize(device, rates, unlike, options), large);
    for (const metric of sizes.length > 4 ? [] : otherMetrics) {
      tell(`tests: ${metric.name}, unlike groups, ${about}`);
      const groups = sizes.map((n, index) => ({ n, source: index % 2 === 0 ? common : equalIn(metric, common) }));
      add(metric.name, `${about}, equal in the metric alone`, await testSize(device, metric, groups, options), large);
    }
  }
  for (const metric of [selection, named("f1"), ...otherMetrics]) {
    tell(`tests: ${metric.name}, weighted`);
    const sizes = [500, 1000, 2000];
    const size = await testSize(device, metric, same(sizes, weighted(0.2, true)), options);
    for (const one of metric === selection ? shares : [metric]) {
      add(one.name, `weighted, ${aboutOf(sizes)}`, size, false);
    }
  }
  return checks;
}

/** A world with another base rate whose metric is the same, by changing its true-positive rate. */
function equalIn(metric: Metric, world: World): World {
  const target = metric.formula(sharesOf(world));
  let low = 0.01;
  let high = 0.99;
  for (let step = 0; step < 60; step++) {
    const tpr = (low + high) / 2;
    if (metric.formula(sharesOf({ ...world, base: 0.5, tpr })) < target) low = tpr;
    else high = tpr;
  }
  return { ...world, base: 0.5, tpr: (low + high) / 2 };
}

/** Whether a value keeps to what is asked of it, within three standard errors of simulation. */
export function holds(check: Check): boolean {
  const slack = 3 * check.error;
  return (
    (check.atLeast === null || check.value >= check.atLeast - slack) &&
    (check.atMost === null || check.value <= check.atMost + slack)
  );
}
