import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { sliceTable } from "@assay/dataset";
import { openDataset } from "@assay/dataset/node";
import type { Measure, PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditDefinition } from "./define.ts";
import { calibration } from "./fairness/calibration/index.ts";
import { drift } from "./fairness/drift/index.ts";
import { groupMetrics } from "./fairness/group-metrics/index.ts";
import { impactRatio } from "./fairness/impact-ratio/index.ts";
import { individual } from "./fairness/individual/index.ts";
import { mitigation } from "./fairness/mitigation/index.ts";
import { representation } from "./fairness/representation/index.ts";
import { subgroups } from "./fairness/subgroups/index.ts";
import { classification } from "./impact/classification/index.ts";
import { contradictions } from "./testing/contradictions.ts";
import { runAudit } from "./testing/run-audit.ts";
import { type Cells, runCells } from "./testing/run-cells.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

/** People of small groups, which may differ or not, with every kind of column that an audit takes. */
function people(seed: number): Cells {
  const random = new PhiloxStream(seed, 71);
  const sizes = Array.from({ length: 2 + (seed % 2) }, () => 5 + Math.floor(random.uniform() * 36));
  const rows = sizes.flatMap((size, group) => {
    const lean = random.uniform() < 0.5 ? 0 : 0.35 * random.uniform() * group;
    return Array.from({ length: size }, () => {
      const label = random.uniform() < 0.4 + lean ? 1 : 0;
      const x = random.normal() + label - lean;
      const truth = Math.floor(random.uniform() * 3);
      const told = random.uniform() < 0.6 ? truth : Math.floor(random.uniform() * 3);
      return {
        amount: 3 * random.normal() + lean,
        class: "xyz".charAt(truth),
        decision: x > 0 ? 1 : 0,
        group: "abc".charAt(group),
        guess: 2 * random.normal(),
        hole: random.uniform() < 0.1 + lean ? null : "full",
        label,
        list: `q${Math.floor(random.uniform() * 12)}`,
        score: Math.round(20 / (1 + Math.exp(-x))) / 20,
        told: "xyz".charAt(told),
        when: `2026-0${1 + Math.floor(random.uniform() * 6)}-11`,
        weight: 1 + Math.floor(random.uniform() * 4),
        x: Math.round(4 * x),
      };
    });
  });
  const names = Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[];
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

interface Kind {
  readonly about: string;
  readonly definition: AuditDefinition;
  readonly columns: PlanInput["columns"];
  readonly settings: Readonly<Record<string, unknown>>;
}

const decided = { label: "label", positive: "1", decision: "decision", score: "score", protected: ["group"] };
const few = { min_count: 0, replicates: 499 };
const learned = { ...few, frontier: 0, replicates: 199, test: 0.5 };
const kinds: readonly Kind[] = [
  { about: "decisions", definition: groupMetrics, columns: decided, settings: few },
  { about: "weighted decisions", definition: groupMetrics, columns: { ...decided, weight: "weight" }, settings: few },
  {
    about: "classes",
    definition: groupMetrics,
    columns: { label: "class", prediction: "told", protected: ["group"] },
    settings: few,
  },
  {
    about: "values",
    definition: groupMetrics,
    columns: { label: "amount", prediction: "guess", protected: ["group"] },
    settings: { ...few, output: "values" },
  },
  {
    about: "lists",
    definition: groupMetrics,
    columns: { label: "label", positive: "1", score: "score", query: "list", protected: ["group"] },
    settings: { ...few, top: 3 },
  },
  { about: "calibration", definition: calibration, columns: decided, settings: few },
  { about: "impact ratios", definition: impactRatio, columns: decided, settings: { exclude_under: 0 } },
  { about: "drift", definition: drift, columns: { ...decided, time: "when" }, settings: { min_count: 0 } },
  {
    about: "representation",
    definition: representation,
    columns: { ...decided, features: ["x", "hole"] },
    settings: { ...few, population: { group: { a: 0.5, b: 0.3, c: 0.2 } } },
  },
  {
    about: "subgroups",
    definition: subgroups,
    columns: { ...decided, features: ["x", "hole"] },
    settings: { min_count: 5 },
  },
  {
    about: "subgroups by selection",
    definition: subgroups,
    columns: { ...decided, features: ["x", "hole"] },
    settings: { min_count: 5, metric: "selection-rate" },
  },
  {
    about: "neighbours",
    definition: individual,
    columns: { ...decided, features: ["x", "hole"] },
    settings: { min_count: 0 },
  },
  { about: "new thresholds", definition: mitigation, columns: decided, settings: learned },
  {
    about: "new thresholds of weighted rows",
    definition: mitigation,
    columns: { ...decided, weight: "weight" },
    settings: { ...learned, constraint: "equalized-odds" },
  },
  { about: "a report of decisions", definition: classification, columns: decided, settings: { replicates: 499 } },
  {
    about: "a report of weighted classes",
    definition: classification,
    columns: { label: "class", prediction: "told", weight: "weight" },
    settings: { replicates: 499 },
  },
];

const seeds = [1, 2, 3, 4];
/** Of windows of real rows. */
const windows = [1, 2];

describe("an interval holds what the test of the same number does not reject", () => {
  it.each(kinds)("in $about of 5 to 40 people a group", async ({ definition, columns, settings }) => {
    for (const seed of seeds) {
      const { measures } = await runCells(people(seed), { definition, device, columns, settings, seed });
      expect(contradictions(measures), `seed ${seed}`).toEqual([]);
    }
  });

  it("and where only all tests together say chance, the sentence gives both", async () => {
    const [decisions] = kinds;
    if (!decisions) throw new Error("no kinds");
    let told = 0;
    for (const seed of seeds) {
      const { measures, findings } = await runCells(people(seed), { ...decisions, device, seed });
      for (const { text, measures: places } of findings) {
        const gap = measures[places[0] ?? -1];
        if (!text.en.includes("Cannot tell yet") || !gap?.by || gap.p_adjusted === undefined) continue;
        const isAlone = (gap.low ?? 0) > 0;
        if (isAlone) told++;
        expect(text.en.includes("By itself this gap would be more than chance"), text.en).toBe(isAlone);
        expect(text["zh-CN"].includes("单独来看，这一差距超出偶然"), text["zh-CN"]).toBe(isAlone);
        if (isAlone) expect(gap.p).toBeLessThanOrEqual(0.05);
      }
    }
    expect(told).toBeGreaterThan(0);
  });

  it("because a stricter test draws it in, and the method then says so", async () => {
    const [decisions] = kinds;
    if (!decisions) throw new Error("no kinds");
    const held: Measure[] = [];
    for (const seed of seeds) {
      const { measures } = await runCells(people(seed), { ...decisions, device, seed });
      held.push(...measures.filter(({ method }) => method?.endsWith(" held")));
    }
    expect(held.length).toBeGreaterThan(0);
    for (const one of held) {
      expect(one.metric.endsWith("-ratio") ? one.high : one.low, one.metric).toBe(
        one.metric.endsWith("-ratio") ? 1 : 0,
      );
    }
  });
});

const shared = (path: string): string => fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url));
const compas = shared("data/compas-scores-two-years.csv");
const adult = shared("reference/b1_adult_test_predictions.csv");

describe.skipIf(!existsSync(compas))("in real data too", () => {
  it("in COMPAS and in windows of 90 of its rows", async () => {
    const dataset = await openDataset(compas, { source: { missing: [""] } });
    const plan: PlanInput = {
      version: 1,
      data: { file: "compas.csv" },
      columns: {
        label: "two_year_recid",
        positive: 1,
        decision: { column: "decile_score", at_least: 5 },
        score: "decile_score",
        protected: ["race", "sex"],
        reference: { race: "Caucasian" },
      },
      audits: { "fairness.group-metrics": { min_count: 0, replicates: 499 } },
    };
    for (const [start, end] of [[0, 7214], ...windows.map((place) => [900 * place, 900 * place + 90])]) {
      const run = await runAudit(
        groupMetrics,
        plan,
        dataset.columns,
        async ({ requests }) => sliceTable((await dataset.load(requests)).table, start ?? 0, end ?? 0),
        1,
        device,
      );
      expect(contradictions(run.measures), `rows ${start} to ${end}`).toEqual([]);
    }
    await dataset.close();
  });

  it.each([groupMetrics, calibration, impactRatio])("in windows of 120 rows of Adult, by $id", async (definition) => {
    const lines = readFileSync(adult, "utf8").trim().split("\n").slice(1);
    for (const seed of windows) {
      const rows = lines.slice(1900 * seed, 1900 * seed + 120).map((line) => line.split(","));
      const cells = Object.fromEntries(
        ["sex", "race", "label", "decision", "score"].map((name, at) => [name, rows.map((row) => row[at] ?? "")]),
      );
      const columns = { ...decided, protected: ["sex", "race"] };
      const settings = definition === impactRatio ? { exclude_under: 0 } : { min_count: 0, replicates: 199 };
      const { measures } = await runCells(cells, { definition, device, columns, settings, seed });
      expect(contradictions(measures), `window ${seed}`).toEqual([]);
    }
  });
});
