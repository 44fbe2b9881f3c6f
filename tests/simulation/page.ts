import { otherHypotheses } from "../../packages/audits/src/held-measure.ts";
import { intervalMethods } from "../../packages/audits/src/metrics/interval-methods.ts";
import { type Check, holds, type Scale, shareMetrics } from "./study.ts";

/** Metrics that are one share as it is: one interval method, one test. */
export const plainShares = shareMetrics.filter((metric) => metric.name !== "f1").map((metric) => metric.name);

function namesOf(metrics: readonly string[]): string {
  const others = metrics.filter((name) => !plainShares.includes(name));
  return metrics.length - others.length === plainShares.length ? ["shares", ...others].join(", ") : metrics.join(", ");
}

const percent = (value: number): string => `${(100 * value).toFixed(2).replace("-", "−")} %`;

/** The study as a page: what was asked, what came out, and what fell short, row by row. */
export function pageOf(checks: readonly Check[], scale: Scale): string {
  const short = checks.filter((check) => !holds(check));
  const lines = [
    "# Coverage of intervals and size of tests",
    "",
    "Made by `node scripts/coverage.mjs`; do not edit. Data with known truth, nominal level 95 % for intervals and 0.05 for tests.",
    `Shares are enumerated exactly; everything else is simulated ${scale.simulations.toLocaleString("en-US")} times a scenario (bootstrap`,
    `intervals ${scale.bootstrapSimulations.toLocaleString("en-US")} times with ${scale.bootstrapReplicates} replicates, tests with ${scale.testReplicates}). A simulated value is`,
    "held to its bound within three standard errors of the simulation.",
    "",
    `*Shares* are ${plainShares.join(", ")}: one interval method and one test,`,
    "so that what holds for one at given counts holds for every other. Where fewer than 20 of the rarer outcome are expected in a group the",
    "report says so beside a difference or ratio, and nothing is promised.",
    "",
    "Reports hold 0 of a gap (1 of a ratio) inside its interval wherever the test beside it does not reject at the interval's level, and the",
    "method then ends with `0 held`. What is told is a union of two intervals of one truth, so that coverage only rises: the sections on max − min",
    "and min / max are of the simultaneous interval alone, that on small groups of both. The other way round, a simultaneous interval may hold",
    "what the test rejects. Tests of another hypothesis, whose intervals do not follow this rule:",
    ...Object.entries(otherHypotheses).map(([metric, { of }]) => `- \`${metric}\`: ${of}.`),
    "",
    "## Methods",
    "",
    "| metric | value | weighted | difference | ratio | max − min | test |",
    "|---|---|---|---|---|---|---|",
    ...Object.entries(intervalMethods).map(([metric, one]) => {
      const cells = [one.value, one.weighted, one.difference, one.ratio, one.range, one.test];
      return `| ${metric} | ${cells.map((cell) => cell ?? "none").join(" | ")} |`;
    }),
    "",
    "`count` is a number of rows and has no interval.",
    "",
    "## What falls short",
    "",
    ...(short.length === 0
      ? ["Nothing: every value keeps to its bound."]
      : short.map((check) => `- ${check.section}, ${check.metric}, ${check.scenario}: ${percent(check.value)}`)),
    ...pageTables(checks, namesOf),
  ];
  return `${lines.join("\n")}\n`;
}

/** A table for every section, metrics of one value in one row. */
export function pageTables(checks: readonly Check[], namesOf: (metrics: readonly string[]) => string): string[] {
  const lines: string[] = [];
  for (const section of [...new Set(checks.map((check) => check.section))]) {
    lines.push("", `## ${section.charAt(0).toUpperCase()}${section.slice(1)}`, "");
    lines.push("| metrics | scenario | value | asked | |", "|---|---|---|---|---|");
    const rows = new Map<string, { metrics: string[]; check: Check }>();
    for (const check of checks.filter((one) => one.section === section)) {
      const key = `${check.scenario}/${check.value}`;
      const held = rows.get(key) ?? { metrics: [], check };
      held.metrics.push(check.metric);
      rows.set(key, held);
    }
    for (const { metrics, check } of rows.values()) {
      const asked = [
        check.atLeast === null ? null : `≥ ${percent(check.atLeast)}`,
        check.atMost === null ? null : `≤ ${percent(check.atMost)}`,
      ].filter((one) => one !== null);
      const verdict = asked.length === 0 ? "" : holds(check) ? "holds" : "falls short";
      lines.push(
        `| ${namesOf(metrics)} | ${check.scenario} | ${percent(check.value)} | ${asked.join(", ")} | ${verdict} |`,
      );
    }
  }
  return lines;
}
