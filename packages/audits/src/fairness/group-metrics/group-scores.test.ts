import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CodedTable } from "@assay/dataset";
import { encodeSummary, type Measure, type PlanInput } from "@assay/schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditDefinition } from "../../define.ts";
import { mostScoreCombinations, mostScored } from "../../groups/limits.ts";
import { classification } from "../../impact/classification/index.ts";
import { numberColumn, tableOf, textColumn } from "../../testing/coded-table.ts";
import { type AuditRun, runAudit } from "../../testing/run-audit.ts";
import { isSound } from "../../testing/sound-run.ts";
import { groupMetrics } from "./index.ts";

interface Row {
  readonly sex: string | null;
  readonly race: string | null;
  readonly label: string | null;
  readonly decision: string | null;
  readonly score: number | null;
  readonly weight?: number | null;
  readonly times?: number;
}

function tableFrom(rows: readonly Row[]): CodedTable {
  const binary = (texts: (string | null)[]) => textColumn(texts, ["0", "1"]);
  return tableOf(
    rows.length,
    [
      [{ kind: "text", column: "sex" }, textColumn(rows.map((row) => row.sex))],
      [{ kind: "text", column: "race" }, textColumn(rows.map((row) => row.race))],
      [{ kind: "equals", column: "label", equals: ["1"] }, binary(rows.map((row) => row.label))],
      [{ kind: "text", column: "label" }, binary(rows.map((row) => row.label))],
      [{ kind: "equals", column: "decision", equals: ["1"] }, binary(rows.map((row) => row.decision))],
      [{ kind: "number", column: "score" }, numberColumn(rows.map((row) => row.score))],
      [{ kind: "number", column: "weight" }, numberColumn(rows.map((row) => row.weight ?? null))],
    ],
    rows.some((row) => row.times !== undefined) ? rows.map((row) => row.times ?? 1) : null,
  );
}

function audit(
  rows: readonly Row[],
  options: {
    readonly columns?: Partial<PlanInput["columns"]>;
    /** Whether the plan names the decision. */
    readonly decided?: boolean;
    readonly settings?: Record<string, unknown>;
    readonly shards?: number;
    readonly definition?: AuditDefinition;
  } = {},
): Promise<AuditRun> {
  const definition = options.definition ?? groupMetrics;
  const plan: PlanInput = {
    version: 1,
    data: { file: "rows.csv" },
    columns: {
      label: "label",
      positive: 1,
      ...(options.decided === false ? {} : { decision: "decision" }),
      score: "score",
      protected: ["sex", "race"],
      ...options.columns,
    },
    audits: { [definition.id]: { replicates: 400, ...options.settings } },
  };
  const texts = ["sex", "race", "label", "decision"].map((name) => ({ name, type: "text" as const }));
  const numbers = ["score", "weight"].map((name) => ({ name, type: "number" as const }));
  return runAudit(definition, plan, [...texts, ...numbers], () => tableFrom(rows), options.shards ?? 1);
}

function measure(run: AuditRun, about: Partial<Measure>): Measure {
  const found = run.measures.filter((one) =>
    (["metric", "group", "by", "stratum", "class", "reference"] as const).every(
      (key) => JSON.stringify(one[key]) === JSON.stringify(about[key]),
    ),
  );
  expect(found, JSON.stringify(about)).toHaveLength(1);
  return found[0] ?? { metric: "none", value: null };
}

const names = ["average-precision", "brier-score", "expected-calibration-error", "log-loss", "roc-auc"] as const;

/** By definition, pair by pair and threshold by threshold. */
function byDefinition(rows: readonly { readonly score: number; readonly label: number }[]): Record<string, number> {
  const up = rows.filter((row) => row.label === 1).map((row) => row.score);
  const down = rows.filter((row) => row.label === 0).map((row) => row.score);
  let wins = 0;
  for (const a of up) for (const b of down) wins += a > b ? 1 : a === b ? 0.5 : 0;
  let precision = 0;
  let recall = 0;
  for (const threshold of [...new Set(rows.map((row) => row.score))].sort((a, b) => b - a)) {
    const hits = up.filter((score) => score >= threshold).length;
    const said = hits + down.filter((score) => score >= threshold).length;
    precision += (hits / up.length - recall) * (hits / said);
    recall = hits / up.length;
  }
  const mean = (loss: (score: number, label: number) => number): number =>
    rows.reduce((sum, row) => sum + loss(row.score, row.label), 0) / rows.length;
  let error = 0;
  for (let bin = 0; bin < 15; bin++) {
    const own = rows.filter(({ score }) => (score > bin / 15 || (bin === 0 && score === 0)) && score <= (bin + 1) / 15);
    error += Math.abs(own.reduce((sum, row) => sum + row.label - row.score, 0)) / rows.length;
  }
  return {
    "average-precision": precision,
    "brier-score": mean((score, label) => (score - label) ** 2),
    "expected-calibration-error": error,
    "log-loss": mean((score, label) => -Math.log(label === 1 ? score : 1 - score)),
    "roc-auc": wins / up.length / down.length,
  };
}

const file = fileURLToPath(
  new URL("../../../../../../shared/reference/b1_adult_test_predictions.csv", import.meta.url),
);
const adult = (): Row[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [sex = "", race = "", label = "", decision = "", score = ""] = line.split(",");
      return { sex, race, label, decision, score: Number(score) };
    });

describe.skipIf(!existsSync(file))("on a model's scores over Adult", () => {
  test("every group and intersection has what its rows alone give, to 1e-12", async () => {
    const rows = adult();
    const run = await audit(rows, { settings: { min_count: 0 } });
    isSound(run);
    const seen = new Map<string, number[]>();
    for (const by of [["sex"], ["race"], ["sex", "race"]] as const) {
      const values = new Map(rows.map((row) => [JSON.stringify(by.map((name) => row[name])), by.map((n) => row[n])]));
      for (const texts of values.values()) {
        const own = rows.filter((row) => by.every((name, index) => row[name] === texts[index]));
        // Pair by pair takes its time: the largest groups are left to the overall numbers' test.
        if (own.length > 1000) continue;
        const group = Object.fromEntries(by.map((name, index) => [name, texts[index] ?? null]));
        const expected = byDefinition(own.map((row) => ({ score: row.score ?? 0, label: Number(row.label) })));
        for (const metric of names) {
          const one = measure(run, { metric, group });
          const about = `${metric} of ${texts.join(", ")}`;
          expect(one.n, about).toBe(own.length);
          expect(Math.abs((one.value ?? Number.NaN) - (expected[metric] ?? 0)), about).toBeLessThan(1e-12);
          expect(one.low, about).toBeLessThanOrEqual(one.value ?? 0);
        }
      }
      for (const metric of names) {
        const own = [...values.values()].map((texts) => {
          const group = Object.fromEntries(by.map((name, index) => [name, texts[index] ?? null]));
          return measure(run, { metric, group }).value ?? Number.NaN;
        });
        seen.set(metric, own);
        const difference = measure(run, { metric: `${metric}-difference`, by: [...by] });
        expect(difference.value).toBe(Math.max(...own) - Math.min(...own));
        expect(measure(run, { metric: `${metric}-ratio`, by: [...by] }).value).toBe(
          Math.min(...own) / Math.max(...own),
        );
        if (metric === "expected-calibration-error") expect(difference.p).toBeUndefined();
        else expect(difference.p_adjusted).toBeGreaterThanOrEqual(difference.p ?? 1);
      }
    }
    const finding = run.findings.find((one) => one.id === "roc-auc-gap-by-sex");
    expect(finding?.text.en).toMatch(
      /^\*\*How well the score ranks differs by sex\.\*\* Of pairs .* 93\.8 % for Female and 90\.1 % for Male: a gap of 3\.7 points \(95 % simultaneous interval [\d.]+ to [\d.]+; adjusted p < 0\.001; n = 5,421 and 10,860\)\./,
    );
    expect(finding?.text["zh-CN"]).toContain("Female 为 93.8 %、Male 为 90.1 %，相差 3.7 个百分点");
    expect(run.figures.some((figure) => figure.id === finding?.figure)).toBe(true);
  });

  test.each([false, true])(
    "overall numbers are impact.classification's, interval and all (weights: %s)",
    async (weighted) => {
      const rows = adult().map((row, index) => ({ ...row, weight: 0.25 + (index % 7) }));
      const columns = weighted ? { weight: "weight" } : {};
      const [own, theirs] = [
        await audit(rows, { columns }),
        await audit(rows, { columns, definition: classification }),
      ];
      for (const metric of [...names, "expected-calibration-error-debiased"]) {
        const { value, low, high, n, method, confidence } = measure(theirs, { metric });
        expect(measure(own, { metric })).toEqual({ metric, value, low, high, n, method, confidence });
      }
    },
    30_000,
  );

  test("a weight of two in every row changes no value and no interval that counts rows as one each", async () => {
    const rows = adult().filter((_, index) => index % 8 === 0);
    const plain = await audit(rows);
    const twice = await audit(
      rows.map((row) => ({ ...row, weight: 2 })),
      { columns: { weight: "weight" } },
    );
    for (const metric of names) {
      const group = { sex: "Female" };
      const [a, b] = [measure(plain, { metric, group }), measure(twice, { metric, group })];
      expect(b.value).toBeCloseTo(a.value ?? 0, 12);
      if (metric === "expected-calibration-error") continue;
      expect(b.low).toBeCloseTo(a.low ?? 0, 9);
      expect(b.high).toBeCloseTo(a.high ?? 0, 9);
    }
  });
});

/** Rows of two groups whose scores are as good as chance, or as good as `skill`, without a random draw. */
function scored(sex: string, rows: number, skill: number, race: string | null = "r"): Row[] {
  return Array.from({ length: rows }, (_, index) => {
    const score = ((index * 7919) % rows) / rows + 0.5 / rows;
    const label = ((index * 104_729) % rows) / rows < (1 - skill) * 0.5 + skill * score ? "1" : "0";
    return { sex, race, label, decision: score > 0.5 ? "1" : "0", score };
  });
}

describe("scores that are odd", () => {
  const good = [...scored("a", 211, 0.9), ...scored("b", 199, 0.5)];

  test("a plan without a score has nothing of it", async () => {
    const { score: _, ...columns } = { score: "score", label: "label", decision: "decision", protected: ["sex"] };
    const plan: PlanInput = {
      version: 1,
      data: { file: "rows.csv" },
      columns: { ...columns, positive: 1 },
      audits: { "fairness.group-metrics": { replicates: 400 } },
    };
    const known = ["sex", "race", "label", "decision"].map((name) => ({ name, type: "text" as const }));
    const run = await runAudit(groupMetrics, plan, known, () => tableFrom(good));
    isSound(run);
    expect(run.measures.some((one) => one.metric.startsWith("roc-auc") || one.metric === "rows-without-score")).toBe(
      false,
    );
    expect(run.gives.some((one) => one.metric.startsWith("brier"))).toBe(false);
    expect(run.tables.map((table) => table.id)).not.toContain("score-disparities");
  });

  test("a plan without a decision has the score's numbers to the bit, and says what is left out", async () => {
    const [run, decided] = await Promise.all([audit(good, { decided: false }), audit(good)]);
    isSound(run);
    for (const metric of ["roc-auc-difference", "brier-score-difference", "base-rate-difference"]) {
      const about = { metric, by: ["sex"] };
      const { p_adjusted: _, ...theirs } = measure(decided, about);
      expect(measure(run, about)).toMatchObject(theirs);
    }
    expect(measure(run, { metric: "accuracy" })).toMatchObject({ value: null, reason: "the plan names no decision" });
    const names = new Set(run.measures.map(({ metric }) => metric));
    for (const absent of [
      "selection-rate-difference",
      "equalized-odds-difference",
      "exposure",
      "rows-without-decision",
    ]) {
      expect(names.has(absent), absent).toBe(false);
    }
    expect(run.findings.map(({ id }) => id)).toContain("no-decision");
  });

  test.each([true, false])("what the audit says it gives is what it gives (a decision: %s)", async (decided) => {
    const run = await audit(good, { columns: { reference: { sex: "a" } }, decided });
    isSound(run);
    for (const { metric, scope, by } of run.gives) {
      const found = run.measures.filter((one) => one.metric === metric);
      if (scope === "overall")
        expect(
          found.some((one) => !one.by && !one.group),
          metric,
        ).toBe(true);
      for (const columns of by) {
        const has = found.some((one) =>
          scope === "disparity"
            ? JSON.stringify(one.by) === JSON.stringify(columns)
            : JSON.stringify(Object.keys(one.group ?? {})) === JSON.stringify(columns),
        );
        expect(has, `${metric} by ${columns.join()}`).toBe(true);
      }
    }
    expect(
      measure(run, { metric: "roc-auc-difference-to-reference", group: { sex: "b" }, reference: "a" }).high,
    ).toBeLessThan(0);
  });

  test("outside [0, 1]: ranking stands, what needs a probability is unknown with that reason, told once", async () => {
    const run = await audit(good.map((row) => ({ ...row, score: 10 * (row.score ?? 0) })));
    isSound(run);
    const reason = "score outside [0, 1] is no probability";
    for (const metric of ["brier-score", "log-loss", "expected-calibration-error"]) {
      expect(measure(run, { metric, group: { sex: "a" } })).toMatchObject({ value: null, reason });
      expect(measure(run, { metric: `${metric}-difference`, by: ["sex"] })).toMatchObject({ value: null, reason });
    }
    expect(measure(run, { metric: "roc-auc-difference", by: ["sex"] }).value).toBeGreaterThan(0);
    expect(run.findings.filter((one) => one.text.en.includes("no probabilities"))).toHaveLength(1);
    expect(run.figures.some((figure) => figure.id.startsWith("expected-calibration-error"))).toBe(false);
  });

  test("a group without positives has no AUC, with the reason, and the others are still compared", async () => {
    const none = scored("c", 50, 0).map((row) => ({ ...row, label: "0" }));
    const run = await audit([...good, ...none]);
    isSound(run);
    expect(measure(run, { metric: "roc-auc", group: { sex: "c" } })).toMatchObject({
      value: null,
      reason: "rows of only one label",
      n: 50,
    });
    expect(measure(run, { metric: "average-precision", group: { sex: "c" } }).reason).toBe(
      "no row with a positive label",
    );
    expect(measure(run, { metric: "roc-auc-difference", by: ["sex"] }).n).toBe(410);
    const left = run.findings.find((one) => one.id === "undefined-rates-by-sex");
    expect(left?.text.en).toContain("ROC AUC is not defined for c.");
  });

  test.each([
    ["all missing", (): null => null],
    ["all the same", (): number => 0.5],
    [
      "infinite",
      (row: Row, index: number): number =>
        index % 3 === 0 ? Number.NEGATIVE_INFINITY : index % 3 === 1 ? Number.POSITIVE_INFINITY : (row.score ?? 0),
    ],
    ["the label itself", (row: Row): number => Number(row.label)],
    ["the label turned round", (row: Row): number => 1 - Number(row.label)],
    ["huge", (row: Row): number => (row.score ?? 0) * 1e308],
    ["of one row", (row: Row, index: number): number | null => (index === 0 ? row.score : null)],
  ] as const)("scores %s give a sound report", async (_, change) => {
    const run = await audit(
      good.map((row, index) => ({ ...row, score: change(row, index) })),
      { settings: { min_count: 0 } },
    );
    isSound(run);
    expect(measure(run, { metric: "roc-auc" })).toBeDefined();
  });

  test("counts of rows stand for as many rows, and rows without score, label or weight stay out", async () => {
    const counted = good.map((row, index) => ({ ...row, times: index % 4, weight: index % 11 === 0 ? null : 1.5 }));
    const spread = counted.flatMap((row) => Array.from({ length: row.times }, (): Row => ({ ...row, times: 1 })));
    const columns = { weight: "weight" };
    const [a, b] = [await audit(counted, { columns }), await audit(spread, { columns })];
    expect(b.measures).toEqual(a.measures);
    const without = await audit([...good, ...good.slice(0, 3).map((row) => ({ ...row, score: null }))]);
    isSound(without);
    expect(measure(without, { metric: "rows-without-score" }).value).toBe(3);
    expect(measure(without, { metric: "roc-auc" }).n).toBe(410);
    expect(without.findings.some((one) => one.id === "rows-without-score")).toBe(true);
  });

  test("too many groups: the score over all rows stands, the comparison is null with the reason, and that is told", async () => {
    const rows = Array.from(
      { length: 3 * (mostScored + 1) },
      (_, index): Row => ({
        ...(good[index % good.length] ?? { label: "1", decision: "1", score: 0.5 }),
        sex: `g${index % (mostScored + 1)}`,
        race: "r",
      }),
    );
    const run = await audit(rows, { settings: { min_count: 0 } });
    isSound(run);
    expect(measure(run, { metric: "roc-auc" }).value).not.toBeNull();
    expect(measure(run, { metric: "roc-auc-difference", by: ["sex"] }).reason).toMatch(/^too many groups/);
    expect(measure(run, { metric: "roc-auc", group: { race: "r" } }).value).not.toBeNull();
    expect(run.findings.some((one) => one.id.startsWith("many-scored-groups"))).toBe(true);
    expect(
      run.findings.some((one) => /ROC AUC .*cannot be compared/.test(one.text.en) && one.id.endsWith("by-sex")),
    ).toBe(false);
  });
});

describe("summaries of scores", () => {
  test.each([false, true])("1, 7 and 64 shards give one summary and one report (weights: %s)", async (weighted) => {
    const rows = [...scored("a", 401, 0.8, "r"), ...scored("b", 397, 0.4, "s"), ...scored("a", 97, 0.3, null)].map(
      (row, index) => ({ ...row, weight: 0.1 + (index % 13) / 7, score: Math.round((row.score ?? 0) * 50) / 50 }),
    );
    const columns = weighted ? { weight: "weight" } : {};
    const whole = await audit(rows, { columns });
    isSound(whole);
    for (const shards of [7, 64]) {
      const run = await audit(rows, { columns, shards });
      expect(encodeSummary(run.summary)).toBe(encodeSummary(whole.summary));
      expect(run.measures).toEqual(whole.measures);
    }
  });

  test("hold any rows in any sharding to the same bits", async () => {
    const row = fc.record({
      sex: fc.constantFrom("a", "b", "10", "9", null),
      race: fc.constantFrom("x", "y", null),
      label: fc.constantFrom("0", "1", null),
      decision: fc.constantFrom("0", "1", null),
      score: fc.oneof(fc.constantFrom(0, -0, 0.5, 1, null), fc.double({ noNaN: true })),
      weight: fc.constantFrom(1, 0.1, 1e-9, null),
      times: fc.constantFrom(0, 1, 300),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 3, maxLength: 24 }), fc.boolean(), async (rows, weighted) => {
        const options = { columns: weighted ? { weight: "weight" } : {} };
        const whole = encodeSummary((await audit(rows, options)).summary);
        expect(encodeSummary((await audit(rows, { ...options, shards: 3 })).summary)).toBe(whole);
        // Levels keep their order, so that rows may change theirs.
        expect(encodeSummary((await audit([...rows].reverse(), { ...options, shards: 2 })).summary)).toBe(whole);
      }),
      { numRuns: 12, seed: 5 },
    );
  });

  test("past the most combinations scores are held together, whichever shards they come in", async () => {
    const most = mostScoreCombinations + 1;
    const rows = Array.from(
      { length: most },
      (_, index): Row => ({
        sex: `s${index % 150}`,
        race: `r${Math.floor(index / 150)}`,
        label: index % 3 === 0 ? "1" : "0",
        decision: "1",
        score: (index % 97) / 97,
      }),
    );
    const options = { settings: { replicates: 199, min_count: 0 }, columns: { intersections: 1 } };
    const whole = await audit(rows, options);
    expect(measure(whole, { metric: "roc-auc" }).n).toBe(most);
    expect(measure(whole, { metric: "roc-auc-difference", by: ["sex"] }).reason).toMatch(/^too many groups/);
    const three = await audit(rows, { ...options, shards: 3 });
    expect(encodeSummary(three.summary)).toBe(encodeSummary(whole.summary));
  });
});
