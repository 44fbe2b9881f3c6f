import { openDevice } from "@assay/compute";
import type { CodedTable, ColumnRequest } from "@assay/dataset";
import type { Measure, PlanInput } from "@assay/schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GroupSummary, mergeGroups } from "../../groups/summary.ts";
import { numberColumn, tableOf, textColumn } from "../../testing/coded-table.ts";
import { type AuditRun, runAudit } from "../../testing/run-audit.ts";
import { runCells } from "../../testing/run-cells.ts";
import { isSound } from "../../testing/sound-run.ts";
import { groupMetrics } from "./index.ts";

type Row = {
  readonly group: string | null;
  readonly other?: string | null;
  readonly label?: string | null;
  readonly decision: string | null;
  readonly weight?: number | null;
  readonly times?: number;
};

interface Options {
  readonly columns?: Partial<PlanInput["columns"]>;
  readonly settings?: Record<string, unknown>;
  readonly shards?: number;
  readonly name?: string;
}

/** Runs the audit over rows of a group, another column, a label, a decision and a weight, as far as the plan names them. */
function audit(rows: readonly Row[], options: Options = {}): Promise<AuditRun> {
  const name = options.name ?? "group";
  const hasLabel = rows.some((row) => row.label !== undefined);
  const plan: PlanInput = {
    version: 1,
    data: { file: "rows.csv" },
    columns: {
      decision: "decision",
      positive: 1,
      protected: [name],
      ...(hasLabel ? { label: "label" } : {}),
      ...options.columns,
    },
    audits: { "fairness.group-metrics": { replicates: 999, ...options.settings } },
  };
  const known = [name, "other", "label", "decision"].map((one) => ({ name: one, type: "text" as const }));
  return runAudit(
    groupMetrics,
    plan,
    [...known, { name: "weight", type: "number" }],
    () => tableFrom(rows, name),
    options.shards ?? 1,
  );
}

function tableFrom(rows: readonly Row[], name = "group"): CodedTable {
  const binary = ["0", "1"];
  const equals = (column: string): ColumnRequest => ({ kind: "equals", column, equals: ["1"] });
  return tableOf(
    rows.length,
    [
      [{ kind: "text", column: name }, textColumn(rows.map((row) => row.group))],
      [{ kind: "text", column: "other" }, textColumn(rows.map((row) => row.other ?? null))],
      [
        equals("label"),
        textColumn(
          rows.map((row) => row.label ?? null),
          binary,
        ),
      ],
      [
        equals("decision"),
        textColumn(
          rows.map((row) => row.decision),
          binary,
        ),
      ],
      [{ kind: "number", column: "weight" }, numberColumn(rows.map((row) => row.weight ?? null))],
    ],
    rows.map((row) => row.times ?? 1),
  );
}

/** tn, fp, fn, tp of a group as rows of counts. */
function cells(group: string | null, tn: number, fp: number, fn: number, tp: number, other?: string): Row[] {
  const row = (label: string, decision: string, times: number): Row => ({
    group,
    ...(other === undefined ? {} : { other }),
    label,
    decision,
    times,
  });
  return [row("0", "0", tn), row("0", "1", fp), row("1", "0", fn), row("1", "1", tp)];
}

function measure(run: AuditRun, about: Partial<Measure>): Measure {
  const found = run.measures.find((one) =>
    (["metric", "group", "by", "stratum"] as const).every(
      (key) => JSON.stringify(one[key]) === JSON.stringify(about[key]),
    ),
  );
  if (!found) throw new Error(`no measure ${JSON.stringify(about)}`);
  return found;
}

const propublica = [...cells("African-American", 990, 805, 532, 1369), ...cells("Caucasian", 1139, 349, 461, 505)];

describe("the report of groups", () => {
  test("says in words how far apart the groups lie, how sure it is, and on how many rows", async () => {
    const run = await audit(propublica, { name: "race" });
    isSound(run);
    const finding = run.findings.find((one) => one.id === "false-positive-rate-gap-by-race");
    expect(finding?.verdict).toBe("info");
    expect(finding?.severity).toBe("high");
    expect(finding?.text.en).toMatch(
      /^\*\*False alarms differ by race\.\*\* Of rows whose label is negative, 44\.8 % of African-American and 23\.5 % of Caucasian were decided positive: a gap of 21\.4 points \(95 % simultaneous interval 18\.2 to 24\.5; adjusted p < 0\.001; n = 1,795 and 1,488\)\./,
    );
    expect(finding?.text["zh-CN"]).toMatch(
      /^\*\*误报率因 race 而异。\*\* 标签为负的行中，African-American 有 44\.8 %、Caucasian 有 23\.5 % 被判为正，相差 21\.4 个百分点（95 % 同时区间 18\.2 至 24\.5；校正后 p < 0\.001；n = 1,795 与 1,488）。/,
    );
  });

  test("changes in sentence, figure and table, in both languages, when one cell changes", async () => {
    const before = await audit(propublica, { name: "race" });
    const after = await audit(
      propublica.map((row) => (row.times === 805 ? { ...row, times: 705 } : row)),
      { name: "race" },
    );
    const text = (run: AuditRun): Record<string, string> =>
      run.findings.find((one) => one.id === "false-positive-rate-gap-by-race")?.text ?? {};
    expect(text(after).en).toContain("41.6 % of African-American");
    expect(text(after).en).not.toBe(text(before).en);
    expect(text(after)["zh-CN"]).not.toBe(text(before)["zh-CN"]);
    const figure = (run: AuditRun) => run.figures.find((one) => one.id === "false-positive-rate-by-race");
    expect(figure(after)).not.toEqual(figure(before));
    expect(after.tables).not.toEqual(before.tables);
    // What does not depend on the cell stands as it was.
    expect(measure(after, { metric: "true-positive-rate", group: { race: "Caucasian" } })).toEqual(
      measure(before, { metric: "true-positive-rate", group: { race: "Caucasian" } }),
    );
  });

  test("gives every metric that it says it gives, where it says", async () => {
    const columns = { control: ["other"], reference: { race: "Caucasian" } };
    const rows = propublica.map((row, index) => ({ ...row, other: index % 2 === 0 ? "x" : "y" }));
    const run = await audit(rows, { name: "race", columns });
    isSound(run);
    for (const { metric, scope, by } of run.gives) {
      const found = run.measures.filter((one) => one.metric === metric && one.stratum === undefined);
      if (scope === "overall")
        expect(
          found.some((one) => !one.group && !one.by),
          metric,
        ).toBe(true);
      for (const names of by) {
        const there = found.some(({ group, by: all }) =>
          scope === "group"
            ? JSON.stringify(Object.keys(group ?? {})) === JSON.stringify(names)
            : JSON.stringify(all) === JSON.stringify(names),
        );
        expect(there, `${metric} by ${names.join(" × ")}`).toBe(true);
      }
    }
    const given = new Set(run.gives.map((one) => one.metric));
    // No rule may speak of a corrected difference: it has no interval to judge by.
    const loose = run.measures.filter(
      ({ metric }) => !metric.startsWith("rows-without-") && !metric.endsWith("-corrected") && !given.has(metric),
    );
    expect(loose).toEqual([]);
    expect([...given].filter((metric) => metric.endsWith("-corrected"))).toEqual([]);
    const about = { metric: "selection-rate-difference-to-reference", group: { race: "African-American" } };
    expect(measure(run, about)).toMatchObject({ reference: "Caucasian", method: "newcombe" });
    const difference = measure(run, { metric: "selection-rate-difference", by: ["race"] });
    expect(measure(run, { metric: "demographic-parity-difference", by: ["race"] })).toEqual({
      ...difference,
      metric: "demographic-parity-difference",
    });
  });

  test("counts a rate and its complement once among the tests adjusted for", async () => {
    // Groups that differ in nothing but chance: eleven distinct questions and equalized odds, whose p values Holm multiplies.
    const run = await audit([...cells("a", 400, 95, 150, 350), ...cells("b", 410, 102, 140, 361)]);
    const ps = run.measures.flatMap((one) =>
      one.p === undefined ? [] : [[one.metric, one.p, one.p_adjusted] as const],
    );
    const p = new Map(ps.map(([metric, value]) => [metric, value]));
    expect(p.get("recall-difference")).toBe(p.get("true-positive-rate-difference"));
    expect(p.get("false-negative-rate-difference")).toBe(p.get("true-positive-rate-difference"));
    expect(p.get("precision-difference")).toBe(p.get("positive-predictive-value-difference"));
    const distinct = new Set(ps.map(([, value]) => value));
    const least = ps.reduce((best, one) => (one[1] < best[1] ? one : best));
    expect(distinct.size).toBeLessThanOrEqual(12);
    expect(least[2]).toBeCloseTo(Math.min(1, 12 * least[1]), 12);
  });
});

describe("too little data is a result", () => {
  test("leaves small groups out, names them, and says how many people it takes", async () => {
    const run = await audit([...propublica, ...cells("Other", 5, 1, 2, 3)], { name: "race" });
    isSound(run);
    expect(measure(run, { metric: "false-positive-rate", group: { race: "Other" } }).value).toBeCloseTo(1 / 6, 12);
    expect(measure(run, { metric: "count", group: { race: "Other" } }).value).toBe(11);
    const finding = run.findings.find((one) => one.id === "small-groups-by-race");
    expect(finding?.verdict).toBe("indeterminate");
    expect(finding?.text.en).toContain("Other (n = 11): fewer than 30 people");
    expect(finding?.text.en).toMatch(/About \d+ people in a group are needed to see a gap of 10 points/);
    // The gap is that of the two large groups.
    expect(measure(run, { metric: "false-positive-rate-difference", by: ["race"] }).value).toBeCloseTo(
      805 / 1795 - 349 / 1488,
      12,
    );
  });

  test("one group has nothing to be compared with", async () => {
    const run = await audit(cells("only", 40, 10, 20, 30));
    isSound(run);
    expect(measure(run, { metric: "selection-rate-difference", by: ["group"] })).toMatchObject({ value: null });
    expect(measure(run, { metric: "equalized-odds-ratio", by: ["group"] })).toMatchObject({ value: null });
    expect(run.findings.find((one) => one.id === "undefined-rates-by-group")?.verdict).toBe("indeterminate");
  });

  test("no positive label leaves its rates unknown, in every place", async () => {
    const run = await audit([...cells("a", 40, 10, 0, 0), ...cells("b", 30, 30, 0, 0)]);
    isSound(run);
    expect(measure(run, { metric: "true-positive-rate" })).toMatchObject({
      value: null,
      reason: "no row with a positive label",
    });
    expect(measure(run, { metric: "mcc", group: { group: "a" } }).value).toBeNull();
    expect(measure(run, { metric: "true-positive-rate-difference", by: ["group"] }).value).toBeNull();
    expect(measure(run, { metric: "false-positive-rate-difference", by: ["group"] }).value).toBeCloseTo(0.3, 12);
  });

  test("no positive decision at all has a difference of 0 but no ratio", async () => {
    const run = await audit([...cells("a", 40, 0, 10, 0), ...cells("b", 30, 0, 30, 0)]);
    isSound(run);
    expect(measure(run, { metric: "selection-rate-difference", by: ["group"] })).toMatchObject({ value: 0, low: 0 });
    expect(measure(run, { metric: "selection-rate-ratio", by: ["group"] }).value).toBeNull();
  });

  test("groups of one, with every group compared", async () => {
    const run = await audit([...cells("a", 1, 0, 0, 0), ...cells("b", 0, 0, 0, 1), ...cells("c", 5, 2, 3, 4)], {
      settings: { min_count: 0 },
    });
    isSound(run);
    expect(measure(run, { metric: "selection-rate-difference", by: ["group"] }).value).toBe(1);
    expect(measure(run, { metric: "selection-rate", group: { group: "a" } })).toMatchObject({ value: 0, low: 0, n: 1 });
  });

  test("no rows at all", async () => {
    const run = await audit([]);
    isSound(run);
    expect(measure(run, { metric: "count" }).value).toBe(0);
    expect(measure(run, { metric: "selection-rate" }).value).toBeNull();
  });

  test("perfect decisions have no interval without width", async () => {
    const run = await audit([...cells("a", 40, 0, 0, 40), ...cells("b", 30, 0, 0, 30)]);
    isSound(run);
    const mcc = measure(run, { metric: "mcc", group: { group: "a" } });
    expect(mcc).toMatchObject({ value: 1, method: "linearised" });
    expect(mcc.low).toBeLessThan(0.99);
  });
});

describe("rows without a value", () => {
  test("a missing label or decision leaves the row out of what needs it, and is told", async () => {
    const run = await audit([
      ...cells("a", 40, 10, 10, 40),
      ...cells("b", 40, 10, 10, 40),
      { group: "a", label: null, decision: "1", times: 7 },
      { group: "b", label: "1", decision: null, times: 3 },
    ]);
    isSound(run);
    expect(measure(run, { metric: "selection-rate", group: { group: "a" } })).toMatchObject({
      value: 57 / 107,
      n: 107,
    });
    expect(measure(run, { metric: "base-rate", group: { group: "b" } })).toMatchObject({ value: 53 / 103, n: 103 });
    expect(measure(run, { metric: "accuracy", group: { group: "a" } })).toMatchObject({ value: 0.8, n: 100 });
    expect(measure(run, { metric: "count" }).value).toBe(210);
    expect(run.findings.find((one) => one.id === "rows-without-label")?.text.en).toContain("7 rows have no label");
    expect(run.findings.find((one) => one.id === "rows-without-decision")?.text["zh-CN"]).toContain("有 3 行缺少决定");
  });

  test("the unknown group is printed and never compared", async () => {
    const run = await audit([...propublica, ...cells(null, 0, 100, 0, 0)], { name: "race" });
    isSound(run);
    expect(measure(run, { metric: "false-positive-rate", group: { race: null } }).value).toBe(1);
    expect(measure(run, { metric: "false-positive-rate-difference", by: ["race"] }).value).toBeLessThan(0.22);
    expect(run.figures.find((one) => one.id === "false-positive-rate-by-race")).toMatchObject({
      rows: expect.arrayContaining([expect.objectContaining({ label: { en: "unknown", "zh-CN": "未知" } })]),
    });
  });

  test("without a label only decisions are compared, and each missing metric says why", async () => {
    const run = await audit([
      { group: "a", decision: "1", times: 60 },
      { group: "a", decision: "0", times: 40 },
      { group: "b", decision: "1", times: 30 },
      { group: "b", decision: "0", times: 70 },
    ]);
    isSound(run);
    expect(measure(run, { metric: "selection-rate-difference", by: ["group"] }).value).toBeCloseTo(0.3, 12);
    expect(measure(run, { metric: "accuracy" })).toEqual({
      metric: "accuracy",
      value: null,
      reason: "the plan names no label",
    });
    expect(run.measures.filter((one) => one.metric === "accuracy")).toHaveLength(1);
    expect(run.findings.map((one) => one.id)).toContain("no-label");
  });
});

describe("weighted rows", () => {
  const weigh = (rows: readonly Row[], weight: number): Row[] => rows.map((row) => ({ ...row, weight }));

  test("of equal weight say what unweighted rows say, up to the intervals of whole tables", async () => {
    const plain = await audit(propublica, { name: "race" });
    const run = await audit(weigh(propublica, 2.5), { name: "race", columns: { weight: "weight" } });
    isSound(run);
    for (const metric of ["false-positive-rate", "f1", "balanced-accuracy", "mcc"]) {
      for (const about of [
        { metric, group: { race: "Caucasian" } },
        { metric: `${metric}-difference`, by: ["race"] },
      ]) {
        const ours = measure(run, about);
        const theirs = measure(plain, about);
        expect(ours.value).toBeCloseTo(theirs.value ?? Number.NaN, 12);
        if (metric !== "mcc") expect(ours.low).toBeCloseTo(theirs.low ?? Number.NaN, 10);
        else expect(ours.low).toBeCloseTo(theirs.low ?? Number.NaN, 2);
        expect(ours.n).toBe(theirs.n);
      }
    }
    expect(measure(run, { metric: "mcc" }).method).toBe("linearised");
    expect(measure(run, { metric: "f1" }).method).toBe("wilson-jaccard-effective");
  });

  test("count as much as they weigh, with wider intervals", async () => {
    const rows = [
      ...weigh(cells("a", 40, 10, 10, 40), 1),
      ...weigh(cells("a", 10, 40, 40, 10), 9),
      ...weigh(cells("b", 50, 50, 50, 50), 1),
    ];
    const run = await audit(rows, { columns: { weight: "weight" } });
    isSound(run);
    const rate = measure(run, { metric: "false-positive-rate", group: { group: "a" } });
    expect(rate.value).toBeCloseTo((10 + 9 * 40) / (50 + 9 * 50), 12);
    expect(rate.n).toBe(100);
    const equal = await audit(rows);
    const even = measure(equal, { metric: "false-positive-rate", group: { group: "a" } });
    expect((rate.high ?? 0) - (rate.low ?? 0)).toBeGreaterThan((even.high ?? 0) - (even.low ?? 0));
  });

  test("without a weight are left out and told; of negative weight are refused", async () => {
    const rows = [
      ...weigh(cells("a", 40, 10, 10, 40), 2),
      { group: "a", label: "1", decision: "1", weight: null, times: 4 },
    ];
    const run = await audit(rows, { columns: { weight: "weight" } });
    isSound(run);
    expect(measure(run, { metric: "count" }).value).toBe(100);
    expect(run.findings.find((one) => one.id === "rows-without-weight")?.text.en).toContain("4 rows have no weight");
    await expect(audit(weigh(cells("a", 4, 1, 1, 4), -1), { columns: { weight: "weight" } })).rejects.toThrow(
      /column "weight": the weight -1 in row 1/,
    );
  });
});

/** UC Berkeley, autumn 1973, six largest departments: Bickel, Hammel and O'Connell, Science 187 (1975) 398–404. */
describe("control columns", () => {
  const departments = [
    ["A", 512, 313, 89, 19],
    ["B", 353, 207, 17, 8],
    ["C", 120, 205, 202, 391],
    ["D", 138, 279, 131, 244],
    ["E", 53, 138, 94, 299],
    ["F", 22, 351, 24, 317],
  ] as const;
  const admissions = departments.flatMap(([other, menIn, menOut, womenIn, womenOut]): Row[] => [
    { group: "Male", other, decision: "1", times: menIn },
    { group: "Male", other, decision: "0", times: menOut },
    { group: "Female", other, decision: "1", times: womenIn },
    { group: "Female", other, decision: "0", times: womenOut },
  ]);

  test("show Berkeley's gap gone within departments, and claim no reversal that the interval does not show", async () => {
    const run = await audit(admissions, { name: "sex", columns: { control: ["other"] } });
    isSound(run);
    expect(measure(run, { metric: "selection-rate-difference", by: ["sex"] }).value).toBeCloseTo(0.1416454, 6);
    const pooled = measure(run, { metric: "selection-rate-difference-pooled", group: { sex: "Female" } });
    expect(pooled.value).toBeCloseTo(0.018425196190852512, 12);
    expect(pooled.reference).toBe("Male");
    expect(
      measure(run, { metric: "selection-rate", group: { sex: "Female" }, stratum: { other: "A" } }).value,
    ).toBeCloseTo(89 / 108, 12);
    const finding = run.findings.find((one) => one.id === "within-strata-1");
    expect(finding?.text.en).toMatch(/^\*\*The gap in selection rate by sex is not seen within other\.\*\*/);
    expect(finding?.text.en).toContain("Simpson's paradox");
    expect(finding?.severity).toBe("high");
    expect(finding?.text.en).toContain("In 4 of 6 strata");
    expect(finding?.text["zh-CN"]).toContain("辛普森悖论");
  });

  test("say that a gap turns round where the pooled interval is clear of zero on the other side", async () => {
    const row = (group: string, other: string, yes: number, no: number): Row[] => [
      { group, other, decision: "1", times: yes },
      { group, other, decision: "0", times: no },
    ];
    const run = await audit(
      [...row("x", "A", 640, 160), ...row("x", "B", 40, 160), ...row("y", "A", 190, 10), ...row("y", "B", 280, 520)],
      { columns: { control: ["other"] } },
    );
    const finding = run.findings.find((one) => one.id === "within-strata-1");
    expect(finding?.text.en).toContain("turns round within other");
    expect(finding?.severity).toBe("high");
  });

  test("let a gap stand that is there in every stratum", async () => {
    const run = await audit(
      ["A", "B"].flatMap((other) => [
        ...cells("x", 200, 200, 0, 0, other).map(({ label: _, ...row }) => row),
        ...cells("y", 300, 100, 0, 0, other).map(({ label: _, ...row }) => row),
        ...cells("z", 90, 10, 0, 0, other).map(({ label: _, ...row }) => row),
      ]),
      { columns: { control: ["other"] } },
    );
    const said = run.findings.filter((one) => one.id.startsWith("within-strata"));
    // Once, for the widest: z against x, the first of the largest groups.
    expect(said).toHaveLength(1);
    expect(said[0]?.text.en).toContain("remains within other");
    expect(said[0]?.text.en).toContain("z stands at −40.0 points against x");
    expect(said[0]?.text["zh-CN"]).toContain("z 比 x 低 40.0 个百分点");
  });

  test("show a gap that the total hides", async () => {
    const row = (group: string, other: string, yes: number, no: number): Row[] => [
      { group, other, decision: "1", times: yes },
      { group, other, decision: "0", times: no },
    ];
    const run = await audit(
      [...row("x", "A", 80, 120), ...row("x", "B", 480, 320), ...row("y", "A", 400, 400), ...row("y", "B", 160, 40)],
      { columns: { control: ["other"] } },
    );
    expect(run.findings.find((one) => one.id === "within-strata-1")?.text.en).toContain("appears only within other");
  });
});

describe("names and numbers of groups", () => {
  test("hostile names stay text and spoil no sentence", async () => {
    const names = ["**bold**", "<script>alert(1)</script>", "a\nb", "‮evil", "", "__proto__", "x".repeat(500)];
    const run = await audit(
      names.flatMap((name, index) => cells(name, 40 + index, 10, 10, 40)),
      { name: "constructor" },
    );
    isSound(run);
    for (const name of names) {
      const held = run.measures.some((one) => one.group !== undefined && Object.values(one.group).includes(name));
      expect(held, name).toBe(true);
    }
    for (const finding of run.findings) expect(finding.text.en).not.toMatch(/[\n‮]/);
  });

  test("ten thousand groups end in seconds, say that they were cut, and all enter the gap", async () => {
    const rows: Row[] = [];
    for (let index = 0; index < 10_000; index++) {
      const rate = index === 7777 ? 38 : 20;
      rows.push(
        { group: `g${index}`, decision: "1", times: rate },
        { group: `g${index}`, decision: "0", times: 40 - rate },
      );
    }
    const run = await audit(rows, { settings: { replicates: 10_000 } });
    isSound(run);
    expect(run.concludeMs).toBeLessThan(15_000);
    expect(run.measures.length).toBeLessThan(3000);
    expect(measure(run, { metric: "selection-rate-difference", by: ["group"] }).value).toBeCloseTo(0.45, 12);
    expect(run.findings.some((one) => one.id.startsWith("many-groups"))).toBe(true);
  });
});

describe("summaries", () => {
  const row = fc.record({
    group: fc.constantFrom("a", "b", "10", "9", null),
    other: fc.constantFrom("x", "y", null),
    label: fc.constantFrom("0", "1", null),
    decision: fc.constantFrom("0", "1", null),
    weight: fc.constantFrom(1, 0.1, 1e-9, 12_345.678, 1e12),
  });

  async function summaryOf(rows: readonly Row[]): Promise<GroupSummary> {
    const run = await audit(rows, { columns: { control: ["other"], weight: "weight" }, settings: { replicates: 199 } });
    const { binary } = run.summary as { binary: GroupSummary };
    return binary;
  }

  test("merge in any order and grouping to the same bits, whatever levels each has", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { minLength: 1, maxLength: 12 }), { minLength: 3, maxLength: 3 }),
        async (parts) => {
          const [a, b, c] = await Promise.all(
            parts.map((part) => summaryOf(part.map((one) => ({ ...one, label: one.label })))),
          );
          if (!a || !b || !c) throw new Error("three parts");
          const left = mergeGroups(mergeGroups(a, b), c);
          expect(mergeGroups(a, mergeGroups(b, c))).toEqual(left);
          expect(mergeGroups(mergeGroups(c, b), a)).toEqual(left);
          const whole = await summaryOf(parts.flat());
          expect(left).toEqual(whole);
        },
      ),
      { numRuns: 15, seed: 42 },
    );
  });
});

test("more rows than draws can tell apart are refused with what to do", async () => {
  const cells = { group: ["a", "a", "b", "b"], label: ["1", "0", "1", "0"], decision: ["1", "0", "0", "1"] };
  const columns = { label: "label", decision: "decision", protected: ["group"] };
  const counts = [2e9, 1e9, 1e9, 1e9];
  const device = await openDevice("cpu");
  await expect(runCells(cells, { definition: groupMetrics, device, columns, counts })).rejects.toThrow(
    /5,000,000,000 rows.*up to 4,294,967,295; divide the counts/,
  );
});
