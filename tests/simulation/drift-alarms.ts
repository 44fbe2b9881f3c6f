import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binned, cutsOf } from "../../packages/audits/src/fairness/drift/bins.ts";
import type { ScoreEntries } from "../../packages/audits/src/score-entries.ts";
import {
  distributionDriftPs,
  gapDriftPs,
  type MeanCounts,
  meanDriftPs,
  meanGapDriftPs,
  normalCdf,
  type RateCounts,
  rateDriftPs,
  stabilityIndex,
} from "../../packages/audits/src/statistics/index.ts";
import { PhiloxStream } from "../../packages/compute/src/random/philox-stream.ts";
import { root } from "../paths.ts";

const alpha = 0.05;
const seed = 20_261_201;

/** How a test fared over simulated series. */
export interface Alarms {
  readonly test: string;
  /** The null hypothesis holds: every alarm is a false one. */
  readonly isNull: boolean;
  readonly alarms: number;
  /** Periods until half, and until nine tenths, of all series alarmed; null where fewer did. */
  readonly half: number | null;
  readonly most: number | null;
}

/** What a scenario of a kind gave; by the scenario's name in its kind. */
export interface Figures {
  readonly rates: Readonly<Record<string, { readonly runs: number; readonly tests: readonly Alarms[] }>>;
  readonly scores: Readonly<Record<string, { readonly runs: number; readonly tests: readonly Alarms[] }>>;
  readonly indices: Readonly<
    Record<string, { readonly runs: number; readonly index: number; readonly covered: number }>
  >;
}

export type Kind = keyof Figures;

interface RateScenario {
  readonly looks: number;
  /** Rows of a group in the baseline, and in each later period. */
  readonly before: number;
  readonly each: number;
  readonly rate: number;
  /** Of the group's rate after the baseline; the other group's stays 0.1 above `rate`. */
  readonly later: number;
  /** Rates of both groups move together by up to this, from period to period. */
  readonly sway: number;
}

const usual = { looks: 60, before: 1000, each: 50, rate: 0.3, later: 0.3, sway: 0 };

export const rateScenarios: Readonly<Record<string, RateScenario>> = {
  "nothing changes": usual,
  "nothing changes, rare": { ...usual, rate: 0.05, later: 0.05 },
  "nothing changes, few rows": { ...usual, before: 100, each: 10 },
  "both move together": { ...usual, sway: 0.05 },
  "5 points more": { ...usual, later: 0.35 },
  "10 points more": { ...usual, later: 0.4 },
};

interface ScoreScenario {
  readonly looks: number;
  readonly before: number;
  readonly each: number;
  /** A score from a standard normal number: of the baseline, and of the group's later rows. */
  readonly early: (normal: number) => number;
  readonly late: (normal: number) => number;
  /** Scores of both groups move together by up to this, from period to period. */
  readonly sway: number;
  /** What stays as it was. */
  readonly nulls: readonly string[];
}

const same = (normal: number): number => normal;
const all = ["mean", "gap of means", "distribution"];
const plain = { looks: 60, before: 1000, each: 50, early: same, late: same, sway: 0, nulls: all };
const skewed = (normal: number): number => Math.exp(normal);
const graded = (normal: number): number => Math.min(5, Math.max(1, Math.round(3 + normal)));

export const scoreScenarios: Readonly<Record<string, ScoreScenario>> = {
  "normal scores, nothing changes": plain,
  "skewed scores, nothing changes": { ...plain, early: skewed, late: skewed },
  "skewed scores, nothing changes, few rows": { ...plain, before: 100, each: 10, early: skewed, late: skewed },
  "five grades, nothing changes, few rows": { ...plain, before: 100, each: 10, early: graded, late: graded },
  "both move together": { ...plain, sway: 0.3, nulls: ["gap of means"] },
  "a fifth of a standard deviation more": { ...plain, late: (normal) => normal + 0.2, nulls: [] },
  "half a standard deviation more": { ...plain, late: (normal) => normal + 0.5, nulls: [] },
  "the spread a third wider": { ...plain, late: (normal) => (normal * 4) / 3, nulls: ["mean", "gap of means"] },
};

interface IndexScenario {
  readonly before: number;
  readonly after: number;
  readonly shift: number;
}

export const indexScenarios: Readonly<Record<string, IndexScenario>> = Object.fromEntries(
  [
    [100, 100],
    [1000, 200],
    [1000, 3000],
  ].flatMap(([before = 0, after = 0]) =>
    [0, 0.1, 0.3, 0.6].map((shift) => [
      `${before} rows against ${after}, ${shift} standard deviations apart`,
      { before, after, shift },
    ]),
  ),
);

const placeOf = (name: string, scenarios: object): number => Object.keys(scenarios).indexOf(name);

/** Looks at which each series first alarmed, as what is told of them. */
function alarmsOf(test: string, isNull: boolean, runs: number, firsts: readonly number[]): Alarms {
  const sorted = [...firsts].sort((a, b) => a - b);
  const until = (share: number): number | null => sorted[Math.ceil(share * runs) - 1] ?? null;
  return { test, isNull, alarms: sorted.length, half: until(0.5), most: until(0.9) };
}

/** The look at which p values first fall to α. A p value knows nothing of later looks, so that few are tried first. */
function firstAlarm(looks: number, psOf: (looks: number) => readonly number[]): number[] {
  for (const upTo of [Math.ceil(looks / 6), looks]) {
    const at = psOf(upTo).findIndex((p) => p <= alpha);
    if (at >= 0) return [at + 1];
  }
  return [];
}

export function rateAlarms(name: string, runs: number): readonly Alarms[] {
  const { looks, before, each, rate, later, sway } = rateScenarios[name] ?? usual;
  const random = new PhiloxStream(seed, placeOf(name, rateScenarios));
  const draw = (n: number, p: number): RateCounts => {
    let k = 0;
    for (let row = 0; row < n; row++) if (random.uniform() < p) k++;
    return { k, n };
  };
  const first = { rate: [] as number[], gap: [] as number[] };
  for (let run = 0; run < runs; run++) {
    const baseline = { own: draw(before, rate), other: draw(before, rate + 0.1) };
    const pairs = Array.from({ length: looks }, () => {
      const shift = (2 * random.uniform() - 1) * sway;
      return { own: draw(each, later + shift), other: draw(each, rate + 0.1 + shift) };
    });
    const own = pairs.map((pair) => pair.own);
    first.rate.push(...firstAlarm(looks, (upTo) => rateDriftPs(baseline.own, own.slice(0, upTo))));
    first.gap.push(...firstAlarm(looks, (upTo) => gapDriftPs(baseline, pairs.slice(0, upTo))));
  }
  return [
    alarmsOf("rate", rate === later && sway === 0, runs, first.rate),
    alarmsOf("gap of rates", rate === later, runs, first.gap),
  ];
}

function numbersOf(values: readonly number[]): MeanCounts {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { n: values.length, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

function entriesOf(values: readonly number[]): ScoreEntries {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const scores = [...counts.keys()].sort((a, b) => a - b);
  const negative = Uint32Array.from(scores, (score) => counts.get(score) ?? 0);
  return { scores: Float64Array.from(scores), weights: null, positive: new Uint8Array(scores.length), negative };
}

export function scoreAlarms(name: string, runs: number): readonly Alarms[] {
  const { looks, before, each, early, late, sway, nulls } = scoreScenarios[name] ?? plain;
  const random = new PhiloxStream(seed, 100 + placeOf(name, scoreScenarios));
  const draw = (n: number, score: (normal: number) => number, shift: number): number[] =>
    Array.from({ length: n }, () => score(random.normal() + shift));
  const first: readonly number[][] = all.map(() => []);
  for (let run = 0; run < runs; run++) {
    const baseline = { own: draw(before, early, 0), other: draw(before, early, 0.5) };
    const pairs = Array.from({ length: looks }, () => {
      const shift = (2 * random.uniform() - 1) * sway;
      return { own: draw(each, late, shift), other: draw(each, early, 0.5 + shift) };
    });
    const from = { own: numbersOf(baseline.own), other: numbersOf(baseline.other) };
    const later = pairs.map(({ own, other }) => ({ own: numbersOf(own), other: numbersOf(other) }));
    const held = entriesOf(baseline.own);
    const cuts = cutsOf([held]);
    const bins = pairs.map(({ own }) => binned([entriesOf(own)], cuts));
    const own = later.map((pair) => pair.own);
    const shares = binned([held], cuts);
    for (const [test, psOf] of [
      (upTo: number) => meanDriftPs(from.own, own.slice(0, upTo)),
      (upTo: number) => meanGapDriftPs(from, later.slice(0, upTo)),
      (upTo: number) => distributionDriftPs(shares, bins.slice(0, upTo)),
    ].entries()) {
      first[test]?.push(...firstAlarm(looks, psOf));
    }
  }
  return all.map((test, index) => alarmsOf(test, nulls.includes(test), runs, first[index] ?? []));
}

/** How often the stability index's interval holds the true index of its bins, and that index on average. */
export function indexCoverage(name: string, runs: number): { readonly index: number; readonly covered: number } {
  const { before, after, shift } = indexScenarios[name] ?? { before: 0, after: 0, shift: 0 };
  const random = new PhiloxStream(seed, 200 + placeOf(name, indexScenarios));
  const draw = (n: number, mean: number): ScoreEntries =>
    entriesOf(Array.from({ length: n }, () => mean + random.normal()));
  let covered = 0;
  let total = 0;
  for (let run = 0; run < runs; run++) {
    const [early, late] = [draw(before, 0), draw(after, shift)];
    const cuts = cutsOf([early]);
    const shares = (mean: number): number[] => {
      const below = [...cuts.map((cut) => normalCdf(cut - mean)), 1];
      return below.map((one, bin) => one - (below[bin - 1] ?? 0));
    };
    const [p, q] = [shares(0), shares(shift)];
    const truth = p.reduce((sum, one, bin) => sum + ((q[bin] ?? 0) - one) * Math.log((q[bin] ?? 0) / one), 0);
    const { low, high } = stabilityIndex(binned([early], cuts), binned([late], cuts), 0.95);
    if (low <= truth && truth <= high) covered++;
    total += truth;
  }
  return { index: total / runs, covered };
}

export const figuresPath = join(root, "tests/simulation/drift-alarms.json");
export const pagePath = join(root, "docs/methods/drift-alarms.md");

export function readFigures(): Figures {
  return JSON.parse(readFileSync(figuresPath, "utf8")) as Figures;
}

/** Simulates the scenarios whose name has `only` in it, and puts them in the place of the committed ones. */
export function simulate(kinds: readonly Kind[], only: string, runs: number, tell: (text: string) => void): void {
  const scenarios = { rates: rateScenarios, scores: scoreScenarios, indices: indexScenarios };
  for (const kind of kinds) {
    for (const name of Object.keys(scenarios[kind]).filter((one) => one.includes(only))) {
      const found =
        kind === "indices"
          ? { runs, ...indexCoverage(name, runs) }
          : { runs, tests: kind === "rates" ? rateAlarms(name, runs) : scoreAlarms(name, runs) };
      tell(`${kind}, ${name}: ${JSON.stringify(found)}`);
      // Read anew: another piece may have written since.
      const figures = readFigures();
      const next = { ...figures, [kind]: { ...figures[kind], [name]: found } };
      writeFileSync(figuresPath, `${JSON.stringify(next, null, 2)}\n`);
      writeFileSync(pagePath, pageOf(next));
    }
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** The Monte Carlo error of a share. */
const error = (share: number, runs: number): string => (100 * Math.sqrt((share * (1 - share)) / runs)).toFixed(1);

function alarmRows(names: readonly string[], figures: Figures["rates"], sizes: (name: string) => string): string[] {
  return names.flatMap((name) => {
    const found = figures[name];
    if (found === undefined) return [];
    const { runs, tests } = found;
    return tests.map(({ test, isNull, alarms, half, most }) => {
      const share = alarms / runs;
      const told = `${percent(share)} ± ${error(share, runs)}`;
      const what = isNull
        ? `${told} | | | ${share <= limit(runs) ? "holds" : "falls short"}`
        : `| ${told} | ${half ?? "–"} / ${most ?? "–"} |`;
      return `| ${name} | ${sizes(name)} | ${test} | ${runs.toLocaleString("en-US")} | ${what} |`;
    });
  });
}

/** Up to this share of false alarms comes up by chance in 999 of 1,000 studies where it is 5 % exactly. */
export function limit(runs: number): number {
  return alpha + 3.09 * Math.sqrt((alpha * (1 - alpha)) / runs);
}

const alarmHead = [
  "| scenario | rows in the baseline, a period | test | series | false alarms | alarms (power) | periods until half / nine tenths | ≤ 5 % |",
  "|---|---|---|---|---|---|---|---|",
];

/** The figures as a page. */
export function pageOf({ rates, scores, indices }: Figures): string {
  const sizes = ({ before, each }: { before: number; each: number } = usual): string => `${before}, ${each}`;
  return [
    "# Drift: false alarms, power and delay",
    "",
    "Made by `node scripts/drift-alarms.mjs --runs 1000`; do not edit. The numbers are in `tests/simulation/drift-alarms.json`. Each line is one test by",
    `itself at α = ${alpha}, looked at after each of 60 periods; “alarms” is the share of series in which any look alarmed, ± its Monte Carlo`,
    "standard error. Where nothing changes of what the test is about, alarms are false, and must not be above 5 %: the line holds where the share is",
    "no higher than chance gives in 999 of 1,000 studies at exactly 5 %. Elsewhere they are the test's power, with the periods until half and until nine",
    "tenths of all series alarmed. The guarantee is for all looks there will ever be, and is met with room to spare at any number of them; that is its price.",
    "",
    "## Rates and their gaps",
    "",
    "The other group's rate is 10 points higher. Where both move together the rate itself is not constant, the gap is.",
    "",
    ...alarmHead,
    ...alarmRows(Object.keys(rateScenarios), rates, (name) => sizes(rateScenarios[name])),
    "",
    "## Scores: means, gaps of means, and the distribution over bins",
    "",
    "Scores are made of normal numbers; the other group's lie half a standard deviation higher. The tests of scores are asymptotic, so that",
    "skewed scores and few rows are what they have to withstand.",
    "",
    ...alarmHead,
    ...alarmRows(Object.keys(scoreScenarios), scores, (name) => sizes(scoreScenarios[name])),
    "",
    "## Coverage of the stability index's interval",
    "",
    "One look, normal scores, bins from the baseline; nominal level 95 %. True index: of the bins, on average over series.",
    "",
    "| scenario | series | true index | covered |",
    "|---|---|---|---|",
    ...Object.keys(indexScenarios).flatMap((name) => {
      const found = indices[name];
      if (found === undefined) return [];
      const share = found.covered / found.runs;
      return [
        `| ${name} | ${found.runs.toLocaleString("en-US")} | ${found.index.toFixed(3)} | ${percent(share)} ± ${error(share, found.runs)} |`,
      ];
    }),
    "",
  ].join("\n");
}
