import { writeFileSync } from "node:fs";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { bootstrapDraws, exchangeDraws } from "../../packages/audits/src/comparison/draws.ts";
import {
  confusionOf,
  type PairedGroup,
  pairedCells,
  type Side,
} from "../../packages/audits/src/comparison/paired-cells.ts";
import { pairedGaps } from "../../packages/audits/src/comparison/paired-gaps.ts";
import { type Metric, metricNamed } from "../../packages/audits/src/metrics/index.ts";
import { percentileInterval, rangeOf } from "../../packages/audits/src/statistics/index.ts";
import { pageTables } from "./page.ts";
import { ratesFrom } from "./rates-from.ts";
import { type Check, holds } from "./study.ts";

/** Rates of the two sides in every group; rows keep their luck from a to b with chance `kept`. */
interface World {
  readonly about: string;
  readonly a: readonly number[];
  readonly b: readonly number[];
}

const kept = 0.8;

const worlds = (k: number): World[] => [
  { about: "no gap before or after", a: ratesFrom(k, 0.4, 0.4), b: ratesFrom(k, 0.4, 0.4) },
  { about: "the same gap of 0.2", a: ratesFrom(k, 0.3, 0.5), b: ratesFrom(k, 0.3, 0.5) },
  { about: "0.2, turned round", a: ratesFrom(k, 0.3, 0.5), b: ratesFrom(k, 0.5, 0.3) },
  { about: "from 0.2 to 0.1", a: ratesFrom(k, 0.3, 0.5), b: ratesFrom(k, 0.35, 0.45) },
  { about: "from 0.2 to none", a: ratesFrom(k, 0.3, 0.5), b: ratesFrom(k, 0.4, 0.4) },
  { about: "from none to 0.2", a: ratesFrom(k, 0.4, 0.4), b: ratesFrom(k, 0.3, 0.5) },
];

function draw(world: World, n: number, random: PhiloxStream): PairedGroup[] {
  return world.a.map((rateA, group) => {
    const counts = new Float64Array(pairedCells);
    for (let row = 0; row < n; row++) {
      const label = random.uniform() < 0.4 ? 2 : 1;
      const luck = random.uniform();
      const other = random.uniform() < kept ? luck : random.uniform();
      const cell = label * 4 + (luck < rateA ? 2 : 0) + (other < (world.b[group] ?? 0) ? 1 : 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    return { values: [String(group)], counts, weights: null };
  });
}

/** Percentiles of the bootstrap alone, as they would be told without the rest. */
function percentiles(metric: Metric, draws: readonly Uint32Array[], replicates: number) {
  const gap = (side: Side, replicate: number): number => {
    const values = draws
      .map((one) => metric.formula(confusionOf(one, side, metric.needs, replicate * pairedCells)))
      .filter((value) => !Number.isNaN(value));
    return values.length === 0 ? 0 : rangeOf(values);
  };
  return percentileInterval(
    Float64Array.from({ length: replicates }, (_, replicate) => gap("b", replicate) - gap("a", replicate)),
    0.95,
  );
}

interface Scale {
  readonly simulations: number;
  readonly replicates: number;
  readonly quick: boolean;
}

/** Coverage of the change of a gap between two sides of the same rows, and how often its test rejects where nothing changes. */
export async function pairedGapChecks(
  device: Device,
  { simulations, replicates, quick }: Scale,
  tell: (text: string) => void = () => undefined,
): Promise<Check[]> {
  const metric = metricNamed("selection-rate");
  if (!metric) throw new Error("no selection-rate");
  const settings = quick
    ? [{ k: 4, n: 100 }]
    : [
        { k: 2, n: 30 },
        { k: 2, n: 100 },
        { k: 4, n: 100 },
      ];
  const checks: Check[] = [];
  for (const { k, n } of settings) {
    for (const [index, world] of worlds(k).entries()) {
      if (quick && index !== 0 && index !== 4) continue;
      const about = `${k} groups of ${n}, ${world.about}`;
      tell(`paired gaps: ${about}`);
      const truth = rangeOf(world.b) - rangeOf(world.a);
      const random = new PhiloxStream(4051, k * 100 + index);
      const found = { told: 0, alone: 0, rejected: 0, contradictions: 0 };
      for (let run = 0; run < simulations; run++) {
        const groups = draw(world, n, random);
        const draws = new Map(
          await Promise.all(
            groups.map(async (group, place) => {
              const options = { device, replicates, seed: 4052, stream: run * 16 + place * 2 };
              const own = {
                bootstrap: await bootstrapDraws(group.counts, options),
                exchange: exchangeDraws(group.counts, options),
              };
              return [group, own] as const;
            }),
          ),
        );
        const none = { bootstrap: new Uint32Array(0), exchange: new Uint32Array(0) };
        const [gap] = pairedGaps([metric], groups, (group) => draws.get(group) ?? none, 0.95);
        if (!gap) continue;
        const { low, high } = gap.interval;
        if (low <= truth + 1e-12 && truth - 1e-12 <= high) found.told++;
        if (gap.p > 0.05 && !(low <= 0 && 0 <= high)) found.contradictions++;
        if (gap.p <= 0.05 && !(low <= 0 && 0 <= high)) found.rejected++;
        const alone = percentiles(
          metric,
          [...draws.values()].map(({ bootstrap }) => bootstrap),
          replicates,
        );
        if (Math.min(alone.low, gap.value) <= truth + 1e-12 && truth - 1e-12 <= Math.max(alone.high, gap.value))
          found.alone++;
      }
      const share = (count: number): number => count / simulations;
      const head = { metric: "selection-rate", scenario: about, error: Math.sqrt((0.95 * 0.05) / simulations) };
      checks.push(
        {
          ...head,
          section: "interval of the change, as told",
          value: share(found.told),
          atLeast: 0.9,
          atMost: null,
        },
        {
          ...head,
          section: "interval of the change, percentiles alone",
          value: share(found.alone),
          atLeast: null,
          atMost: null,
        },
        {
          ...head,
          section: "claims of a change",
          value: share(found.rejected),
          atLeast: null,
          atMost: Math.abs(truth) < 1e-12 ? 0.06 : null,
        },
        {
          ...head,
          section: "p above 0.05 beside an interval without 0",
          value: share(found.contradictions),
          atLeast: null,
          atMost: 0,
          error: 0,
        },
      );
    }
  }
  return checks;
}

export const wholeStudy: Scale = { simulations: 20_000, replicates: 99, quick: false };

/** Runs the study and writes its page. */
export async function writePairedGapsPage(
  path: string,
  quick: boolean,
  tell: (text: string) => void,
  simulations: number = wholeStudy.simulations,
): Promise<void> {
  const scale = quick ? { simulations: 300, replicates: 99, quick } : { ...wholeStudy, simulations };
  const device = await openDevice("cpu");
  try {
    writeFileSync(path, pairedGapsPage(await pairedGapChecks(device, scale, tell), scale));
  } finally {
    device.dispose();
  }
}

/** The study as a page. */
export function pairedGapsPage(checks: readonly Check[], scale: Scale): string {
  const short = checks.filter((check) => !holds(check));
  const lines = [
    "# Coverage of gaps compared on the same rows",
    "",
    "Made by `node scripts/coverage.mjs --study comparison`; do not edit. Decisions of two sides on the same rows, the luck of a row kept from",
    `one to the other with chance ${kept}; nominal level 95 % and 0.05, ${scale.simulations.toLocaleString("en-US")} simulations a scenario, ${scale.replicates} replicates. A value is held to`,
    "its bound within three standard errors of the simulation.",
    "",
    "A gap, max − min over groups, lies above its truth, and the more the more alike the groups are: where one side has closed the gap, the",
    "change looks smaller than it is. Percentiles of a bootstrap carry that bias twice. `assay compare` tells what three views leave together:",
    "the reach of the exchange test about the change, the same about the change of bias-corrected gaps, and the percentiles. It holds 0",
    "wherever the test does not reject, and a claim needs both. Where a gap of several groups closes, coverage stays below its level: 0.9 is asked.",
    "",
    "## What falls short",
    "",
    ...(short.length === 0
      ? ["Nothing of what is asked: every value keeps to its bound."]
      : short.map((check) => `- ${check.section}, ${check.scenario}: ${(100 * check.value).toFixed(2)} %`)),
    ...pageTables(checks, (names) => names.join(", ")),
  ];
  return `${lines.join("\n")}\n`;
}
