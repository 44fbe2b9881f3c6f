import { writeFileSync } from "node:fs";
import { openDevice } from "@assay/compute";
import { subgroups } from "../../packages/audits/src/fairness/subgroups/index.ts";
import { planted, searched } from "../../packages/audits/src/fairness/subgroups/planted-data.testing.ts";
import { runCells } from "../../packages/audits/src/testing/run-cells.ts";

export interface Scenario {
  readonly rows: number;
  /** Share of the rows in the planted group. */
  readonly share: number;
  /** What is added to its error rate. */
  readonly extra: number;
}

export interface Power extends Scenario {
  readonly runs: number;
  /** Runs that confirm any group. */
  readonly any: number;
  /** Runs that tell the planted group, by its own description, at a place of its own. */
  readonly exact: number;
}

/** Error rate of everyone outside the planted group. */
export const base = 0.1;

export const scenarios: readonly Scenario[] = [2_000, 8_000].flatMap((rows) => [
  { rows, share: 0.1, extra: 0 },
  ...[0.05, 0.1, 0.2].flatMap((share) => [0.05, 0.1, 0.2].map((extra) => ({ rows, share, extra }))),
]);

/** Runs the audit, with its defaults, over people drawn with one group that is worse by a known amount. */
export async function powerOf(scenario: Scenario, runs: number): Promise<Power> {
  const device = await openDevice("cpu");
  let any = 0;
  let exact = 0;
  try {
    for (let seed = 1; seed <= runs; seed++) {
      const { findings } = await runCells(planted({ ...scenario, seed, base }), {
        definition: subgroups,
        device,
        columns: { label: "label", decision: "decision", protected: ["sex", "age"], features: [...searched].slice(2) },
        seed,
      });
      const told = findings.filter((one) => one.id.startsWith("slice-"));
      if (told.length > 0) any++;
      if (told.some((one) => one.text.en.includes(" for sex = f, age = old.**"))) exact++;
    }
  } finally {
    device.dispose();
  }
  return { ...scenario, runs, any, exact };
}

const percent = (share: number, decimals = 0): string => `${(100 * share).toFixed(decimals)} %`;

export function rowOf({ rows, share, extra, runs, any, exact }: Power): string {
  const cells = [
    rows.toLocaleString("en-US"),
    extra === 0 ? "none" : percent(share),
    extra === 0 ? "none" : `${Math.round(100 * extra)} points`,
    percent(any / runs, extra === 0 ? 1 : 0),
    extra === 0 ? "" : percent(exact / runs),
  ];
  return `| ${cells.join(" | ")} |`;
}

export async function writePowerPage(path: string, runs: number, tell: (text: string) => void): Promise<void> {
  const lines = [
    "# Power of the search for the worst groups",
    "",
    "Made by `node scripts/subgroups-power.mjs`; do not edit. `fairness.subgroups` with its defaults over simulated people with",
    `five columns, of whom one group of two columns is decided wrongly more often than the ${percent(base)} of everyone else.`,
    `${runs} runs a row: a share told here has a standard error of at most ${Math.ceil(50 / Math.sqrt(runs))} points. Where nobody differs there are ten`,
    `times as many, and a standard error of ${(Math.sqrt((0.05 * 0.95) / (10 * runs)) * 100).toFixed(1)} points.`,
    "",
    "*Any* is the share of runs that confirm a group at all: where nobody differs, the rate of false alarms. *Exact* is the share",
    "that tells the planted group by its own description, no more and no less; in the others a wider or narrower group that",
    "holds most of it stands in its place, or nothing.",
    "",
    "| rows | size of the group | worse by | any | exact |",
    "|---:|---:|---:|---:|---:|",
  ];
  for (const scenario of scenarios) {
    const row = rowOf(await powerOf(scenario, scenario.extra === 0 ? 10 * runs : runs));
    tell(row);
    lines.push(row);
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}
