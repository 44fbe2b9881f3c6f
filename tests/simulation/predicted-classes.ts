import { type Device, PhiloxStream } from "@assay/compute";
import { classTableTests } from "../../packages/audits/src/fairness/group-metrics/classes/table-tests.ts";
import { spanOf } from "../../packages/audits/src/groups/disparity.ts";
import type { Estimated } from "../../packages/audits/src/groups/group-measures.ts";
import { type ClassMetric, classMetrics, classSums } from "../../packages/audits/src/metrics/classes/index.ts";
import { linearise } from "../../packages/audits/src/metrics/classes/linearise.ts";
import { criticalValue } from "../../packages/audits/src/statistics/index.ts";
import type { Check } from "./study.ts";

/** Metrics of the whole table that groups are compared by. */
export const comparedClassMetrics: readonly ClassMetric[] = classMetrics.filter((metric) => "slopes" in metric);

interface World {
  readonly n: number;
  /** Probabilities of the nine cells, truth × predicted. */
  readonly cells: readonly number[];
}

/** Three classes; `right` is how often each is recognised, errors fall evenly on the other two. */
function world(n: number, shares: readonly number[], right: readonly number[]): World {
  const cells = shares.flatMap((share, truth) =>
    shares.map((_, predicted) => share * (truth === predicted ? (right[truth] ?? 0) : (1 - (right[truth] ?? 0)) / 2)),
  );
  return { n, cells };
}

const common = (n: number): World => world(n, [0.5, 0.3, 0.2], [0.8, 0.7, 0.6]);
/** A class of few rows, and other rates of recognition. */
const rare = (n: number): World => world(n, [0.7, 0.25, 0.05], [0.9, 0.6, 0.5]);

const scenarios = (quick: boolean) => [
  { about: "3 groups of 200, alike", worlds: [common(200), common(200), common(200)], isEqual: true },
  ...(quick
    ? []
    : [
        { about: "2 groups of 60, alike", worlds: [common(60), common(60)], isEqual: true },
        { about: "60 and 1,000 rows, alike", worlds: [common(60), common(1000)], isEqual: true },
        {
          about: "6 groups of 150, a class in 20 rows, alike",
          worlds: Array.from({ length: 6 }, () => rare(150)),
          isEqual: true,
        },
      ]),
  { about: "200 and 400 rows, different", worlds: [common(200), rare(400)], isEqual: false },
];

function drawTable({ n, cells }: World, random: PhiloxStream): Float64Array {
  const counts = new Float64Array(cells.length);
  for (let row = 0; row < n; row++) {
    let left = random.uniform();
    let cell = 0;
    while (cell < cells.length - 1 && left >= (cells[cell] ?? 0)) left -= cells[cell++] ?? 0;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

/** Linearised intervals, intervals of gaps and size of the studentised permutation test of metrics of a table of three classes. */
export async function classChecks(
  device: Device,
  simulations: number,
  replicates: number,
  quick: boolean,
  tell: (text: string) => void,
): Promise<Check[]> {
  const z = criticalValue(0.95);
  const support = Array.from({ length: 9 }, (_, cell) => cell);
  const checks: Check[] = [];
  for (const [index, { about, worlds, isEqual }] of scenarios(quick).entries()) {
    tell(`predicted classes, ${about}`);
    const random = new PhiloxStream(4022, index);
    const counted = new Map(
      comparedClassMetrics.map(({ name }) => [
        name,
        { value: new Array<number>(worlds.length).fill(0), range: 0, zero: 0, rejected: 0 },
      ]),
    );
    for (let round = 0; round < simulations; round++) {
      const tables = worlds.map((one) => drawTable(one, random));
      for (const metric of comparedClassMetrics) {
        const held = counted.get(metric.name);
        if (!held) continue;
        const truths = worlds.map(({ cells }) => metric.formula(classSums(3, cells)));
        const eligible = tables.map((counts, group) => {
          const line = linearise(metric, { classes: 3, counts, weights: null }, support);
          if (!line) throw new Error("no line");
          const value = metric.formula(classSums(3, counts));
          const interval = (at: number) => {
            const { low, high } = line.interval(at);
            return { low: Math.min(low, value), high: Math.max(high, value) };
          };
          const { low, high } = interval(z);
          const true_ = truths[group] ?? 0;
          if (low <= true_ && true_ <= high) held.value[group] = (held.value[group] ?? 0) + 1;
          const estimate = {
            value,
            n: counts.length,
            rarer: Number.POSITIVE_INFINITY,
            share: null,
            table: null,
            se: line.standardError,
            interval,
          };
          const one: Estimated = {
            group: { values: ["g"], rows: 100, known: true, counts: new Float64Array(9), weights: null },
            of: new Map(),
          };
          return { one, estimate };
        });
        const gap = Math.max(...truths) - Math.min(...truths);
        const { difference } = spanOf(metric, eligible, ["g"], 0.95, 0);
        if ((difference.low ?? 0) <= gap + 1e-12 && gap <= (difference.high ?? 0)) held.range++;
        if (difference.low === 0) held.zero++;
      }
      if (!isEqual) continue;
      const ps = await classTableTests(comparedClassMetrics, tables, 3, support, {
        device,
        replicates,
        seed: 4023,
        stream: index * 1_000_000 + round,
      });
      for (const [place, metric] of comparedClassMetrics.entries()) {
        const held = counted.get(metric.name);
        if (held && (ps[place] ?? 1) <= 0.05) held.rejected++;
      }
    }
    const error = Math.sqrt((0.95 * 0.05) / simulations);
    for (const { name } of comparedClassMetrics) {
      const held = counted.get(name);
      if (!held) continue;
      const head = { metric: name, scenario: about, error };
      const at = (count: number): number => count / simulations;
      checks.push(
        {
          ...head,
          section: "predicted classes: value, linearised",
          value: at(Math.min(...held.value)),
          atLeast: 0.92,
          atMost: null,
        },
        { ...head, section: "predicted classes: max − min", value: at(held.range), atLeast: 0.94, atMost: null },
      );
      if (!isEqual) continue;
      checks.push(
        {
          ...head,
          section: "predicted classes: interval of equal groups reaches zero",
          value: at(held.zero),
          atLeast: 0.94,
          atMost: null,
        },
        {
          ...head,
          section: "predicted classes: size of the permutation test",
          value: at(held.rejected),
          atLeast: null,
          atMost: 0.06,
        },
      );
    }
  }
  return checks;
}
