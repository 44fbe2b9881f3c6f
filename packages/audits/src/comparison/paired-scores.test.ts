import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { type Column, requestKey } from "@assay/dataset";
import { type ComparedMeasure, Comparison, checkPlan, type Digest, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preparePlan } from "../prepare.ts";
import { criticalValue, normalCdf, normalQuantile, pairedAuc, pairedLoss } from "../statistics/index.ts";
import { type Cells, columnOf } from "../testing/run-cells.ts";
import { compareRuns } from "./compare-runs.ts";
import type { ComparedRun } from "./pair-rows.ts";
import fixture from "./paired-scores.json" with { type: "json" };
import { forComparison } from "./requests.ts";

/**
 * Albumin, total protein, K-G score and outcome of the 43 patients of DeLong, DeLong and Clarke-Pearson (1988) without a missing
 * value, as SAS/STAT prints them in the example "Comparing Receiver Operating Characteristic Curves" of PROC LOGISTIC.
 */
const patients = `
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1  3.8 5.7 5 1
3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0  2.3 4.4 6 1  4.2 7.6 4 0
4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1  3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1
4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0  3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1
2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1  3.3 5.7 6 1  3.7 6.9 5 1  3.6 6.6 5 1`
  .trim()
  .split(/\s+/)
  .map(Number);
const patient = (column: number) => Float64Array.from({ length: 43 }, (_, row) => patients[row * 4 + column] ?? 0);

describe("DeLong's paired test", () => {
  const labels = Uint8Array.from(patient(3));
  const kg = patient(2).map((score) => 10 - score);
  // Areas, difference, standard error, 95 % limits, chi-square and p as SAS/STAT prints them, to four digits.
  it.each([
    ["albumin", 0, 0.0108, 0.0953, -0.1761, 0.1976, 0.0127, 0.9102],
    ["total protein", 1, -0.078, 0.1046, -0.283, 0.1271, 0.5554, 0.4561],
  ] as const)("gives the published numbers of %s against the K-G score", (_, column, ...expected) => {
    const found = pairedAuc({ a: kg, b: patient(column), labels, weights: null }, 0.95);
    if (found === null) throw new Error("no areas");
    const { value, standardError, interval, p } = found;
    const told = [value, standardError, interval.low, interval.high, (value / standardError) ** 2, p];
    for (const [place, number] of expected.entries()) {
      expect(Math.abs((told[place] ?? 9) - number), `number ${place}`).toBeLessThanOrEqual(0.00005 + 1e-12);
    }
  });

  it("of weights of two is that of every row twice, but for the rows that the variance counts", () => {
    const twice = (values: Float64Array) => Float64Array.from([...values, ...values]);
    const doubled = pairedAuc(
      { a: twice(kg), b: twice(patient(0)), labels: Uint8Array.from([...labels, ...labels]), weights: null },
      0.95,
    );
    const weighted = pairedAuc({ a: kg, b: patient(0), labels, weights: new Float64Array(43).fill(2) }, 0.95);
    const plain = pairedAuc({ a: kg, b: patient(0), labels, weights: null }, 0.95);
    expect(weighted?.value).toBeCloseTo(doubled?.value ?? 9, 12);
    expect(weighted?.standardError).toBeCloseTo(plain?.standardError ?? 9, 12);
  });

  it("claims nothing that a few rows cannot tell: equal scores, perfect against reversed, one row of a label", () => {
    const scores = Float64Array.of(1, 2, 3, 4);
    const ends = Uint8Array.of(0, 0, 1, 1);
    const same = pairedAuc({ a: scores, b: scores, labels: ends, weights: null }, 0.95);
    expect(same).toMatchObject({ value: 0, p: 1 });
    expect(same?.interval.low).toBeLessThan(-0.5);
    expect(same?.interval.high).toBeGreaterThan(0.5);
    const turned = pairedAuc({ a: scores.map((one) => -one), b: scores, labels: ends, weights: null }, 0.95);
    // All move by 1: of four exchanges of two rows, two are as extreme.
    expect(turned).toMatchObject({ value: 1, p: 0.5 });
    expect(turned?.interval.low).toBeLessThan(0);
    const one = pairedAuc(
      { a: scores, b: scores.map((x) => -x), labels: Uint8Array.of(0, 0, 0, 1), weights: null },
      0.95,
    );
    expect(one).toMatchObject({ p: 1, interval: { low: -1, high: 1 } });
    expect(pairedAuc({ a: scores, b: scores, labels: new Uint8Array(4), weights: null }, 0.95)).toBeNull();
  });
});

describe("scores that are as good as each other", () => {
  const normal = (random: PhiloxStream): number =>
    normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random.uniform())));

  it("differ by chance in no more draws than the level says, and intervals hold the difference of 0", () => {
    const random = new PhiloxStream(23, 4);
    const runs = 600;
    const found = { auc: 0, aucOut: 0, brier: 0, brierOut: 0 };
    for (let run = 0; run < runs; run++) {
      const rows = 120;
      const labels = Uint8Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? 1 : 0));
      const shared = Float64Array.from(labels, (label) => label + normal(random));
      const score = () => shared.map((one) => normalCdf((one + normal(random)) / 2));
      const pairs = { a: score(), b: score(), labels, weights: null };
      const auc = pairedAuc(pairs, 0.95);
      const loss = (scores: Float64Array, row: number) => ((scores[row] ?? 0) - (labels[row] ?? 0)) ** 2;
      const brier = pairedLoss(
        pairs.a.map((_, row) => loss(pairs.b, row) - loss(pairs.a, row)),
        null,
        0.95,
        1,
      );
      if (auc === null || brier === null) throw new Error("nothing to compare");
      if (auc.p <= 0.05) found.auc++;
      if (auc.interval.low > 0 || auc.interval.high < 0) found.aucOut++;
      if (brier.p <= 0.05) found.brier++;
      if (brier.interval.low > 0 || brier.interval.high < 0) found.brierOut++;
    }
    // Three standard errors of 600 draws at 5 %; and not so few that the test could never claim anything.
    const slack = criticalValue(0.9973) * Math.sqrt((0.05 * 0.95) / runs);
    for (const [name, count] of Object.entries(found)) {
      expect(count / runs, name).toBeLessThan(0.05 + slack);
      expect(count / runs, name).toBeGreaterThan(0.05 - slack);
    }
  });
});

describe("a comparison of two runs with scores", () => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice("cpu");
  });
  afterAll(() => device.dispose());

  const file = `sha256:${"1".repeat(64)}` as Digest;
  const rows = fixture.rows as [string, number, number, number][];
  const cells: Cells = {
    id: rows.map((_, row) => `r${row}`),
    group: rows.map(([group]) => group),
    label: rows.map(([, label]) => label),
    a: rows.map(([, , a]) => a),
    b: rows.map(([, , , b]) => b),
    da: rows.map(([, , a]) => (a >= 0.5 ? 1 : 0)),
    db: rows.map(([, , , b]) => (b >= 0.5 ? 1 : 0)),
  };

  function runOf(name: string, given: Cells, columns: PlanInput["columns"]): ComparedRun {
    const known = Object.entries(given).map(([column, values]) => ({
      name: column,
      type: values.every((value) => value === null || typeof value === "number")
        ? ("number" as const)
        : ("text" as const),
    }));
    const plan = checkPlan({ version: 1, data: { file: "x.csv" }, columns, audits: { "fairness.group-metrics": {} } });
    const prepared = forComparison(preparePlan(plan, known));
    const table = {
      rows: Object.values(given)[0]?.length ?? 0,
      counts: null,
      columns: Object.fromEntries(
        prepared.requests.map((request): [string, Column] => [
          requestKey(request),
          columnOf(request, given[request.column] ?? []),
        ]),
      ),
    };
    return { name, prepared, table, data: file };
  }
  const roles = (decision: string, score?: string, more: object = {}): PlanInput["columns"] => ({
    ...{ label: "label", positive: 1, decision, protected: ["group"] },
    ...(score === undefined ? {} : { score }),
    ...more,
  });
  async function compare(a: ComparedRun, b: ComparedRun): Promise<Comparison> {
    const side = (name: string) => ({ name, project: "p", report: null, data: file, model: null });
    const options = { device, signal: new AbortController().signal, replicates: 200 };
    const result = await compareRuns(a, b, { a: side("a"), b: side("b") }, options);
    if (!("comparison" in result)) throw new Error(result.unpaired.en);
    return Comparison.parse(result.comparison);
  }
  const find = ({ measures }: Comparison, metric: string, group?: string): ComparedMeasure | undefined =>
    measures.find((one) => one.metric === metric && one.by === undefined && one.group?.group === group);

  it("gives scikit-learn's numbers of both sides and the paired differences, of all and of every group", async () => {
    const comparison = await compare(runOf("old", cells, roles("da", "a")), runOf("new", cells, roles("db", "b")));
    for (const [name, group] of [
      ["all", undefined],
      ["x", "x"],
      ["y", "y"],
    ] as const) {
      for (const [metric, [a, b, difference, error, p]] of Object.entries(fixture[name])) {
        const found = find(comparison, metric, group);
        // scikit-learn's log loss sums in another order; all else is the same to rounding.
        expect(found?.a.value, `${metric} ${name}`).toBeCloseTo(a ?? 9, 10);
        expect(found?.b.value, `${metric} ${name}`).toBeCloseTo(b ?? 9, 10);
        expect(found?.difference, `${metric} ${name}`).toBeCloseTo(difference ?? 9, 10);
        expect(found?.p, `${metric} ${name}`).toBeCloseTo(p ?? 9, 8);
        const half = ((found?.high ?? 0) - (found?.low ?? 0)) / 2;
        expect(half / (error ?? 1), `${metric} ${name}`).toBeGreaterThan(1.95);
        expect(half / (error ?? 1), `${metric} ${name}`).toBeLessThan(2.01);
        expect(found?.method).toBe(metric === "roc-auc" ? "paired-delong" : "paired-moments");
      }
    }
    expect(find(comparison, "roc-auc")?.verdict).toBe("improved");
    expect(find(comparison, "brier-score")?.verdict).toBe("improved");
    const claim = comparison.findings.find(({ id }) => id.startsWith("roc-auc-improved"));
    expect(claim?.text.en).toMatch(/^\*\*ROC AUC improved/);
    expect(claim?.text["zh-CN"]).toMatch(/ROC 曲线下面积改善/);
  });

  it("needs a score on both sides, and probabilities where the metric does", async () => {
    const without = await compare(runOf("old", cells, roles("da", "a")), runOf("new", cells, roles("db")));
    expect(without.measures.some(({ metric }) => metric === "roc-auc")).toBe(false);
    const raw = { ...cells, b: (cells.b ?? []).map((score) => Number(score) * 10) };
    const scaled = await compare(runOf("old", cells, roles("da", "a")), runOf("new", raw, roles("db", "b")));
    expect(find(scaled, "brier-score")).toMatchObject({
      difference: null,
      verdict: "unknown",
      reason: "score outside [0, 1] is no probability",
    });
    // Ranks do not ask for probabilities.
    expect(find(scaled, "roc-auc")?.difference).toBeCloseTo(fixture.all["roc-auc"][2] ?? 9, 10);
  });

  it("leaves out rows without a score on a side, whatever their order, and calls equal scores the same", async () => {
    const holes = { ...cells, a: (cells.a ?? []).map((score, row) => (row < 10 ? null : score)) };
    const turned: Cells = Object.fromEntries(
      Object.entries(cells).map(([name, values]) => [name, [...values].reverse()]),
    );
    const named = { id: "id" };
    const comparison = await compare(
      runOf("old", holes, roles("da", "a", named)),
      runOf("new", turned, roles("db", "b", named)),
    );
    expect(find(comparison, "roc-auc")?.n).toBe(rows.length - 10);
    expect(find(comparison, "accuracy")?.n).toBe(rows.length);
    const same = await compare(
      runOf("old", cells, roles("da", "a", named)),
      runOf("new", turned, roles("da", "a", named)),
    );
    expect(same.verdict).toBe("same");
    const moved = { ...cells, a: (cells.a ?? []).map((score) => Number(score) / 2) };
    const other = await compare(runOf("old", cells, roles("da", "a")), runOf("new", moved, roles("da", "a")));
    expect(other.verdict).not.toBe("same");
    expect(find(other, "roc-auc")).toMatchObject({ difference: 0, p: 1, verdict: "no-evidence" });
  });
});
