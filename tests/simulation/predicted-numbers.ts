import { log, PhiloxStream } from "@assay/compute";
import { spanOf } from "../../packages/audits/src/groups/disparity.ts";
import type { Estimated } from "../../packages/audits/src/groups/group-measures.ts";
import {
  type Quantity,
  type ValueEstimate,
  type ValueMetric,
  type ValueMoments,
  valueMetrics,
} from "../../packages/audits/src/metrics/values/index.ts";
import { criticalValue, welchTest } from "../../packages/audits/src/statistics/index.ts";
import type { Check } from "./study.ts";

/** A group: label = slope · x + error, prediction = slope · x, so that the residual is the error with its sign turned. */
interface World {
  readonly n: number;
  /** Standard deviation of the error. */
  readonly spread: number;
  readonly error: "exponential" | "normal";
}

const slope = 1.5;

/** What the metrics are in a world without end. */
function truth(metric: string, { spread, error }: World): number {
  switch (metric) {
    case "mean-absolute-error":
      return spread * (error === "normal" ? Math.sqrt(2 / Math.PI) : 2 / Math.E);
    case "root-mean-squared-error":
      return spread;
    case "r2":
      return 1 - spread ** 2 / (slope ** 2 + spread ** 2);
    default:
      return 0;
  }
}

function draw(world: World, random: PhiloxStream): ValueMoments {
  const p = new Float64Array(world.n);
  const y = new Float64Array(world.n);
  for (let row = 0; row < world.n; row++) {
    p[row] = slope * random.normal();
    const error = world.error === "normal" ? random.normal() : -log(1 - random.uniform()) - 1;
    y[row] = (p[row] ?? 0) + world.spread * error;
  }
  return momentsOf(p, y);
}

/** Moments from the rows themselves, by their definitions: the audit has them from exact sums. */
export function momentsOf(p: Float64Array, y: Float64Array): ValueMoments {
  const e = p.map((value, row) => value - (y[row] ?? 0));
  const quantity = (values: Float64Array): Quantity => {
    const n = values.length;
    let [sum, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      sum += value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    const mean = sum / n;
    let squares = 0;
    for (const value of values) squares += (value - mean) ** 2;
    return { n, effective: n, mean, standardError: Math.sqrt(squares / (n - 1) / n), least, most };
  };
  const label = quantity(y);
  const square = quantity(e.map((value) => value * value));
  const n = y.length;
  const labelVariance = y.reduce((sum, value) => sum + (value - label.mean) ** 2, 0) / n;
  const influence = y.reduce(
    (sum, value, row) => sum + ((e[row] ?? 0) ** 2 / square.mean - (value - label.mean) ** 2 / labelVariance) ** 2,
    0,
  );
  return {
    prediction: quantity(p),
    label,
    residual: quantity(e),
    absolute: quantity(e.map(Math.abs)),
    square,
    labelVariance,
    logShareError: Math.sqrt(influence * (n / (n - 1))) / n,
  };
}

function estimated(found: ValueEstimate, metric: ValueMetric, n: number): Estimated {
  const estimate = { ...found, rarer: Number.POSITIVE_INFINITY, share: null, table: null };
  return {
    group: { values: ["g"], rows: n, known: true, counts: new Float64Array(9), weights: null },
    of: new Map([[metric.name, { estimate, interval: null, method: null }]]),
  };
}

interface Scenario {
  readonly about: string;
  readonly worlds: readonly World[];
  /** All of the metrics below are equal in all groups. */
  readonly equal: readonly string[];
  /** Sizes and errors for which nothing is promised of metrics of errors. */
  readonly isHard: boolean;
}

const means = ["mean-prediction", "mean-label", "mean-residual"];
const all = valueMetrics.map(({ name }) => name);

function scenarios(quick: boolean): Scenario[] {
  const same = (count: number, n: number, error: World["error"], spread = 1): World[] =>
    Array.from({ length: count }, () => ({ n, error, spread }));
  const hard: Scenario = {
    about: "3 groups of 30, skewed errors",
    worlds: same(3, 30, "exponential"),
    equal: all,
    isHard: true,
  };
  const list: Scenario[] = [
    { about: "3 groups of 100, normal errors", worlds: same(3, 100, "normal"), equal: all, isHard: false },
    {
      about: "30, 100 and 300 rows, normal errors of spread 2, 1 and 1/2",
      worlds: [
        { n: 30, error: "normal", spread: 2 },
        { n: 100, error: "normal", spread: 1 },
        { n: 300, error: "normal", spread: 0.5 },
      ],
      equal: means,
      isHard: false,
    },
  ];
  if (quick) return [...list, hard];
  return [
    ...list,
    hard,
    { about: "2 groups of 30, normal errors", worlds: same(2, 30, "normal"), equal: all, isHard: false },
    { about: "8 groups of 50, normal errors", worlds: same(8, 50, "normal"), equal: all, isHard: false },
    { about: "3 groups of 300, skewed errors", worlds: same(3, 300, "exponential"), equal: all, isHard: true },
    {
      about: "40 and 1,000 rows, normal errors",
      worlds: [...same(1, 40, "normal"), ...same(1, 1000, "normal")],
      equal: all,
      isHard: false,
    },
  ];
}

/** Intervals of values and gaps, and size of Welch's test. Skewed errors with few rows are told, and nothing is asked of them. */
export function valueChecks(simulations: number, quick: boolean, tell: (text: string) => void): Check[] {
  const z = criticalValue(0.95);
  const checks: Check[] = [];
  for (const [index, { about, worlds, equal, isHard }] of scenarios(quick).entries()) {
    tell(`predicted numbers, ${about}`);
    const random = new PhiloxStream(4021, index);
    const counted = new Map(
      valueMetrics.map(({ name }) => [
        name,
        { value: new Array<number>(worlds.length).fill(0), range: 0, zero: 0, rejected: 0 },
      ]),
    );
    for (let round = 0; round < simulations; round++) {
      const moments = worlds.map((world) => draw(world, random));
      for (const metric of valueMetrics) {
        const found = moments.map((one) => metric.estimate(one));
        const held = counted.get(metric.name);
        if (!held || found.some((one) => one === null)) continue;
        const known = found.filter((one) => one !== null);
        for (const [group, one] of known.entries()) {
          const { low, high } = one.interval(z);
          const true_ = truth(metric.name, worlds[group] ?? { n: 0, spread: 0, error: "normal" });
          if (low <= true_ && true_ <= high) held.value[group] = (held.value[group] ?? 0) + 1;
        }
        const truths = worlds.map((world) => truth(metric.name, world));
        const gap = Math.max(...truths) - Math.min(...truths);
        const eligible = known.map((one, group) => {
          const own = estimated(one, metric, worlds[group]?.n ?? 0);
          const estimate = own.of.get(metric.name)?.estimate;
          if (!estimate) throw new Error("no estimate");
          return { one: own, estimate };
        });
        const { difference } = spanOf(metric, eligible, ["g"], 0.95, 0);
        if ((difference.low ?? 0) <= gap + 1e-12 && gap <= (difference.high ?? 0)) held.range++;
        if (difference.low === 0) held.zero++;
        const tested = known.map(({ tested: one }) => one);
        const p = tested.includes(null) ? null : welchTest(tested.filter((one) => one !== null));
        if (p !== null && p < 0.05) held.rejected++;
      }
    }
    const error = Math.sqrt((0.95 * 0.05) / simulations);
    for (const { name } of valueMetrics) {
      const held = counted.get(name);
      if (!held) continue;
      const asks = !isHard || means.slice(0, 1).includes(name);
      const share = (count: number): number => count / simulations;
      checks.push({
        section: "predicted numbers: value",
        metric: name,
        scenario: `${about}, least of the groups`,
        value: share(Math.min(...held.value)),
        atLeast: asks ? 0.92 : null,
        atMost: null,
        error,
      });
      checks.push({
        section: "predicted numbers: max − min",
        metric: name,
        scenario: about,
        value: share(held.range),
        atLeast: asks ? 0.94 : null,
        atMost: null,
        error,
      });
      if (!equal.includes(name)) continue;
      checks.push({
        section: "predicted numbers: interval of equal groups reaches zero",
        metric: name,
        scenario: about,
        value: share(held.zero),
        atLeast: asks ? 0.94 : null,
        atMost: null,
        error,
      });
      checks.push({
        section: "predicted numbers: size of Welch's test",
        metric: name,
        scenario: about,
        value: share(held.rejected),
        atLeast: null,
        atMost: asks ? 0.065 : null,
        error,
      });
    }
  }
  return checks;
}
