import { readFileSync } from "node:fs";
import { binomial, type Device, openDevice, PhiloxStream } from "@assay/compute";
import { AuditResult, checkPlan, type FeedbackCell, type Measure, writeFeedbackTable } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preparePlan } from "../../prepare.ts";
import { garwood } from "../../statistics/index.ts";
import { tableOf, textColumn } from "../../testing/coded-table.ts";
import { type AuditRun, runAudit } from "../../testing/run-audit.ts";
import { feedback } from "./index.ts";
import { hiddenCounts, monthsOf } from "./reports.ts";

const expected = JSON.parse(readFileSync(new URL("./feedback.expected.json", import.meta.url), "utf8"));

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

const cell = (group: string | null, count: number, more: Partial<FeedbackCell> = {}): FeedbackCell => ({
  ...{ month: "2026-03", state: "new", decision: null, count },
  group: group === null ? {} : { sex: group },
  ...more,
});

/** One protected column, `sex`, each group with so many decisions; the rows are lines of a table of counts. */
function run(
  decisions: Readonly<Record<string, number>>,
  cells: readonly FeedbackCell[],
  settings: Readonly<Record<string, unknown>> = {},
  options: { readonly seed?: number; readonly shards?: number } = {},
): Promise<AuditRun> {
  const groups = Object.entries(decisions);
  return runAudit(
    feedback,
    {
      version: 1,
      data: { counts: "rows.csv" },
      columns: { protected: ["sex"] },
      feedback: { cells: [...cells] },
      audits: { "fairness.feedback": settings },
      seed: options.seed ?? 7,
    },
    [{ name: "sex", type: "text" }],
    (prepared) => {
      const [role] = prepared.roles.protected;
      if (!role) throw new Error("no protected column");
      const texts = groups.map(([group]) => (group === "" ? null : group));
      return tableOf(
        groups.length,
        [[role.request, textColumn(texts)]],
        groups.map(([, count]) => count),
      );
    },
    options.shards ?? 1,
    device,
  );
}

function find({ measures }: Pick<AuditRun, "measures">, metric: string, sex?: string | null): Measure {
  const found = measures.find(
    (one) =>
      one.metric === metric &&
      one.split === undefined &&
      (sex === undefined ? one.group === undefined : one.group !== undefined && one.group.sex === sex),
  );
  if (!found) throw new Error(`no measure ${metric} ${sex}`);
  return found;
}

const said = (result: AuditRun, id: string): string =>
  result.findings.find((finding) => finding.id === id)?.text.en ?? "";

describe("rates of reports", () => {
  it("have Garwood's intervals, as scipy's quantiles of χ² give them", () => {
    for (const { k, confidence, low, high } of expected.garwood) {
      const interval = garwood(k, confidence);
      // Both sides bisect or iterate to the last digits of a double.
      expect(Math.abs(interval.low - low)).toBeLessThanOrEqual(1e-9 * Math.max(1, low));
      expect(Math.abs(interval.high - high)).toBeLessThanOrEqual(1e-9 * high);
    }
  });

  it("set a group's reports against its decisions, and test equal rates as scipy does", async () => {
    const { counts, decisions, p } = expected.chisquare;
    const result = await run({ F: decisions[0], M: decisions[1] }, [cell("F", counts[0]), cell("M", counts[1])]);
    expect(find(result, "feedback-rate", "F")).toMatchObject({ value: 30, n: 1000, method: "garwood" });
    const { low = 0, high = 0 } = expected.garwood.find(
      (one: { k: number; confidence: number }) => one.k === 30 && one.confidence === 0.95,
    );
    expect(find(result, "feedback-rate", "F").low).toBeCloseTo(low, 9);
    expect(find(result, "feedback-rate", "F").high).toBeCloseTo(high, 9);
    expect(find(result, "feedback-rate")).toMatchObject({ value: (1000 * 55) / 4000, n: 4000 });
    const gap = find(result, "feedback-rate-difference");
    expect(gap.value).toBeCloseTo(30 - 25 / 3, 12);
    expect(gap.p).toBeCloseTo(p, 12);
    expect(gap.low ?? 0).toBeGreaterThan(0);
    expect(said(result, "rate-by-sex")).toContain(
      "**Some groups by sex report more often.** F: 30.00 reports per 1,000",
    );
    expect(said(result, "rate-by-sex")).toContain("this counts reports, not harm");
  });

  it("test few reports against draws, near the exact p of every table", async () => {
    const { counts, decisions, p } = expected.exact;
    const [a, b, c] = decisions;
    const reports = [cell("A", counts[0]), cell("B", counts[1]), cell("C", counts[2])];
    const result = await run({ A: a, B: b, C: c }, reports, { min_reports: 0, replicates: 100_000 });
    const gap = find(result, "feedback-rate-difference");
    expect(gap.method).toBe("garwood-bounds, simulation");
    // Four standard errors of a share of 100,000 draws.
    expect(Math.abs((gap.p ?? 1) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 100_000));
  });

  it("are alike in ninety-five of a hundred runs where all groups report alike, and tell a rate three times as high", async () => {
    const alarms = async (rates: readonly [number, number], runs: number): Promise<number> => {
      let found = 0;
      for (let index = 0; index < runs; index++) {
        const random = new PhiloxStream(99, index);
        const k = [binomial(random, 400, rates[0], 1000), binomial(random, 1200, rates[1], 1000)];
        const cells = k.flatMap((count, place) => (count > 0 ? [cell(place === 0 ? "F" : "M", count)] : []));
        if (cells.length === 0) continue;
        const result = await run({ F: 400, M: 1200 }, cells, { replicates: 999 }, { seed: index });
        if ((find(result, "feedback-rate-difference").p ?? 1) < 0.05) found++;
      }
      return found;
    };
    // Of 200 runs 10 are expected; 21 or more has a chance of about 1 in 1,000, and the draws are fixed by their seeds.
    expect(await alarms([8, 8], 200)).toBeLessThanOrEqual(20);
    expect(await alarms([45, 15], 40)).toBeGreaterThanOrEqual(30);
  });

  it("leave out groups with too few decisions, groups that the data lack, and who tells none", async () => {
    const cells = [cell("F", 20), cell("M", 30), cell("X", 6), cell("Y", 9), cell(null, 40)];
    const result = await run({ F: 500, M: 700, X: 10, "": 25 }, cells);
    expect(find(result, "feedback-rate", "X")).toMatchObject({ value: 600, n: 10 });
    expect(find(result, "feedback-rate-difference")).toMatchObject({
      n: 50,
      value: expect.closeTo(1000 * (30 / 700 - 20 / 500), 9),
    });
    expect(find(result, "feedback-count", "Y")).toMatchObject({ value: 9 });
    expect(find(result, "feedback-count", null)).toMatchObject({ value: 40 });
    expect(result.measures.some((one) => one.metric === "feedback-rate" && one.group?.sex === "Y")).toBe(false);
    expect(find(result, "feedback-rate")).toMatchObject({ value: expect.closeTo((1000 * 105) / 1235, 9), n: 1235 });
    expect(said(result, "rate-by-sex")).toContain("No evidence");
  });

  it("are the same on any shards, and none where nothing came", async () => {
    const cells = [cell("F", 20), cell("M", 30)];
    const whole = await run({ F: 500, M: 700, X: 10 }, cells);
    const parts = await run({ F: 500, M: 700, X: 10 }, cells, {}, { shards: 3 });
    expect(parts.summary).toEqual(whole.summary);
    expect(parts.measures).toEqual(whole.measures);
    const nothing = await run({ F: 500, M: 700 }, []);
    expect(find(nothing, "feedback-rate", "F")).toMatchObject({
      value: 0,
      low: 0,
      high: expect.closeTo(1000 * (3.6888794541 / 500), 6),
    });
    expect(find(nothing, "feedback-rate-difference")).toMatchObject({
      value: null,
      reason: "no report of a known group",
    });
    expect(nothing.findings).toMatchObject([{ id: "received", verdict: "indeterminate" }]);
    expect(said(nothing, "received")).toContain("does not show that nobody was harmed");
  });
});

describe("small counts", () => {
  it("are not printed, nor the one count that would tell them", async () => {
    const result = await run({ F: 500, M: 700, X: 100 }, [cell("F", 3), cell("M", 8), cell("X", 50)]);
    for (const sex of ["F", "M"]) {
      for (const metric of ["feedback-count", "feedback-rate", "feedback-upheld-share"]) {
        expect(find(result, metric, sex)).toMatchObject({
          value: null,
          reason: expect.stringContaining("fewer than 5"),
        });
      }
    }
    expect(find(result, "feedback-count", "X")).toMatchObject({ value: 50 });
    const told = JSON.stringify({ figures: result.figures, tables: result.tables, findings: result.findings });
    expect(told).not.toMatch(/\b(3|8)\b reports/);
    const [table] = result.tables;
    expect(table?.rows.map(({ cells }) => cells[2])).toEqual([null, null, 50, 0]);
    const all = await run({ F: 500, M: 700, X: 100 }, [cell("F", 3), cell("M", 8)], { min_reports: 0 });
    expect(find(all, "feedback-count", "F")).toMatchObject({ value: 3 });
  });

  it("hide no more than they must", () => {
    const counts = new Map<string | null, number>([
      ["a", 0],
      ["b", 5],
      ["c", 4],
      ["d", 2],
      [null, 9],
    ]);
    expect([...hiddenCounts(counts, 5)].sort()).toEqual(["c", "d"]);
    expect(
      [
        ...hiddenCounts(
          new Map([
            ["a", 4],
            ["b", 6],
            ["c", 7],
          ]),
          5,
        ),
      ].sort(),
    ).toEqual(["a", "b"]);
    expect(hiddenCounts(counts, 0).size).toBe(0);
  });

  it("leave no remainder of the total by which they are known", () => {
    const hidden = (...counts: readonly number[]) =>
      [...hiddenCounts(new Map(counts.map((count, place) => [String(place), count])), 5)].sort().join();
    // Two of one each, and two of four each: nothing else adds up to 2, or to 8.
    expect(hidden(1, 1, 9, 20)).toBe("0,1,2");
    expect(hidden(4, 4, 9, 20)).toBe("0,1,2");
    expect(hidden(1, 4, 9, 20)).toBe("0,1");
    expect(hidden(1, 1)).toBe("0,1");
  });
});

describe("what became of reports", () => {
  it("has Wilson's interval, and waits are told", async () => {
    const cells = [
      cell("F", 5, { state: "upheld" }),
      cell("F", 4, { state: "resolved" }),
      cell("M", 5, { state: "dismissed" }),
      cell("M", 2, { state: "in-review" }),
    ];
    const result = await run({ F: 500, M: 700 }, cells);
    const share = find(result, "feedback-upheld-share");
    expect(share).toMatchObject({ value: 9 / 14, n: 14 });
    expect(share.low).toBeCloseTo(expected.wilson.low, 12);
    expect(share.high).toBeCloseTo(expected.wilson.high, 12);
    expect(find(result, "feedback-open-count")).toMatchObject({ value: 2 });
    expect(said(result, "upheld")).toContain("**9 of 14 decided reports were found right.**");
    expect(said(result, "received")).toContain("2 are not decided yet");
  });

  it("is told month by month, those without a report too", async () => {
    const cells = [
      cell("F", 6, { month: "2025-11" }),
      cell("F", 7, { month: "2026-02" }),
      cell("F", 1, { month: null }),
    ];
    expect(monthsOf(cells)).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
    const result = await run({ F: 500, M: 700 }, cells);
    const months = result.measures.filter((one) => one.split !== undefined).map(({ split, value }) => [split, value]);
    expect(months).toEqual([
      ["2025-11", 6],
      ["2025-12", 0],
      ["2026-01", 0],
      ["2026-02", 7],
    ]);
    expect(said(result, "received")).toContain(
      "14 reports have come in from people affected** from 2025-11 to 2026-02",
    );
  });
});

describe("hostile and wrong feedback", () => {
  it("keeps names of groups and decisions one line of text, whatever they hold", async () => {
    const name = "<img src=x onerror=alert(1)>\n**bold** ‮";
    const result = await run({ [name]: 500, M: 700 }, [
      cell(name, 60, { decision: `=cmd|' /C calc'!A0` }),
      cell("M", 9, { decision: name }),
    ]);
    const told = result.findings.map(({ text }) => text.en).join("\n");
    expect(told).toContain("<img src=x onerror=alert(1)> ∗∗bold∗∗");
    expect(AuditResult.shape.measures.safeParse(result.measures).success).toBe(true);
    expect(AuditResult.shape.tables.safeParse(result.tables).success).toBe(true);
    expect(AuditResult.shape.figures.safeParse(result.figures).success).toBe(true);
    expect(writeFeedbackTable([cell("M", 1, { decision: "=1+1" })])).toContain("'=1+1");
  });

  it("runs where the plan names it, and says what is missing where there is none", () => {
    const plan = (more: object) =>
      checkPlan({ version: 1, data: { file: "d.csv" }, columns: { protected: ["sex"] }, ...more });
    const columns = [{ name: "sex", type: "text" }] as const;
    const named = { audits: { "fairness.feedback": {} } };
    expect(() => preparePlan(plan(named), columns)).toThrow(/needs feedback.*feedback: \{ file: feedback.csv \}/);
    expect(() => preparePlan(plan({ ...named, feedback: "project" }), columns)).toThrow(/lie on its server/);
    expect(() => preparePlan(plan({ ...named, feedback: { file: "f.csv" } }), columns)).toThrow(
      /"f.csv" is a file beside/,
    );
    const digest = `sha256:${"0".repeat(64)}`;
    expect(() => preparePlan(plan({ ...named, feedback: { digest, entries: 3 } }), columns)).toThrow(
      /keeps the digest/,
    );
    const skipped = preparePlan(plan({}), columns).skipped.find(({ id }) => id === "fairness.feedback");
    expect(skipped?.reason.en).toContain("needs feedback, which the plan does not give");
    const audits = preparePlan(plan({ feedback: { cells: [] } }), columns).audits.map(
      ({ definition }) => definition.id,
    );
    expect(audits).toContain("fairness.feedback");
  });
});
