import { openDevice } from "@assay/compute";
import { type CodedTable, type Column, requestKey } from "@assay/dataset";
import { checkPlan, type Measure, type PlanInput, type ReportBody } from "@assay/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inProcess } from "../executors/in-process.ts";
import { preparePlan } from "../prepare.ts";
import { runAudits } from "../run.ts";
import { cutShards } from "../shards.ts";
import { type Cells, columnOf } from "../testing/run-cells.ts";
import { Attack, type Row } from "./attack.testing.ts";
import { suppressSmallCells } from "./suppress.ts";

const device = await openDevice("cpu");

async function bodyOf(cells: Cells, columns: PlanInput["columns"], rest: Partial<PlanInput> = {}): Promise<ReportBody> {
  const known = Object.keys(cells).map((name) => ({
    name,
    type: name === "score" ? ("number" as const) : ("text" as const),
  }));
  const rows = Object.values(cells)[0]?.length ?? 0;
  const plan = checkPlan({ version: 1, data: { file: "rows.csv" }, columns, seed: 7, ...rest });
  const prepared = preparePlan(plan, known);
  const table: CodedTable = {
    rows,
    counts: null,
    columns: Object.fromEntries(
      prepared.requests.map((request): [string, Column] => [
        requestKey(request),
        columnOf(request, cells[request.column] ?? []),
      ]),
    ),
  };
  const { body } = await runAudits({
    prepared,
    data: {
      rows,
      rowsRead: rows,
      digest: `sha256:${"0".repeat(64)}`,
      format: "csv",
      encoding: "utf-8",
      columns: [],
      warnings: [],
    },
    shards: cutShards(rows, 1),
    executor: inProcess({ prepared, table, device }),
    device,
    signal: new AbortController().signal,
  });
  expect(body.audits.filter(({ status }) => status === "failed")).toEqual([]);
  return body;
}

function cellsFrom(rows: readonly Row[]): Cells {
  return {
    race: rows.map(({ race }) => race),
    sex: rows.map(({ sex }) => sex),
    label: rows.map(({ label }) => label),
    decision: rows.map(({ decision }) => decision),
  };
}

const columns: PlanInput["columns"] = {
  positive: "1",
  label: "label",
  decision: "decision",
  protected: ["race", "sex"],
};
const audits: PlanInput["audits"] = {
  "fairness.group-metrics": { replicates: 200 },
  "fairness.impact-ratio": {},
  "fairness.representation": {},
  "impact.classification": { replicates: 200 },
};

/** Tables with large and small groups: a size for every cell, most of them large enough. */
const tables = fc.record({
  below: fc.integer({ min: 3, max: 10 }),
  sizes: fc.array(
    fc.tuple(
      fc.constantFrom("a", "b", "c", "d"),
      fc.constantFrom("f", "m", "x"),
      fc.constantFrom("0", "1"),
      fc.constantFrom("0", "1"),
      fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 10, max: 60 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }) },
      ),
    ),
    { minLength: 8, maxLength: 40 },
  ),
});

function rowsOf(sizes: readonly (readonly [string, string, string, string, number])[]): Row[] {
  return sizes.flatMap(([race, sex, label, decision, size]) =>
    Array.from({ length: size }, (): Row => ({ race, sex, label, decision })),
  );
}

describe("small cells", () => {
  it("do not tell how many of a group lack a score, by the numbers of two audits", async () => {
    const of = (race: string, scored: number, bare: number) =>
      Array.from({ length: scored + bare }, (_, row) => ({
        race,
        decision: String(row % 2),
        score: row < scored ? (row % 10) / 10 : null,
      }));
    const rows = [...of("a", 200, 0), ...of("b", 300, 3)];
    const cells: Cells = {
      race: rows.map(({ race }) => race),
      decision: rows.map(({ decision }) => decision),
      score: rows.map(({ score }) => score),
    };
    const roles: PlanInput["columns"] = { positive: "1", decision: "decision", score: "score", protected: ["race"] };
    const body = await bodyOf(cells, roles, {
      audits: { "fairness.impact-ratio": {}, "fairness.representation": {} },
    });
    const people = (told: ReportBody, race: string) =>
      told.audits
        .flatMap(({ measures }) => measures)
        .filter(({ metric, group }) => group?.race === race && (metric === "count" || metric === "scoring-rate"))
        .map(({ metric, value, n }) => (metric === "count" ? value : (n ?? null)));
    expect(new Set(people(body, "b"))).toEqual(new Set([303, 300]));
    const told = suppressSmallCells(body, 5).body;
    expect(new Set(people(told, "b").filter((one) => one !== null)).size).toBeLessThan(2);
    expect(people(told, "a")).toContain(200);
  });

  it("leave no number of fewer people than the bound, told or to be solved for", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ below, sizes }) => {
        const rows = rowsOf(sizes);
        const body = await bodyOf(cellsFrom(rows), columns, { audits });
        const told = suppressSmallCells(body, below);
        const attack = new Attack(rows, below);
        expect(attack.toldBy(told.body)).toEqual([]);
        expect(attack.solvedFrom(told.body)).toEqual([]);
        // What is withheld once needs no more.
        expect(suppressSmallCells(told.body, below)).toMatchObject({ withheld: null, body: told.body });
      }),
      { numRuns: 8, seed: 2026, endOnFailure: true },
    );
  });

  it("are found by the same attack where nothing is withheld", async () => {
    const rows = rowsOf([
      ["a", "f", "1", "1", 40],
      ["a", "m", "0", "0", 40],
      ["b", "f", "1", "0", 2],
      ["b", "m", "0", "1", 30],
    ]);
    const body = await bodyOf(cellsFrom(rows), columns, { audits });
    const attack = new Attack(rows, 5);
    expect(attack.toldBy(body).length).toBeGreaterThan(0);
    expect(attack.solvedFrom(body).length).toBeGreaterThan(0);
  });

  it("leave a report without any as it is, to the byte", async () => {
    const rows = rowsOf(
      ["a", "b"].flatMap((race) =>
        ["f", "m"].flatMap((sex) =>
          ["0", "1"].flatMap((label) =>
            ["0", "1"].map((decision) => [race, sex, label, decision, race === "a" ? 40 : 35] as const),
          ),
        ),
      ),
    );
    const body = await bodyOf(cellsFrom(rows), columns, {
      audits: { "fairness.group-metrics": { replicates: 200 }, "fairness.impact-ratio": {} },
    });
    const told = suppressSmallCells(body, 10);
    expect(told.withheld).toBeNull();
    expect(told.body).toBe(body);
  });

  it("withhold a second group where one could be had by subtraction", async () => {
    const rows = rowsOf([
      ["a", "f", "1", "1", 40],
      ["a", "f", "0", "0", 40],
      ["b", "f", "1", "1", 30],
      ["b", "f", "0", "0", 31],
      ["c", "f", "1", "1", 20],
      ["c", "f", "0", "0", 21],
      ["d", "f", "1", "1", 2],
      ["d", "f", "0", "0", 1],
    ]);
    const body = await bodyOf(cellsFrom(rows), { ...columns, protected: ["race"] }, { audits });
    const { body: told } = suppressSmallCells(body, 5);
    const counts = (told.audits.find(({ id }) => id === "fairness.group-metrics")?.measures ?? []).filter(
      ({ metric, group }) => metric === "count" && group !== undefined,
    );
    const value = (race: string): Measure["value"] | undefined =>
      counts.find(({ group }) => group?.race === race)?.value;
    expect([value("a"), value("b"), value("c"), value("d")]).toEqual([80, 61, null, null]);
    // Its words, its digest and its files go with it; its findings keep their verdicts.
    const before = body.audits.find(({ id }) => id === "fairness.group-metrics");
    const after = told.audits.find(({ id }) => id === "fairness.group-metrics");
    expect(after?.summary).toBeNull();
    expect(after?.findings.map(({ verdict, severity }) => [verdict, severity])).toEqual(
      before?.findings.map(({ verdict, severity }) => [verdict, severity]),
    );
    expect(JSON.stringify(after?.findings)).not.toContain("n = 3");
    expect(told.data.warnings.at(-1)?.en).toMatch(/fewer than 5 people/);
    expect(told.data.warnings.at(-1)?.["zh-CN"]).toMatch(/少于 5 人/);
  });

  it("are not told by the verdicts of rules that bound them from both sides", async () => {
    const rows = rowsOf([
      ["a", "f", "1", "1", 40],
      ["a", "m", "0", "0", 40],
      ["b", "f", "1", "0", 3],
      ["b", "m", "0", "1", 4],
    ]);
    const count = (bound: number) => ({ metric: "count", by: "race", at_least: bound });
    const rules = [count(7), count(8), { metric: "count", by: "race", at_least: 100 }];
    const body = await bodyOf(cellsFrom(rows), { ...columns, protected: ["race"] }, { audits, rules });
    expect(body.gate.rules.map(({ verdict }) => verdict)).toEqual(["pass", "fail", "fail"]);
    const { gate } = suppressSmallCells(body, 10).body;
    // Of a and b, 80 and 7: with b withheld, so is what a total would leave of a.
    expect(new Set(gate.rules.slice(0, 2).map(({ verdict }) => verdict))).toEqual(new Set(["indeterminate"]));
    expect(gate.verdict).toBe(gate.rules[2]?.verdict === "fail" ? "fail" : "indeterminate");
    expect(gate.rules[0]?.text.en).toMatch(/are withheld, since fewer than 10 people/);
  });

  it("are withheld by every run whose plan has a bound", async () => {
    const rows = rowsOf([
      ["a", "f", "1", "1", 40],
      ["a", "m", "0", "0", 40],
      ["b", "f", "1", "0", 2],
      ["b", "m", "0", "1", 30],
    ]);
    const open = await bodyOf(cellsFrom(rows), columns, { audits });
    const bound = await bodyOf(cellsFrom(rows), columns, { audits, suppress_below: 5 });
    const after = suppressSmallCells({ ...open, plan: bound.plan }, 5);
    expect(bound).toEqual(after.body);
  });

  it("refuse data of which nothing could be told", async () => {
    const rows = rowsOf([["a", "f", "1", "1", 4]]);
    const body = await bodyOf(cellsFrom(rows), columns, { audits: { "fairness.group-metrics": {} } });
    expect(() => suppressSmallCells(body, 5)).toThrow(/the data have 4 rows, and suppress_below is 5/);
  });
});
