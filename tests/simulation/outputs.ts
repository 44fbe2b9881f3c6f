import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDevice } from "@assay/compute";
import { root } from "../paths.ts";
import { pageTables } from "./page.ts";
import { classChecks } from "./predicted-classes.ts";
import { valueChecks } from "./predicted-numbers.ts";
import { listChecks } from "./ranked-lists.ts";
import { type Check, holds } from "./study.ts";

/** Simulations of a scenario, and draws of a test, of the whole study. */
export const wholeStudy = { simulations: 20_000, replicates: 99, quick: false } as const;

const parts = ["numbers", "classes", "lists"] as const;
export type OutputPart = (typeof parts)[number];

interface Scale {
  readonly simulations: number;
  readonly replicates: number;
  readonly quick: boolean;
}

async function checksOf(part: OutputPart, scale: Scale, tell: (text: string) => void): Promise<Check[]> {
  const { simulations, replicates, quick } = scale;
  if (part === "numbers") return valueChecks(simulations, quick, tell);
  if (part === "lists") return listChecks(simulations, replicates, quick, tell);
  const device = await openDevice("cpu");
  try {
    return await classChecks(device, simulations, replicates, quick, tell);
  } finally {
    device.dispose();
  }
}

/** Predicted numbers, predicted classes and ranked lists by group. */
export async function outputChecks(scale: Scale, tell: (text: string) => void = () => undefined): Promise<Check[]> {
  const checks: Check[] = [];
  for (const part of parts) checks.push(...(await checksOf(part, scale, tell)));
  return checks;
}

/** What the whole study gave, part by part. */
export type OutputFigures = Readonly<
  Record<OutputPart, { readonly simulations: number; readonly checks: readonly Check[] }>
>;

export const figuresPath = join(root, "tests/simulation/coverage-outputs.json");

export function readOutputFigures(): OutputFigures {
  return JSON.parse(readFileSync(figuresPath, "utf8")) as OutputFigures;
}

/** The small study's page; or parts of the whole study in the place of the committed ones, and the page of all of them. */
export async function writeOutputsPage(
  path: string,
  small: boolean,
  tell: (text: string) => void,
  simulations: number = wholeStudy.simulations,
  asked: readonly OutputPart[] = parts,
): Promise<void> {
  const scale: Scale = small ? { simulations: 500, replicates: 99, quick: true } : { ...wholeStudy, simulations };
  const found: Partial<Record<OutputPart, OutputFigures[OutputPart]>> = {};
  for (const part of asked) {
    found[part] = { simulations: scale.simulations, checks: await checksOf(part, scale, tell) };
  }
  // Read once the work is done: another piece may have written since.
  const figures = { ...readOutputFigures(), ...found };
  if (!small) writeFileSync(figuresPath, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(path, outputsPage(figures, scale.replicates));
}

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;

/** The study as a page. */
export function outputsPage(figures: OutputFigures, replicates: number = wholeStudy.replicates): string {
  const checks = parts.flatMap((part) => figures[part].checks);
  const short = checks.filter((check) => !holds(check));
  const sizes = parts.map((part) => `${figures[part].simulations.toLocaleString("en-US")} for ${part}`).join(", ");
  const lines = [
    "# Coverage of predicted numbers, predicted classes and ranked lists",
    "",
    "Made by `node scripts/coverage.mjs --study outputs`; do not edit. Data with known truth, nominal level 95 % for intervals and 0.05",
    `for tests; simulations a scenario: ${sizes}; permutation tests with ${replicates} draws. A value is held to its`,
    "bound within three standard errors of the simulation. Rates of single classes and accuracy are shares: [coverage.md](coverage.md) holds them.",
    "",
    "Intervals and Welch's test of predicted numbers are asymptotic. Of skewed errors with few rows nothing is asked of the metrics",
    "of errors: the table says what they do.",
    "",
    "Intervals of gaps stand alone here. Reports hold 0 inside wherever the test beside it does not reject, so that what they tell covers no less",
    "([coverage.md](coverage.md), max − min of small groups).",
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
