import { writeFileSync } from "node:fs";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { agreementInterval } from "../../packages/audits/src/neighbours/agreement-interval.ts";
import { agreementDifference, groupsBy } from "../../packages/audits/src/neighbours/agreement-measures.ts";
import { type AgreementSummary, readAgreement } from "../../packages/audits/src/neighbours/read-agreement.ts";
import { numberColumn, tableOf, textColumn } from "../../packages/audits/src/testing/coded-table.ts";

export interface Scenario {
  readonly name: string;
  readonly people: number;
  /** Shares of the groups, which do not differ in anything. */
  readonly groups: readonly number[];
  /** Values of the first feature where it is not normal. */
  readonly values?: number;
  rate(x: number, z: number): number;
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

export const scenarios: readonly Scenario[] = [
  { name: "noise at 15 %", people: 150, groups: [0.3, 0.7], rate: () => 0.15 },
  { name: "noise at 50 %", people: 150, groups: [0.3, 0.7], rate: () => 0.5 },
  { name: "rare, 2 %", people: 300, groups: [0.4, 0.6], rate: () => 0.02 },
  { name: "smooth rate", people: 200, groups: [0.2, 0.3, 0.5], rate: (x, z) => sigmoid(2 * x + z) },
  { name: "a cut", people: 200, groups: [0.2, 0.3, 0.5], rate: (x, z) => (x + z > 0 ? 1 : 0) },
  { name: "a cut", people: 600, groups: [0.1, 0.3, 0.6], rate: (x, z) => (x + z > 0 ? 1 : 0) },
  {
    name: "six values, all tied",
    people: 200,
    groups: [0.4, 0.6],
    values: 6,
    rate: (x) => [0.1, 0.2, 0.4, 0.5, 0.7, 0.9][x] ?? 0,
  },
];

export interface Coverage {
  readonly scenario: Scenario;
  readonly runs: number;
  /** Mean consistency over draws: what intervals are to hold. */
  readonly mean: number;
  /** Shares of draws whose interval holds it: of everyone, of the smallest group. */
  readonly overall: number;
  readonly group: number;
  /** Draws that tell a difference between groups that do not differ. */
  readonly false: number;
  /** Root mean square of the standard errors over the standard deviation over draws. */
  readonly errorRatio: number;
}

/** Draws people again and again, and looks what their intervals hold. */
export async function coverageOf(scenario: Scenario, runs: number): Promise<Coverage> {
  const device = await openDevice("cpu");
  const random = new PhiloxStream(5, scenarios.indexOf(scenario) + 1);
  try {
    const all: AgreementSummary[] = [];
    for (let run = 0; run < runs; run++) all.push(await draw(random, scenario, device));
    const overall = all.flatMap((one) => (one.overall === null ? [] : [one.overall]));
    const first = all.flatMap((one) => one.groups.filter(({ values }) => values[0] === "g0").map((g) => g.numbers));
    const mean = meanOf(overall.map(({ value }) => value));
    const differences = all.map((one) =>
      agreementDifference("difference", ["g"], groupsBy(one, ["g"]), { confidence: 0.95, min_count: 20 }),
    );
    const compared = differences.filter(({ value }) => value !== null);
    return {
      scenario,
      runs,
      mean,
      overall: held(overall, mean),
      group: held(first, meanOf(first.map(({ value }) => value))),
      false: compared.filter(({ low }) => (low ?? 0) > 0).length / compared.length,
      errorRatio: Math.sqrt(
        meanOf(overall.map(({ standardError }) => (standardError ?? 0) ** 2)) /
          meanOf(overall.map(({ value }) => (value - mean) ** 2)),
      ),
    };
  } finally {
    device.dispose();
  }
}

function held(numbers: readonly Parameters<typeof agreementInterval>[0][], truth: number): number {
  const intervals = numbers.map((one) => agreementInterval(one, 0.95));
  return intervals.filter((one) => one !== null && one.low <= truth && truth <= one.high).length / numbers.length;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function draw(
  random: PhiloxStream,
  { people, groups, values, rate }: Scenario,
  device: Device,
): Promise<AgreementSummary> {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const x = Array.from({ length: people }, () =>
    values === undefined ? normal() : Math.floor(random.uniform() * values),
  );
  const z = Array.from({ length: people }, normal);
  const g = Array.from({ length: people }, () => {
    let left = random.uniform();
    const place = groups.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    return `g${place === -1 ? groups.length - 1 : place}`;
  });
  const y = x.map((value, row) => (random.uniform() < rate(value, z[row] ?? 0) ? "1" : "0"));
  const names = values === undefined ? ["x", "z"] : ["x"];
  return readAgreement({
    table: tableOf(people, [
      [{ kind: "number", column: "x" }, numberColumn(x)],
      [{ kind: "number", column: "z" }, numberColumn(z)],
      [{ kind: "equals", column: "y", equals: ["1"] }, textColumn(y, ["0", "1"])],
      [
        { kind: "text", column: "g" },
        textColumn(
          g,
          groups.map((_, place) => `g${place}`),
        ),
      ],
    ]),
    roles: {
      protected: [{ name: "g", request: { kind: "text", column: "g" }, reference: null }],
      groupings: [["g"]],
    } as never,
    features: names.map((name) => ({ name, type: "number", request: { kind: "number", column: name } })),
    outcome: { kind: "equals", column: "y", equals: ["1"] },
    k: 5,
    mostAsked: people,
    mostNeighbours: people,
    seed: 1,
    stream: 1,
    device,
  });
}

export function rowOf({ scenario, mean, overall, group, false: wrong, errorRatio }: Coverage): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const cells = [
    scenario.name,
    String(scenario.people),
    percent(mean),
    percent(overall),
    percent(group),
    percent(wrong),
    errorRatio.toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

export async function writeCoveragePage(path: string, runs: number, tell: (text: string) => void): Promise<void> {
  const lines = [
    "# Coverage of the agreement with nearest neighbours",
    "",
    "Made by `node scripts/neighbours-coverage.mjs`; do not edit. The consistency of `fairness.individual` and the agreement of labels",
    "of `fairness.representation`, 5 neighbours, over simulated people drawn anew each time; the intervals, at 95 %, are to hold the",
    `mean over draws. ${runs.toLocaleString("en-US")} draws a row: a share told here has a standard error of at most ${(50 / Math.sqrt(runs)).toFixed(1)} points, near 95 % of ${(100 * Math.sqrt((0.95 * 0.05) / runs)).toFixed(1)}.`,
    "",
    "*Group* is the smallest group's own interval. *False* is the share of draws that tell a difference between groups that do not",
    "differ. The last column is the jackknife's standard error over the true one: at least 1 by Efron and Stein's inequality, and",
    "higher where outcomes are noise, so that intervals are wide there rather than narrow.",
    "",
    "| outcomes | people | consistency | held | group | false | error |",
    "|---|---:|---:|---:|---:|---:|---:|",
  ];
  for (const scenario of scenarios) {
    const row = rowOf(await coverageOf(scenario, runs));
    tell(row);
    lines.push(row);
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}
