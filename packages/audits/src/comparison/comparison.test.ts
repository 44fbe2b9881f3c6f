import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { type Column, requestKey } from "@assay/dataset";
import { type ComparedMeasure, Comparison, checkPlan, type Digest, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Metric } from "../metrics/index.ts";
import { preparePlan } from "../prepare.ts";
import { normalCdf } from "../statistics/index.ts";
import { type Cells, columnOf } from "../testing/run-cells.ts";
import { compareRuns } from "./compare-runs.ts";
import { comparedMetrics } from "./compared-metrics.ts";
import { bootstrapDraws, exchangeDraws } from "./draws.ts";
import type { ComparedRun } from "./pair-rows.ts";
import { type GroupDraws, pairedDifference } from "./paired-difference.ts";
import { pairedGaps } from "./paired-gaps.ts";
import { forComparison } from "./requests.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

const file = `sha256:${"1".repeat(64)}` as Digest;

function runOf(name: string, cells: Cells, columns: PlanInput["columns"], data: Digest = file): ComparedRun {
  const known = Object.entries(cells).map(([column, values]) => ({
    name: column,
    type: values.every((value) => value === null || typeof value === "number")
      ? ("number" as const)
      : ("text" as const),
  }));
  const plan = checkPlan({ version: 1, data: { file: "rows.csv" }, columns, audits: { "fairness.group-metrics": {} } });
  const prepared = forComparison(preparePlan(plan, known));
  const table = {
    rows: Object.values(cells)[0]?.length ?? 0,
    counts: null,
    columns: Object.fromEntries(
      prepared.requests.map((request): [string, Column] => [
        requestKey(request),
        columnOf(request, cells[request.column] ?? []),
      ]),
    ),
  };
  return { name, prepared, table, data };
}

const side = (name: string) => ({ name, project: "p", report: null, data: file, model: null });

async function compare(
  a: ComparedRun,
  b: ComparedRun,
  options: { replicates?: number; seed?: number; minCount?: number } = {},
) {
  const result = await compareRuns(
    a,
    b,
    { a: side(a.name), b: side(b.name) },
    { device, signal: new AbortController().signal, replicates: 2000, ...options },
  );
  if (!("comparison" in result)) throw new Error(result.unpaired.en);
  expect(() => Comparison.parse(result.comparison)).not.toThrow();
  return result.comparison;
}

const of = (
  measures: readonly ComparedMeasure[],
  metric: string,
  place: Partial<ComparedMeasure> = {},
): ComparedMeasure => {
  const found = measures.filter(
    (one) => one.metric === metric && JSON.stringify([one.group, one.by]) === JSON.stringify([place.group, place.by]),
  );
  expect(found, metric).toHaveLength(1);
  return found[0] as ComparedMeasure;
};

/** Rows of (group, label, a, b) × count. */
function rowsOf(cells: readonly (readonly [string, number, number, number, number])[]): Cells {
  const rows = cells.flatMap(([group, label, a, b, count]) =>
    Array.from({ length: count }, () => ({ group, label, a, b })),
  );
  return {
    group: rows.map((row) => row.group),
    label: rows.map((row) => row.label),
    a: rows.map((row) => row.a),
    b: rows.map((row) => row.b),
    id: rows.map((_, index) => `r${index}`),
  };
}

const columnsOf = (decision: string, more: Partial<PlanInput["columns"]> = {}): PlanInput["columns"] => ({
  label: "label",
  positive: 1,
  decision,
  protected: ["group"],
  ...more,
});

function both(cells: Cells, more: Partial<PlanInput["columns"]> = {}): [ComparedRun, ComparedRun] {
  return [runOf("old", cells, columnsOf("a", more)), runOf("new", cells, columnsOf("b", more))];
}

describe("a comparison of two decisions on the same rows", () => {
  it("gives McNemar's exact p of Agresti's table of approval ratings, with the share of rows that changed sides", async () => {
    // Agresti, Categorical Data Analysis (2013), table 11.1; p = 2 · P(Binomial(236, ½) ≤ 86) by scipy 1.10.
    const [a, b] = both(
      rowsOf([
        ["x", 1, 1, 1, 794],
        ["x", 1, 1, 0, 150],
        ["x", 1, 0, 1, 86],
        ["x", 1, 0, 0, 570],
      ]),
    );
    const { measures, verdict } = await compare(a, b);
    const rate = of(measures, "selection-rate");
    expect(rate.p).toBeCloseTo(3.715936139571387e-5, 12);
    expect(rate.difference).toBeCloseTo((86 - 150) / 1600, 12);
    expect(rate).toMatchObject({ method: "mcnemar", n: 1600, verdict: "changed" });
    expect(of(measures, "true-positive-rate").verdict).toBe("regressed");
    expect(verdict).toBe("regressed");
    // Nobody has a negative label: what needs one is unknown, and says why.
    expect(of(measures, "false-positive-rate")).toMatchObject({ difference: null, verdict: "unknown" });
    expect(of(measures, "false-positive-rate").reason).toBeTruthy();
  });

  it("of equal decisions says so, and claims nothing", async () => {
    const cells = rowsOf([
      ["x", 1, 1, 1, 40],
      ["x", 0, 0, 0, 60],
      ["y", 1, 0, 0, 50],
      ["y", 0, 1, 1, 30],
    ]);
    const { verdict, measures, findings } = await compare(...both(cells));
    expect(verdict).toBe("same");
    expect(measures.every((one) => one.difference === 0 || one.difference === null)).toBe(true);
    expect(measures.filter((one) => one.verdict === "improved" || one.verdict === "regressed")).toEqual([]);
    expect(findings.map(({ id }) => id)).toEqual(["same"]);
  });

  it("finds which group got worse and that the gap grew, in both languages", async () => {
    const cells = rowsOf([
      ["x", 0, 0, 0, 450],
      ["x", 0, 1, 1, 50],
      ["x", 1, 1, 1, 400],
      ["x", 1, 0, 0, 100],
      ["y", 0, 0, 0, 300],
      ["y", 0, 0, 1, 150],
      ["y", 0, 1, 1, 50],
      ["y", 1, 1, 1, 400],
      ["y", 1, 0, 0, 100],
    ]);
    const { measures, verdict, findings } = await compare(...both(cells));
    expect(of(measures, "false-positive-rate", { group: { group: "y" } })).toMatchObject({
      verdict: "regressed",
      n: 500,
    });
    expect(of(measures, "false-positive-rate", { group: { group: "x" } }).verdict).toBe("no-evidence");
    const gap = of(measures, "false-positive-rate-difference", { by: ["group"] });
    expect(gap.a.value).toBeCloseTo(0, 12);
    expect(gap.b.value).toBeCloseTo(0.3, 12);
    expect(gap.verdict).toBe("regressed");
    expect(of(measures, "equalized-odds-difference", { by: ["group"] }).difference).toBeCloseTo(0.3, 12);
    expect(of(measures, "demographic-parity-difference", { by: ["group"] }).verdict).toBe("regressed");
    expect(verdict).toBe("regressed");
    const text = findings.find(({ id }) => id.startsWith("false-positive-rate-regressed"))?.text;
    expect(text?.en).toMatch(/^\*\*False-positive rate got worse/);
    expect(text?.["zh-CN"]).toMatch(/假正例率变差/);
  });

  it.each([{}, { weight: "w" }])(
    "holds 0 of every number that its test does not reject, of rows with %o",
    async (more) => {
      let tested = 0;
      for (let seed = 1; seed <= 12; seed++) {
        const random = new PhiloxStream(seed, 31);
        const one = (chance: number): number => (random.uniform() < chance ? 1 : 0);
        const cells = rowsOf(
          Array.from({ length: 40 + 4 * seed }, () => {
            const label = one(0.5);
            const a = one(0.3 + 0.4 * label);
            return ["xyz".charAt(Math.floor(random.uniform() * 3)), label, a, one(0.3) === 1 ? 1 - a : a, 1] as const;
          }),
        );
        const weighted = { ...cells, w: cells.a?.map(() => 1 + Math.floor(random.uniform() * 3)) ?? [] };
        const { measures, confidence } = await compare(...both(weighted, more), { replicates: 199, seed, minCount: 0 });
        for (const { metric, low, high, p, group, by } of measures) {
          if (low === undefined || high === undefined || p === undefined || p <= 1 - confidence) continue;
          tested++;
          expect(low <= 0 && high >= 0, JSON.stringify({ seed, metric, group, by, low, high, p })).toBe(true);
        }
      }
      expect(tested).toBeGreaterThan(300);
    },
  );

  it("pairs rows by id whatever their order and files, and tells the rows of one side alone", async () => {
    const cells = rowsOf([
      ["x", 1, 1, 1, 30],
      ["x", 0, 1, 0, 20],
      ["y", 0, 0, 1, 5],
      ["y", 1, 1, 1, 40],
    ]);
    const turned: Cells = Object.fromEntries(
      Object.entries(cells).map(([name, values]) => [name, [...values].reverse().slice(10)]),
    );
    const a = runOf("old", cells, columnsOf("a", { id: "id" }));
    const b = runOf("new", turned, columnsOf("b", { id: "id" }), `sha256:${"2".repeat(64)}`);
    const { pairing, measures } = await compare(a, b);
    expect(pairing).toEqual({ kind: "id", column: "id", rows: 85, onlyA: 10, onlyB: 0, disagree: 0 });
    const direct = await compare(
      ...both(Object.fromEntries(Object.entries(cells).map(([name, values]) => [name, values.slice(0, 85)]))),
    );
    const plain = (list: readonly ComparedMeasure[]) =>
      list.map(({ metric, group, difference, p }) => ({ metric, group, difference, p }));
    expect(plain(measures)).toEqual(plain(direct.measures));
  });

  it("leaves out rows whose label or group the two do not agree on, and says how many", async () => {
    const cells = rowsOf([
      ["x", 1, 1, 1, 50],
      ["y", 0, 0, 1, 50],
    ]);
    const [a] = both(cells);
    const b = runOf(
      "new",
      { ...cells, label: (cells.label ?? []).map((value, row) => (row < 7 ? 0 : value)) },
      columnsOf("b"),
    );
    const { pairing } = await compare(a, b);
    expect(pairing).toMatchObject({ rows: 93, disagree: 7 });
  });

  it("calls two sides the same only on the rows that both have", async () => {
    const cells = rowsOf([["x", 1, 1, 1, 60]]);
    const a = runOf("old", cells, columnsOf("a", { id: "id" }));
    const some = Object.fromEntries(Object.entries(cells).map(([name, values]) => [name, values.slice(0, 40)]));
    const b = runOf("new", some, columnsOf("b", { id: "id" }), `sha256:${"2".repeat(64)}`);
    const { verdict, findings } = await compare(a, b);
    expect(verdict).toBe("same");
    expect(findings).toEqual([
      expect.objectContaining({
        verdict: "indeterminate",
        text: expect.objectContaining({
          en: expect.stringMatching(/40 rows the same decision\. 20 more rows were not/),
        }),
      }),
    ]);
  });

  it("does not pair rows where a plan withholds small cells", async () => {
    const [a, b] = both(rowsOf([["x", 1, 1, 1, 60]]));
    const withheld = { ...b, prepared: { ...b.prepared, plan: { ...b.prepared.plan, suppress_below: 5 } } };
    const options = { device, signal: new AbortController().signal };
    expect(await compareRuns(a, withheld, { a: side("old"), b: side("new") }, options)).toMatchObject({
      unpaired: { en: expect.stringMatching(/suppress_below/) },
    });
  });

  it("does not pair different files without ids, other rows of one file, or a repeated id", async () => {
    const cells = rowsOf([
      ["x", 1, 1, 1, 50],
      ["y", 0, 0, 1, 50],
    ]);
    const [a] = both(cells);
    const other = runOf("new", cells, columnsOf("b"), `sha256:${"2".repeat(64)}`);
    const options = { device, signal: new AbortController().signal };
    const sides = { a: side("old"), b: side("new") };
    expect(await compareRuns(a, other, sides, options)).toMatchObject({
      unpaired: { en: expect.stringMatching(/columns\.id/) },
    });
    const twice = { ...cells, id: (cells.id ?? []).map((id, row) => (row === 3 ? "r1" : id)) };
    const [x, y] = both(twice, { id: "id" });
    await expect(compareRuns(x, y, sides, options)).rejects.toThrow(/old: rows 2 and 4 .* same id/);
  });

  it("stops when it is cancelled", async () => {
    const [a, b] = both(
      rowsOf([
        ["x", 1, 1, 0, 50],
        ["y", 0, 0, 1, 50],
      ]),
    );
    const stop = AbortSignal.abort();
    await expect(compareRuns(a, b, { a: side("a"), b: side("b") }, { device, signal: stop })).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  it("of weighted rows gives the differences of weights of one as plain rows do, and of the weighted shares", async () => {
    const cells = rowsOf([
      ["x", 1, 1, 1, 400],
      ["x", 1, 0, 1, 60],
      ["x", 0, 1, 0, 90],
      ["x", 0, 0, 0, 350],
      ["y", 1, 1, 0, 30],
      ["y", 0, 0, 0, 200],
    ]);
    const plain = await compare(...both(cells));
    const ones = { ...cells, w: (cells.id ?? []).map(() => 1) };
    const weighted = await compare(...both(ones, { weight: "w" }));
    for (const metric of ["accuracy", "f1", "mcc", "positive-predictive-value"]) {
      const [one, other] = [of(plain.measures, metric), of(weighted.measures, metric)];
      expect(other.difference).toBeCloseTo(one.difference ?? 9, 12);
      expect(other.method).toBe("linearised");
      // Both are asymptotically the same interval; at 1,130 rows they agree to a sixth of its width.
      const width = (one.high ?? 0) - (one.low ?? 0);
      expect(Math.abs((other.low ?? 9) - (one.low ?? 0))).toBeLessThan(width / 6);
      expect(Math.abs((other.high ?? 9) - (one.high ?? 0))).toBeLessThan(width / 6);
    }
  });
});

describe("the exchange test", () => {
  const named = (name: string): Metric => {
    const metric = comparedMetrics.find((one) => one.name === name);
    if (metric === undefined) throw new Error(`no metric ${name}`);
    return metric;
  };
  const group = (counts: Float64Array) => ({ values: ["x"], counts, weights: null });
  const exchangesOf = (counts: Float64Array, replicates: number): GroupDraws => ({
    bootstrap: new Uint32Array(12),
    exchange: exchangeDraws(counts, { device, replicates, seed: 3, stream: 0 }),
  });

  it("gives the p of all exchanges of a small table within its Monte-Carlo error", () => {
    // Rows that differ: 4 of label 1 where only a is positive, 1 where only b is; 2 of label 0 where only b is.
    const counts = Float64Array.of(0, 0, 0, 0, 30, 6, 0, 10, 20, 1, 4, 50);
    /** Precision of b less that of a, over its error by the delta method with slopes by differences. */
    const statistic = (table: Float64Array): number => {
      const cells = table.map((count, cell) => count + ([1, 2].includes(cell % 4) ? 0.5 : 0));
      const difference = (of: Float64Array): number => {
        const [, , , , , fpB = 0, fpA = 0, fp = 0, , tpB = 0, tpA = 0, tp = 0] = of;
        return (tp + tpB) / (tp + tpB + fp + fpB) - (tp + tpA) / (tp + tpA + fp + fpA);
      };
      const spread = cells.map((count) => count + 1 / 8);
      let variance = 0;
      for (let cell = 4; cell < 12; cell++) {
        const [up, down] = [spread.slice(), spread.slice()];
        up[cell] = (up[cell] ?? 0) + 1e-5;
        down[cell] = (down[cell] ?? 0) - 1e-5;
        variance += ((difference(up) - difference(down)) / 2e-5) ** 2 * (spread[cell] ?? 0);
      }
      return Math.abs(difference(cells)) / Math.sqrt(variance);
    };
    const observed = statistic(counts);
    let extreme = 0;
    for (let k1 = 0; k1 <= 5; k1++) {
      for (let k0 = 0; k0 <= 6; k0++) {
        const table = Float64Array.from(counts);
        [table[9], table[10], table[5], table[6]] = [k1, 5 - k1, k0, 6 - k0];
        if (statistic(table) >= observed * (1 - 1e-6)) extreme += (choose(5, k1) * choose(6, k0)) / 2 ** 11;
      }
    }
    const { p } = pairedDifference(
      named("positive-predictive-value"),
      group(counts),
      exchangesOf(counts, 40_000),
      0.95,
    );
    // Whichever is more careful: all exchanges, or the normal law. Four standard errors.
    const asked = Math.max(extreme, 2 * normalCdf(-observed));
    expect(extreme).toBeGreaterThan(0.0005);
    expect(Math.abs((p ?? 0) - asked)).toBeLessThan(4 * Math.sqrt((extreme * (1 - extreme)) / 40_000) + 1e-4);
  });

  it.each([
    [3, 2 / 2 ** 3, false],
    [6, 2 / 2 ** 6, true],
    [12, 2 / 2 ** 12, true],
  ] as const)(
    "of %i rows that differ, all in one's favour, has one answer: its interval and its p agree",
    (rows, exact, isShown) => {
      // So many positives that b finds and a does not; both agree on the rest.
      const counts = Float64Array.of(0, 0, 0, 0, 120, 0, 0, 20, 20, rows, 0, 60);
      for (const name of ["f1", "mcc", "cohen-kappa", "balanced-accuracy", "positive-predictive-value"]) {
        const { value, interval, p, method } = pairedDifference(
          named(name),
          group(counts),
          exchangesOf(counts, 9999),
          0.95,
        );
        expect(method).toBe("paired-exchange");
        expect(value).toBeGreaterThan(0);
        // No smaller than the share of exchanges that are as one-sided, less four standard errors.
        expect(p).toBeGreaterThan(exact - 4 * Math.sqrt(exact / 9999));
        if (rows === 3) expect(p).toBeGreaterThan(0.2);
        expect((p ?? 1) <= 0.05, name).toBe((interval?.low ?? -1) > 0);
        if (name !== "positive-predictive-value") expect((p ?? 1) <= 0.05, name).toBe(isShown);
      }
    },
  );

  it("agrees with its interval on any table, at any level", () => {
    const random = new PhiloxStream(21, 1);
    for (let table = 0; table < 60; table++) {
      const counts = Float64Array.from({ length: 12 }, (_, cell) => {
        const isDiscordant = [1, 2].includes(cell % 4);
        return cell < 4 ? 0 : Math.floor(random.uniform() * (isDiscordant ? 9 : 40));
      });
      const draws = exchangesOf(counts, 199);
      for (const name of ["f1", "mcc", "positive-predictive-value"]) {
        for (const confidence of [0.8, 0.9, 0.95]) {
          const { interval, p } = pairedDifference(named(name), group(counts), draws, confidence);
          if (interval === null || p === null) continue;
          const isOut = interval.low > 0 || interval.high < 0;
          expect(isOut, `${name} of ${counts.join()} at ${confidence}: p ${p}`).toBe(p <= 1 - confidence + 1e-12);
        }
      }
    }
  });

  it("claims a difference of equal deciders in no more runs than it says, for gaps too", async () => {
    const random = new PhiloxStream(11, 1);
    let claims = 0;
    const runs = 60;
    for (let run = 0; run < runs; run++) {
      const cells = rowsOf(
        (["x", "y"] as const).flatMap((group) =>
          ([0, 1] as const).flatMap((label) => {
            const tables = [0, 0, 0, 0];
            for (let row = 0; row < 120; row++) {
              const chance = label === 1 ? 0.7 : group === "x" ? 0.2 : 0.35;
              const place = (random.uniform() < chance ? 2 : 0) + (random.uniform() < chance ? 1 : 0);
              tables[place] = (tables[place] ?? 0) + 1;
            }
            return tables.map((count, place) => [group, label, place >> 1, place & 1, count] as const);
          }),
        ),
      );
      const { measures } = await compare(...both(cells), { replicates: 300, seed: run });
      const tested = measures.filter(
        (one) => one.verdict === "improved" || one.verdict === "regressed" || one.verdict === "changed",
      );
      if (tested.length > 0) claims++;
    }
    // Two families of Holm at 5 % each: at most 10 % of runs, and three standard errors.
    expect(claims / runs).toBeLessThan(0.1 + 3 * Math.sqrt((0.1 * 0.9) / runs));
  });
});

describe("deciders that differ in all but the number tested", () => {
  /** Label, decision of a, decision of b: both have a predictive value of `value`; b decides half as many positive. */
  function drawn(random: PhiloxStream, value: number, rows: number): Float64Array {
    const chances = [0.6 * value * 0.4, 0.6 * value * 0.6, 0.6 * (1 - value) * 0.4, 0.6 * (1 - value) * 0.6];
    // Cells: label 1 with a only, with both; label 0 with a only, with both; the rest neither.
    const places = [10, 11, 6, 7];
    const counts = new Float64Array(12);
    for (let row = 0; row < rows; row++) {
      let u = random.uniform();
      let place = random.uniform() < 0.5 ? 8 : 4;
      for (const [index, chance] of chances.entries()) {
        if (u >= 0 && u < chance) place = places[index] ?? 0;
        u -= chance;
      }
      counts[place] = (counts[place] ?? 0) + 1;
    }
    return counts;
  }
  const group = (counts: Float64Array) => ({ values: ["x"], counts, weights: null });
  const metric = comparedMetrics.find(({ name }) => name === "positive-predictive-value");
  const drawsOf = async (counts: Float64Array, seed: number, stream: number): Promise<GroupDraws> => {
    const options = { device, replicates: 400, seed, stream };
    return { bootstrap: await bootstrapDraws(counts, options), exchange: exchangeDraws(counts, options) };
  };

  it("hold the size of the test, and cover the difference of 0, of a value and of a gap", async () => {
    if (metric === undefined) throw new Error("no such metric");
    const random = new PhiloxStream(5, 2);
    const runs = 400;
    const found = { value: 0, covered: 0, gap: 0, gapCovered: 0 };
    for (let run = 0; run < runs; run++) {
      const x = group(drawn(random, 0.8, 400));
      const y = group(drawn(random, 0.55, 400));
      const draws = new Map([
        [x, await drawsOf(x.counts, run, 0)],
        [y, await drawsOf(y.counts, run, 2)],
      ]);
      const one = pairedDifference(metric, x, draws.get(x) ?? null, 0.95);
      if ((one.p ?? 1) <= 0.05) found.value++;
      if ((one.interval?.low ?? 1) <= 0 && (one.interval?.high ?? -1) >= 0) found.covered++;
      const [gap] = pairedGaps([metric], [x, y], (of) => draws.get(of) as GroupDraws, 0.95);
      if ((gap?.p ?? 1) <= 0.05) found.gap++;
      if ((gap?.interval.low ?? 1) <= 0 && (gap?.interval.high ?? -1) >= 0) found.gapCovered++;
    }
    // Three standard errors of 400 runs at 5 %, and half a point for 400 draws.
    const slack = 3 * Math.sqrt((0.05 * 0.95) / runs) + 0.005;
    expect(found.value / runs).toBeLessThan(0.05 + slack);
    expect(found.gap / runs).toBeLessThan(0.05 + slack);
    expect(found.covered / runs).toBeGreaterThan(0.95 - slack);
    expect(found.gapCovered / runs).toBeGreaterThan(0.95 - slack);
  }, 120_000);
});

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k;
}
