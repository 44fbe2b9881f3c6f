import { writeFile } from "node:fs/promises";
import { gapDriftPs, type RateCounts, rateDriftPs } from "../../packages/audits/src/statistics/index.ts";
import { PhiloxStream } from "../../packages/compute/src/random/philox-stream.ts";

interface Scenario {
  readonly name: string;
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

const base = { looks: 60, before: 1000, each: 50, rate: 0.3, later: 0.3, sway: 0 };
const scenarios: readonly Scenario[] = [
  { ...base, name: "nothing changes" },
  { ...base, name: "nothing changes, rare", rate: 0.05, later: 0.05 },
  { ...base, name: "nothing changes, few rows", before: 100, each: 10 },
  { ...base, name: "both move together", sway: 0.05 },
  { ...base, name: "5 points more", later: 0.35 },
  { ...base, name: "10 points more", later: 0.4 },
];

const alpha = 0.05;

/** Simulates how often drift alarms and how late, and writes the page of it. */
export async function writeDriftPage(path: string, runs: number, tell: (text: string) => void): Promise<void> {
  const lines = scenarios.map((scenario, index) => {
    const found = study(scenario, runs, index);
    tell(`${scenario.name}: ${JSON.stringify(found)}`);
    const share = (one: Alarms): string => `${((100 * one.runs) / runs).toFixed(1)} %`;
    const delay = (one: Alarms): string => (one.runs < runs / 2 ? "–" : String(one.median));
    const { looks, before, each, rate, later } = scenario;
    return `| ${scenario.name} | ${before} | ${each} | ${rate} → ${later} | ${looks} | ${share(found.rate)} | ${delay(found.rate)} | ${share(found.gap)} | ${delay(found.gap)} |`;
  });
  await writeFile(
    path,
    `# Drift: false alarms and delay

Made by \`node scripts/drift-alarms.mjs --runs ${runs}\`: ${runs} simulated series a line, one test of a rate and one of a gap at α = ${alpha}, looked at
after every period. "Alarms" is the share of series in which any look alarmed; where nothing changes (for the rate) or the gap stays, it must not be above
5 %. Of ${runs} series at exactly 5 %, up to ${upTo(runs)} % come up by chance in 999 of 1,000 studies. The delay is the median number of periods until the alarm.
Where both move together the rate itself is not constant: its alarms are no false ones, the gap's would be.

| scenario | rows in the baseline | rows a period | rate | looks | alarms, rate | delay | alarms, gap | delay |
|---|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`,
  );
}

interface Alarms {
  readonly runs: number;
  readonly median: number;
}

export function study(
  { looks, before, each, rate, later, sway }: Scenario,
  runs: number,
  stream: number,
): { readonly rate: Alarms; readonly gap: Alarms } {
  const random = new PhiloxStream(20_261_201, stream);
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
    for (const [what, ps] of [
      ["rate", rateDriftPs(baseline.own, own)],
      ["gap", gapDriftPs(baseline, pairs)],
    ] as const) {
      const at = ps.findIndex((p) => p <= alpha);
      if (at >= 0) first[what].push(at + 1);
    }
  }
  const told = (all: number[]): Alarms => ({
    runs: all.length,
    median: all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0,
  });
  return { rate: told(first.rate), gap: told(first.gap) };
}

function upTo(runs: number): string {
  return (100 * (alpha + 3.09 * Math.sqrt((alpha * (1 - alpha)) / runs))).toFixed(1);
}
