import { gapDriftPs, type RateCounts, rateDriftPs } from "../../packages/audits/src/statistics/index.ts";
import { PhiloxStream } from "../../packages/compute/src/random/philox-stream.ts";

const alpha = 0.05;
/** Months after the baseline, and looks in each: a run of all rows that there are by then, its last month not yet full. */
const months = 6;
const looksEach = 10;

interface Scenario {
  readonly name: string;
  /** Rows of each of two groups in the baseline, and between two looks. */
  readonly before: number;
  readonly each: number;
  readonly rate: number;
  /** Rates of both groups move together by up to this, from month to month. */
  readonly sway: number;
}

const scenarios: readonly Scenario[] = [
  { name: "nothing changes", before: 600, each: 20, rate: 0.3, sway: 0 },
  { name: "nothing changes, rare", before: 600, each: 20, rate: 0.05, sway: 0 },
  { name: "nothing changes, few rows", before: 60, each: 2, rate: 0.3, sway: 0 },
  { name: "both move together", before: 600, each: 20, rate: 0.3, sway: 0.05 },
];

/**
 * How many of `runs` simulated data sources, read again from the first row each time they have grown, raise a false alarm of
 * one test at any of their runs: where it holds at all runs together, no more than 5 % do.
 */
export function studyGrowing(runs: number, tell: (line: string) => void): void {
  for (const [index, scenario] of scenarios.entries()) {
    const random = new PhiloxStream(20_261_201, 100 + index);
    const alarms = { rate: 0, gap: 0 };
    for (let run = 0; run < runs; run++) {
      const found = alarmsOf(scenario, random);
      if (found.rate) alarms.rate++;
      if (found.gap) alarms.gap++;
    }
    const share = (count: number): string => `${((100 * count) / runs).toFixed(1)} %`;
    // Where both move the rate is not constant: its alarms are no false ones.
    tell(`${scenario.name}: rate ${scenario.sway > 0 ? "–" : share(alarms.rate)}, gap ${share(alarms.gap)}`);
  }
}

function alarmsOf({ before, each, rate, sway }: Scenario, random: PhiloxStream): { rate: boolean; gap: boolean } {
  const draw = (n: number, p: number): RateCounts => {
    let k = 0;
    for (let row = 0; row < n; row++) if (random.uniform() < p) k++;
    return { k, n };
  };
  const add = (a: RateCounts, b: RateCounts): RateCounts => ({ k: a.k + b.k, n: a.n + b.n });
  const baseline = { own: draw(before, rate), other: draw(before, rate + 0.1) };
  const full: { own: RateCounts; other: RateCounts }[] = [];
  const found = { rate: false, gap: false };
  for (let month = 0; month < months; month++) {
    const shift = (2 * random.uniform() - 1) * sway;
    let open = { own: { k: 0, n: 0 }, other: { k: 0, n: 0 } };
    for (let look = 0; look < looksEach; look++) {
      open = {
        own: add(open.own, draw(each, rate + shift)),
        other: add(open.other, draw(each, rate + 0.1 + shift)),
      };
      const pairs = [...full, open];
      const own = pairs.map((pair) => pair.own);
      if ((rateDriftPs(baseline.own, own).at(-1) ?? 1) <= alpha) found.rate = true;
      if ((gapDriftPs(baseline, pairs).at(-1) ?? 1) <= alpha) found.gap = true;
    }
    full.push(open);
  }
  return found;
}
