import { writeFileSync } from "node:fs";
import { openDevice } from "@assay/compute";
import { pageTables } from "./page.ts";
import { classChecks } from "./predicted-classes.ts";
import { valueChecks } from "./predicted-numbers.ts";
import { listChecks } from "./ranked-lists.ts";
import { type Check, holds } from "./study.ts";

/** Simulations of a scenario, and draws of a test, of the whole study. */
export const wholeStudy = { simulations: 20_000, replicates: 99, quick: false } as const;

/** Predicted classes, predicted numbers and ranked lists by group. */
export async function outputChecks(
  { simulations, replicates, quick }: { simulations: number; replicates: number; quick: boolean },
  tell: (text: string) => void = () => undefined,
): Promise<Check[]> {
  const device = await openDevice("cpu");
  try {
    return [
      ...valueChecks(simulations, quick, tell),
      ...(await classChecks(device, simulations, replicates, quick, tell)),
      ...(await listChecks(simulations, replicates, quick, tell)),
    ];
  } finally {
    device.dispose();
  }
}

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;

export async function writeOutputsPage(
  path: string,
  small: boolean,
  tell: (text: string) => void,
  simulations: number = wholeStudy.simulations,
): Promise<void> {
  const scale = small ? { simulations: 500, replicates: 99, quick: true } : { ...wholeStudy, simulations };
  writeFileSync(path, outputsPage(await outputChecks(scale, tell), scale));
}

/** The study as a page. */
export function outputsPage(
  checks: readonly Check[],
  scale: { readonly simulations: number; readonly replicates: number },
): string {
  const short = checks.filter((check) => !holds(check));
  const lines = [
    "# Coverage of predicted numbers, predicted classes and ranked lists",
    "",
    `Made by \`node scripts/coverage.mjs --study outputs${scale.simulations === wholeStudy.simulations ? "" : ` --simulations ${scale.simulations}`}\`; do not edit. Data with known truth, nominal level 95 % for intervals and 0.05`,
    `for tests, ${scale.simulations.toLocaleString("en-US")} simulations a scenario, permutation tests with ${scale.replicates} draws. A value is held to its bound within three`,
    "standard errors of the simulation. Rates of single classes and accuracy are shares: [coverage.md](coverage.md) holds them.",
    "",
    "Intervals and Welch's test of predicted numbers are asymptotic. Of skewed errors with few rows nothing is asked of the metrics",
    "of errors: the table says what they do.",
    "",
    "## What falls short",
    "",
    ...(short.length === 0
      ? ["Nothing of what is asked: every value keeps to its bound."]
      : short.map((check) => `- ${check.section}, ${check.metric}, ${check.scenario}: ${percent(check.value)}`)),
    ...pageTables(checks, (names) => names.join(", ")),
  ];
  return `${lines.join("\n")}\n`;
}
