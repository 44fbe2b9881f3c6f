import { readFileSync } from "node:fs";
import type { Measure, PlanInput } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { studentQuantile } from "../../../statistics/index.ts";
import { numberColumn, tableOf, textColumn } from "../../../testing/coded-table.ts";
import { type AuditRun, runAudit } from "../../../testing/run-audit.ts";
import { isSound } from "../../../testing/sound-run.ts";
import { groupMetrics } from "../index.ts";

interface Row {
  readonly query?: string | null;
  readonly group: string | null;
  readonly relevance?: number | null;
  readonly score: number | null;
  readonly weight?: number;
}

interface Options {
  readonly columns?: Partial<PlanInput["columns"]>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly shards?: number;
}

/** Runs the audit on lists that the rows tell; without a query all rows are one list. */
function audit(rows: readonly Row[], { columns = {}, settings = {}, shards = 1 }: Options = {}): Promise<AuditRun> {
  const hasQuery = rows.some((row) => row.query !== undefined);
  const hasLabel = rows.some((row) => row.relevance !== undefined);
  const plan: PlanInput = {
    version: 1,
    data: { file: "rows.csv" },
    columns: {
      score: "score",
      protected: ["group"],
      ...(hasQuery ? { query: "query" } : {}),
      ...(hasLabel ? { label: "relevance" } : {}),
      ...columns,
    },
    audits: { "fairness.group-metrics": { min_count: 0, replicates: 999, ...settings } },
  };
  const table = tableOf(rows.length, [
    [{ kind: "text", column: "query" }, textColumn(rows.map((row) => row.query ?? null))],
    [{ kind: "text", column: "group" }, textColumn(rows.map((row) => row.group))],
    [{ kind: "number", column: "relevance" }, numberColumn(rows.map((row) => row.relevance ?? null))],
    [{ kind: "number", column: "score" }, numberColumn(rows.map((row) => row.score))],
    [{ kind: "number", column: "weight" }, numberColumn(rows.map((row) => row.weight ?? 1))],
    [
      { kind: "equals", column: "relevance", equals: ["1"] },
      textColumn(
        rows.map((row) =>
          row.relevance === 1 ? "1" : row.relevance === undefined || row.relevance === null ? null : "0",
        ),
        ["0", "1"],
      ),
    ],
  ]);
  const known = [
    { name: "query", type: "text" as const },
    { name: "group", type: "text" as const },
    { name: "relevance", type: "number" as const },
    { name: "score", type: "number" as const },
    { name: "weight", type: "number" as const },
  ];
  return runAudit(groupMetrics, plan, known, () => table, shards);
}

function measure(run: AuditRun, about: Partial<Measure>): Measure {
  const keys = ["metric", "group", "by"] as const;
  const found = run.measures.find((one) =>
    keys.every((key) => JSON.stringify(one[key]) === JSON.stringify(about[key])),
  );
  if (!found) throw new Error(`no measure ${JSON.stringify(about)}`);
  return found;
}

describe("one list", () => {
  // A. Singh and T. Joachims, KDD (2018), figure 1: six job seekers whose relevance hardly differs.
  const seekers: Row[] = [0.8, 0.79, 0.78, 0.77, 0.76, 0.75].map((score, index) => ({
    query: "jobs",
    group: index < 3 ? "male" : "female",
    relevance: score,
    score,
  }));

  test("has the exposures that Singh and Joachims print: 0.71 for men, 0.39 for women", async () => {
    const run = await audit(seekers, { settings: { top: 3 } });
    isSound(run);
    expect(measure(run, { metric: "exposure", group: { group: "male" } }).value).toBeCloseTo(0.71, 2);
    expect(measure(run, { metric: "exposure", group: { group: "female" } }).value).toBeCloseTo(0.39, 2);
    const perRelevance = measure(run, { metric: "exposure-per-relevance-ratio", by: ["group"] });
    expect(perRelevance.value).toBeCloseTo(0.3912 / 0.76 / (0.7103 / 0.79), 3);
    expect(measure(run, { metric: "top-k-share", group: { group: "male" } }).value).toBe(1);
    expect(measure(run, { metric: "candidate-share", group: { group: "male" } }).value).toBe(0.5);
    // Geyik et al. 2019, equation 1: log of 1 over 1/2; a group without a place has no logarithm.
    expect(measure(run, { metric: "skew-at-k", group: { group: "male" } }).value).toBeCloseTo(Math.log(2), 12);
    expect(measure(run, { metric: "skew-at-k", group: { group: "female" } })).toMatchObject({ value: null });
  });

  test("is tested by dealing the groups anew: of 20 deals 2 are as extreme", async () => {
    const run = await audit(seekers, { settings: { top: 3, replicates: 9999 } });
    const gap = measure(run, { metric: "exposure-difference", by: ["group"] });
    // Three of six places: 20 deals, and the two that part the groups are the most extreme.
    expect(gap.p).toBeGreaterThan(0.085);
    expect(gap.p).toBeLessThan(0.115);
  });

  test("has no interval of its own, says why, and leaves a rule open", async () => {
    const run = await audit(seekers, { settings: { top: 3 } });
    const ratio = measure(run, { metric: "exposure-ratio", by: ["group"] });
    expect(ratio).toMatchObject({ low: 0, high: 1 });
    expect(ratio.reason).toContain("one list");
    expect(run.findings.find(({ id }) => id === "few-lists")?.text.en).toContain("All rows are one list.");
    for (const figure of run.figures) {
      if (figure.kind === "intervals") for (const row of figure.rows) expect(row.low).toBeNull();
    }
  });

  test("gives tied scores the mean of the places that they share", async () => {
    const run = await audit(
      ["a", "b", "a", "b"].map((group) => ({ group, score: 1 })),
      { settings: { top: 1 } },
    );
    isSound(run);
    const mean = (1 + 1 / Math.log2(3) + 0.5 + 1 / Math.log2(5)) / 4;
    for (const group of ["a", "b"]) {
      expect(measure(run, { metric: "exposure", group: { group } }).value).toBeCloseTo(mean, 12);
      expect(measure(run, { metric: "top-k-share", group: { group } }).value).toBeCloseTo(0.5, 12);
    }
    expect(measure(run, { metric: "ndkl", by: ["group"] }).value).toBe(0);
    expect(measure(run, { metric: "exposure-difference", by: ["group"] }).p).toBe(1);
  });

  test("of too many rows to deal anew is tested by the moments of all deals", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      group: index % 5 < 2 ? "a" : "b",
      score: -index - (index % 5 < 2 ? 12 : 0),
    }));
    const dealt = await audit(rows, { settings: { replicates: 9999 } });
    // A hundred thousand shuffles of so many rows are more than are made.
    const many = Array.from({ length: 1700 }, (_, copy) => rows.map((row) => ({ ...row, query: `q${copy}` }))).flat();
    const moments = await audit(many, { settings: { replicates: 199 } });
    isSound(moments);
    const small = measure(dealt, { metric: "exposure-difference", by: ["group"] }).p ?? 0;
    expect(small).toBeGreaterThan(0.01);
    expect(small).toBeLessThan(0.5);
    expect(measure(moments, { metric: "exposure-difference", by: ["group"] }).p).toBeLessThan(1e-6);
    expect(measure(moments, { metric: "ndkl", by: ["group"] }).p).toBeUndefined();
  });
});

describe("several lists", () => {
  interface Expected {
    readonly top: number;
    readonly rows: readonly Row[];
    readonly ndkl: number;
    readonly groups: Readonly<
      Record<string, Readonly<Record<string, { value: number; error: number; lists: number; interval?: number[] }>>>
    >;
  }
  /** Made by lists.expected.py, from the definitions. */
  const expected = JSON.parse(readFileSync(new URL("./lists.expected.json", import.meta.url), "utf8")) as Expected;
  const settings = { top: expected.top };

  test("have every metric as its definition gives it by brute force, ties and grades included", async () => {
    const run = await audit(expected.rows, { settings });
    isSound(run);
    for (const [group, metrics] of Object.entries(expected.groups)) {
      for (const [metric, { value, error, lists, interval }] of Object.entries(metrics)) {
        const own = measure(run, { metric, group: { group } });
        expect(own.value, `${metric} of ${group}`).toBeCloseTo(value, 12);
        // Lists that are all the same have no error: what may be unseen is let in.
        if (lists < 10 || error < 1e-12) continue;
        if (interval) {
          expect(own.method).toBe("logit-lists");
          for (const [end, at] of [own.low, own.high].entries()) expect(at).toBeCloseTo(interval[end] ?? 0, 10);
          continue;
        }
        const reach = studentQuantile(0.975, lists - 1) * error;
        const low = metric.startsWith("exposure") ? value * Math.exp(-reach) : value - reach;
        const ends = metric.endsWith("share") ? [0, 1] : [-Infinity, Infinity];
        expect(own.low, `${metric} of ${group}`).toBeCloseTo(Math.max(ends[0] ?? 0, low), 10);
      }
    }
    expect(measure(run, { metric: "ndkl", by: ["group"] }).value).toBeCloseTo(expected.ndkl, 12);
  });

  test("give the same summary and measures in any number of shards, a list cut through included", async () => {
    const [one, five] = [await audit(expected.rows, { settings }), await audit(expected.rows, { settings, shards: 5 })];
    expect(five.summary).toEqual(one.summary);
    expect(five.measures).toEqual(one.measures);
    const turned = await audit([...expected.rows].reverse(), { settings });
    expect(turned.measures).toEqual(one.measures);
  });

  test("find a group that is pushed down, and reward of relevance that differs", async () => {
    const rows = Array.from({ length: 40 }, (_, query) =>
      Array.from({ length: 12 }, (_, place): Row => {
        const group = place % 2 === 0 ? "a" : "b";
        const relevance = (place * 7 + query) % 3 === 0 ? 1 : 0;
        return {
          query: `q${query}`,
          group,
          relevance,
          score: relevance + (group === "a" ? 2 : 0) + ((place * 5 + query) % 7) / 10,
        };
      }),
    ).flat();
    const run = await audit(rows, { settings: { top: 4, min_count: 30 } });
    isSound(run);
    const ids = run.findings.filter(({ severity }) => severity !== "low").map(({ id }) => id);
    for (const metric of ["exposure", "skew-at-k", "exposure-per-relevance", "inter-group-pairwise-accuracy"]) {
      // All first places go to one group: the other has no skew.
      if (metric !== "skew-at-k") expect(ids).toContain(`${metric}-gap-by-group`);
    }
    const gap = measure(run, { metric: "exposure-difference", by: ["group"] });
    expect(gap.p_adjusted).toBeLessThan(0.01);
    expect(gap.low).toBeGreaterThan(0);
    expect(run.findings.find(({ id }) => id === "undefined-rates-by-group")?.text.en).toContain("Skew");
  });

  test("rows without a list or a score are counted and stand nowhere; a negative relevance is refused", async () => {
    const rows: Row[] = [
      { query: "q", group: "a", score: 1, relevance: 1 },
      { query: "q", group: "b", score: 0, relevance: 0 },
      { query: null, group: "a", score: 5, relevance: 1 },
      { query: "q", group: null, score: null, relevance: null },
    ];
    const run = await audit(rows);
    isSound(run);
    expect(measure(run, { metric: "rows-without-query" }).value).toBe(1);
    expect(measure(run, { metric: "rows-without-score" }).value).toBe(1);
    expect(measure(run, { metric: "exposure", group: { group: "a" } }).value).toBe(1);
    await expect(audit([{ query: "q", group: "a", score: 1, relevance: -1 }])).rejects.toThrow(/relevance -1 in row 1/);
  });

  test("weights are refused with the reason, and so are very many groups", async () => {
    const weighted = await audit(expected.rows, { columns: { weight: "weight" } });
    isSound(weighted);
    expect(measure(weighted, { metric: "exposure-ratio", by: ["group"] })).toMatchObject({ value: null });
    expect(weighted.findings.some(({ text }) => text.en.includes("names a weight"))).toBe(true);
    const many = await audit(Array.from({ length: 400 }, (_, row) => ({ group: `g${row % 80}`, score: row })));
    isSound(many);
    expect(measure(many, { metric: "exposure-ratio", by: ["group"] }).reason).toContain("too many groups");
  });

  test("one group alone, a group of one row, and names that would be code stay sound", async () => {
    isSound(await audit([1, 2, 3].map((score) => ({ group: "a", score }))));
    isSound(await audit([]));
    const names = ["<script>alert(1)</script>", "=cmd()", "🦊", "\u202Etfel", "a*b", ""];
    const run = await audit(
      names.flatMap((group, index) =>
        [1, 2].map((one) => ({ query: `q${one}`, group, score: index * one, relevance: index % 2 })),
      ),
      { settings: { top: 2 } },
    );
    isSound(run);
    expect(measure(run, { metric: "exposure", group: { group: "=cmd()" } }).value).toBeGreaterThan(0);
  });
});
