import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CodedTable, requestKey } from "@assay/dataset";
import { openDataset } from "@assay/dataset/node";
import type { Measure, PlanInput } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { tableOf, textColumn } from "../../testing/coded-table.ts";
import { type AuditRun, runAudit } from "../../testing/run-audit.ts";
import { groupMetrics } from "./index.ts";

const shared = fileURLToPath(new URL("../../../../../../shared/", import.meta.url));
const missing = !existsSync(`${shared}reference/b1_fairness.json`);

interface Rates {
  readonly selection_rate: number;
  readonly tpr: number;
  readonly fpr: number;
  readonly accuracy: number;
}
interface Block {
  readonly n: number;
  readonly overall: Rates;
  readonly by_group: readonly (Rates & { readonly group: readonly string[] })[];
  readonly difference_between_groups: Rates;
  readonly ratio: Rates;
  readonly demographic_parity_difference: number;
  readonly demographic_parity_ratio: number;
  readonly equalized_odds_difference: number;
  readonly equalized_odds_ratio: number;
}

const names = {
  selection_rate: "selection-rate",
  tpr: "true-positive-rate",
  fpr: "false-positive-rate",
  accuracy: "accuracy",
} as const satisfies Record<keyof Rates, string>;

function measured(run: AuditRun, about: Partial<Measure>): number | null {
  const found = run.measures.filter(
    (measure) =>
      measure.metric === about.metric &&
      JSON.stringify(measure.group) === JSON.stringify(about.group) &&
      JSON.stringify(measure.by) === JSON.stringify(about.by) &&
      measure.stratum === undefined,
  );
  expect(found, JSON.stringify(about)).toHaveLength(1);
  return found[0]?.value ?? null;
}

/** Fairlearn counts an undefined rate as 0; here it is unknown, and that alone may differ. */
function same(actual: number | null, expected: number, about: string): void {
  if (actual === null) expect(expected, about).toBe(0);
  else expect(Math.abs(actual - expected), about).toBeLessThan(1e-12);
}

function equal(actual: number | null, expected: number, about: string): void {
  expect(actual, about).not.toBeNull();
  same(actual, expected, about);
}

function holdsAgainst(run: AuditRun, by: readonly string[], block: Block): void {
  expect(measured(run, { metric: "count" })).toBe(block.n);
  for (const [theirs, ours] of Object.entries(names) as [keyof Rates, string][]) {
    same(measured(run, { metric: ours }), block.overall[theirs], ours);
    for (const row of block.by_group) {
      const group = Object.fromEntries(by.map((name, index) => [name, row.group[index] ?? null]));
      same(measured(run, { metric: ours, group }), row[theirs], `${ours} of ${row.group.join(", ")}`);
    }
    equal(measured(run, { metric: `${ours}-difference`, by: [...by] }), block.difference_between_groups[theirs], ours);
    equal(measured(run, { metric: `${ours}-ratio`, by: [...by] }), block.ratio[theirs], ours);
  }
  for (const [metric, expected] of [
    ["demographic-parity-difference", block.demographic_parity_difference],
    ["demographic-parity-ratio", block.demographic_parity_ratio],
    ["equalized-odds-difference", block.equalized_odds_difference],
    ["equalized-odds-ratio", block.equalized_odds_ratio],
  ] as const) {
    equal(measured(run, { metric, by: [...by] }), expected, metric);
  }
}

const settings = { "fairness.group-metrics": { min_count: 0, replicates: 999 } };

describe.skipIf(missing)("equals Fairlearn where every rate is defined", () => {
  const reference = (): Record<string, Block> =>
    JSON.parse(readFileSync(`${shared}reference/b1_fairness.json`, "utf8")) as Record<string, Block>;
  const block = (name: string): Block => {
    const found = reference()[name];
    if (!found) throw new Error(`reference: no ${name}`);
    return found;
  };

  test("on COMPAS with ProPublica's filters, by race, sex and both", async () => {
    const dataset = await openDataset(`${shared}data/compas-scores-two-years.csv`, {
      source: {
        missing: ["", "NA"],
        where:
          "days_b_screening_arrest <= 30 and days_b_screening_arrest >= -30 and is_recid != -1 and c_charge_degree != 'O' and score_text != 'N/A'",
      },
    });
    const plan: PlanInput = {
      version: 1,
      data: { file: "compas-scores-two-years.csv" },
      columns: {
        label: "two_year_recid",
        positive: 1,
        decision: { column: "decile_score", at_least: 5 },
        protected: ["sex", "race"],
      },
      audits: settings,
    };
    const run = await runAudit(groupMetrics, plan, dataset.columns, async ({ requests }) => {
      const { table } = await dataset.load(requests);
      expect(table.rows).toBe(6172);
      return table;
    });
    await dataset.close();
    holdsAgainst(run, ["race"], block("compas_race"));
    holdsAgainst(run, ["sex"], block("compas_sex"));
    holdsAgainst(run, ["sex", "race"], block("compas_sex_race"));
  });

  test("on a model's decisions over Adult, by sex and race", async () => {
    const lines = readFileSync(`${shared}reference/b1_adult_test_predictions.csv`, "utf8").trim().split("\n").slice(1);
    const rows = lines.map((line) => line.split(","));
    const column = (index: number): string[] => rows.map((row) => row[index] ?? "");
    const run = await runAudit(groupMetrics, planOf(["sex", "race"]), known(["sex", "race"]), () =>
      tableOf(rows.length, [
        [{ kind: "text", column: "sex" }, textColumn(column(0))],
        [{ kind: "text", column: "race" }, textColumn(column(1))],
        [{ kind: "equals", column: "label", equals: ["1"] }, textColumn(column(2), ["0", "1"])],
        [{ kind: "equals", column: "decision", equals: ["1"] }, textColumn(column(3), ["0", "1"])],
      ]),
    );
    holdsAgainst(run, ["sex", "race"], block("adult_sex_race"));
  });

  test("on 100,000 generated rows, in one shard or seven", async () => {
    const table = synthetic(100_000);
    const load = (): CodedTable => table;
    const plan = planOf(["sex", "race"]);
    const run = await runAudit(groupMetrics, plan, known(["sex", "race"]), load);
    holdsAgainst(run, ["sex", "race"], block("synthetic_100000"));
    const seven = await runAudit(groupMetrics, plan, known(["sex", "race"]), load, 7);
    expect(seven.summary).toEqual(run.summary);
    expect(seven.measures).toEqual(run.measures);
  });
});

/** ProPublica, "How We Analyzed the COMPAS Recidivism Algorithm" (2016): contingency tables of the two-year data. */
test("gives ProPublica's published error rates from its counts", async () => {
  const cells = [
    ["African-American", "0", "0", 990],
    ["African-American", "0", "1", 805],
    ["African-American", "1", "0", 532],
    ["African-American", "1", "1", 1369],
    ["Caucasian", "0", "0", 1139],
    ["Caucasian", "0", "1", 349],
    ["Caucasian", "1", "0", 461],
    ["Caucasian", "1", "1", 505],
  ] as const;
  const run = await runAudit(groupMetrics, planOf(["race"]), known(["race"]), () =>
    tableOf(
      cells.length,
      [
        [{ kind: "text", column: "race" }, textColumn(cells.map((cell) => cell[0]))],
        [
          { kind: "equals", column: "label", equals: ["1"] },
          textColumn(
            cells.map((cell) => cell[1]),
            ["0", "1"],
          ),
        ],
        [
          { kind: "equals", column: "decision", equals: ["1"] },
          textColumn(
            cells.map((cell) => cell[2]),
            ["0", "1"],
          ),
        ],
      ],
      cells.map((cell) => cell[3]),
    ),
  );
  const percent = (metric: string, race: string): string =>
    (100 * (measured(run, { metric, group: { race } }) ?? 0)).toFixed(2);
  expect(percent("false-positive-rate", "African-American")).toBe("44.85");
  expect(percent("false-positive-rate", "Caucasian")).toBe("23.45");
  expect(percent("false-negative-rate", "African-American")).toBe("27.99");
  expect(percent("false-negative-rate", "Caucasian")).toBe("47.72");
});

function planOf(protectedColumns: string[]): PlanInput {
  return {
    version: 1,
    data: { file: "rows.csv" },
    columns: { label: "label", positive: 1, decision: "decision", protected: protectedColumns },
    audits: settings,
  };
}

function known(protectedColumns: readonly string[]): { name: string; type: "integer" | "text" }[] {
  return [
    { name: "label", type: "integer" },
    { name: "decision", type: "integer" },
    ...protectedColumns.map((name) => ({ name, type: "text" as const })),
  ];
}

/** The rows that reference/README.md generates. */
function synthetic(rows: number): CodedTable {
  const sex = new Uint8Array(rows);
  const race = new Uint8Array(rows);
  const label = new Uint8Array(rows);
  const decision = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const h = Math.imul(row, 2654435761) >>> 0;
    const group = (h >>> 12) % 6;
    const u = (h >>> 16) % 100;
    const v = Number(((BigInt(h) * 40503n) >> 9n) % 100n);
    const truth = u < 30 + 3 * group ? 1 : 0;
    sex[row] = 1 + ((h >>> 8) % 2);
    race[row] = 1 + group;
    label[row] = 1 + truth;
    decision[row] = 1 + (v < 80 ? truth : 1 - truth);
  }
  const coded = (codes: Uint8Array, levels: readonly string[]) => ({ kind: "coded" as const, levels, codes });
  return {
    rows,
    counts: null,
    columns: {
      [requestKey({ kind: "text", column: "sex" })]: coded(sex, ["0", "1"]),
      [requestKey({ kind: "text", column: "race" })]: coded(race, ["0", "1", "2", "3", "4", "5"]),
      [requestKey({ kind: "equals", column: "label", equals: ["1"] })]: coded(label, ["0", "1"]),
      [requestKey({ kind: "equals", column: "decision", equals: ["1"] })]: coded(decision, ["0", "1"]),
    },
  };
}
