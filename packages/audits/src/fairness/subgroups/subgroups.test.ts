import { type Device, openDevice } from "@assay/compute";
import { type AuditResult, checkPlan, decodeSummary, encodeSummary, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inProcess } from "../../executors/in-process.ts";
import { preparePlan } from "../../prepare.ts";
import { runAudits } from "../../run.ts";
import { cutShards } from "../../shards.ts";
import { tableOf, textColumn } from "../../testing/coded-table.ts";
import { type Cells, runCells } from "../../testing/run-cells.ts";
import { isSound } from "../../testing/sound-run.ts";
import { subgroups } from "./index.ts";
import { planted, searched } from "./planted-data.testing.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

const emptyData = {
  digest: `sha256:${"0".repeat(64)}`,
  format: "csv",
  encoding: "utf-8",
  columns: [],
  warnings: [],
};

type Options = Partial<Parameters<typeof runCells>[1]>;

async function run(cells: Cells, options: Options = {}): Promise<AuditResult> {
  const features = Object.keys(cells).filter((name) => name !== "label" && name !== "decision");
  const result = await runCells(cells, {
    definition: subgroups,
    device,
    columns: { label: "label", decision: "decision", features },
    ...options,
  });
  isSound({ ...result, summary: null, gives: [], concludeMs: 0 });
  return result;
}

function numberOf(result: AuditResult, metric: string): number | null | undefined {
  return result.measures.find((one) => one.metric === metric && one.group === undefined)?.value;
}

function groupsOf(result: AuditResult): unknown[] {
  return result.measures.filter((one) => one.group && one.split === "discovery").map((one) => one.group);
}

/** `count` rows of each value of `x`, the first `wrong` of them in error. */
function rowsOf(values: readonly (readonly [x: string | number | null, count: number, wrong: number])[]): Cells {
  const cells: { x: (string | number | null)[]; label: string[]; decision: string[] } = {
    x: [],
    label: [],
    decision: [],
  };
  for (const [x, count, wrong] of values) {
    for (let row = 0; row < count; row++) {
      const label = String(row % 2);
      cells.x.push(x);
      cells.label.push(label);
      cells.decision.push(row < wrong ? String(1 - Number(label)) : label);
    }
  }
  return { ...cells };
}

const people = planted({ rows: 4000, seed: 5, base: 0.1, share: 0.12, extra: 0.25 });
const columns: PlanInput["columns"] = {
  label: "label",
  decision: "decision",
  protected: ["sex", "age"],
  features: [...searched].slice(2),
};

describe("a planted group", () => {
  test("is told first, with both halves' numbers, and what was found around it is folded under it", async () => {
    const result = await run(people, { columns });
    const [finding] = result.findings;
    expect(finding).toMatchObject({
      id: "slice-1",
      verdict: "info",
      severity: "high",
      figure: "rates",
      table: "slices",
    });
    expect(finding?.text.en).toMatch(
      /^\*\*Decisions are more often wrong for sex = f, age = old\.\*\* Of [\d,]+ held-out people in this group, 4\d\.\d % were decided wrongly, and 1\d\.\d % of all others: a gap of \d\d\.\d points \(95 % interval \d\d\.\d to \d\d\.\d; adjusted p < 0\.001; n = [\d,]+ and [\d,]+\)\. Found with it, and adding nothing: /,
    );
    expect(finding?.text["zh-CN"]).toMatch(/^\*\*判断更常出错的人群：sex = f、age = old。\*\*在该群体留出的/);
    const [rate, difference] = (finding?.measures ?? []).map((place) => result.measures[place]);
    expect(rate).toMatchObject({
      metric: "error-rate",
      split: "confirmation",
      group: { sex: "f", age: "old" },
      method: "wilson",
    });
    expect(difference).toMatchObject({ metric: "error-rate-difference-to-rest", group: { sex: "f", age: "old" } });
    expect(difference?.p).toBeLessThanOrEqual(difference?.p_adjusted ?? 0);
    // Ten slices hold it; one claim is made of them.
    expect(numberOf(result, "slices-found")).toBe(10);
    expect(numberOf(result, "slices-confirmed")).toBe(1);
    expect(result.tables[0]?.rows).toHaveLength(10);
    // The figure shows a line for each group told in its own place.
    expect(result.figures[0]).toMatchObject({ kind: "intervals", reference: { label: { en: "everyone" } } });
  });

  test.each([7, 64])("has one result on %i shards as on one, numbers with many values included", async (shards) => {
    const wide: Cells = { ...people, height: (people.label ?? []).map((_, row) => ((row * 7919) % 4001) / 7) };
    const own = { ...columns, features: [...(columns.features ?? []), "height"] };
    const one = await run(wide, { columns: own });
    expect(await run(wide, { columns: own, shards })).toEqual(one);
  });

  test("has the same result where steps and summaries travel as texts between machines", async () => {
    const plan = checkPlan({
      version: 1,
      data: { file: "rows.csv" },
      columns,
      audits: { "fairness.subgroups": {} },
      seed: 7,
    });
    const known = Object.keys(people).map(
      (name) => ({ name, type: name === "label" || name === "decision" ? "number" : "text" }) as const,
    );
    const prepared = preparePlan(plan, known, { registry: [subgroups] });
    const table = tableOf(
      4000,
      prepared.requests.map((request) => {
        const isYes = (text: string): string =>
          request.kind === "equals" && request.equals.includes(text) ? "1" : "0";
        const texts = (people[request.column] ?? []).map((value) => String(value));
        return [
          request,
          request.kind === "equals" ? textColumn(texts.map(isYes), ["0", "1"]) : textColumn(texts),
        ] as const;
      }),
    );
    const here = inProcess({ prepared, table, device });
    const { body } = await runAudits({
      prepared,
      data: { ...emptyData, rows: 4000, rowsRead: 4000 },
      shards: cutShards(4000, 3),
      executor: {
        async *run(steps, signal) {
          const sent = steps.map((step) => ({ ...step, detail: decodeSummary(encodeSummary(step.detail)) }));
          for await (const { step, summary } of here.run(sent, signal)) {
            yield { step, summary: decodeSummary(encodeSummary(summary)) };
          }
        },
      },
      device,
      signal: new AbortController().signal,
    });
    expect(body.audits[0]).toEqual(await run(people, { columns }));
  });

  test("is found with another seed on other halves", async () => {
    const one = await run(people, { columns });
    const other = await run(people, { columns, seed: 8 });
    expect(other.summary).not.toBe(one.summary);
    expect(groupsOf(other)).toContainEqual({ sex: "f", age: "old" });
  });

  test("in a table of counts: every person of a line is on one side, and the group is told", async () => {
    const lines = new Map<string, { row: number; count: number }>();
    for (let row = 0; row < 4000; row++) {
      const key = JSON.stringify([...searched, "label", "decision"].map((name) => people[name]?.[row]));
      const line = lines.get(key);
      if (line) line.count++;
      else lines.set(key, { row, count: 1 });
    }
    const all = [...lines.values()];
    const cells = Object.fromEntries(
      Object.entries(people).map(([name, values]) => [name, all.map(({ row }) => values[row] ?? null)]),
    );
    const counts = all.map(({ count }) => count);
    const result = await run(cells, { columns, counts });
    const halves = result.measures.filter((one) => one.metric === "error-rate" && one.group === undefined);
    expect(halves.map((one) => one.split)).toEqual(["discovery", "confirmation"]);
    expect(halves.reduce((sum, one) => sum + (one.n ?? 0), 0)).toBe(4000);
    expect(result.findings[0]?.text.en).toContain("for sex = f, age = old.");
    expect(await run(cells, { columns, counts, shards: 9 })).toEqual(result);
  });
});

describe("what is bad can be", () => {
  /** In group b: of true negatives 80 % decided positive; of true positives 80 % decided negative in group c. */
  const cells: Cells = (() => {
    const made: { x: string[]; label: string[]; decision: string[] } = { x: [], label: [], decision: [] };
    for (let row = 0; row < 3000; row++) {
      const x = ["a", "b", "c"][row % 3] ?? "a";
      const label = Math.floor(row / 3) % 2;
      const isWrong = (row * 7) % 10 < ((x === "b" && label === 0) || (x === "c" && label === 1) ? 8 : 1);
      made.x.push(x);
      made.label.push(String(label));
      made.decision.push(String(isWrong ? 1 - label : label));
    }
    return { ...made };
  })();

  test.each([
    ["false-positive-rate", "b", "False alarms are more frequent for x = b."],
    ["false-negative-rate", "c", "Misses are more frequent for x = c."],
  ])("%s, among those it speaks of alone", async (metric, group, claim) => {
    const result = await run(cells, { settings: { metric } });
    expect(groupsOf(result)[0]).toEqual({ x: group });
    expect(result.findings[0]?.text.en).toContain(`**${claim}**`);
    const halves = result.measures.filter((one) => one.metric === metric && one.group === undefined);
    expect(halves.reduce((sum, one) => sum + (one.n ?? 0), 0)).toBe(1500);
  });

  test("selection-rate: the group with the fewest favourable decisions, and a gap below 0", async () => {
    const result = await run(cells, { settings: { metric: "selection-rate" } });
    expect(groupsOf(result)[0]).toEqual({ x: "c" });
    const difference = result.measures.find((one) => one.metric === "selection-rate-difference-to-rest");
    expect(difference?.high).toBeLessThan(0);
    expect(result.findings[0]?.text.en).toContain("**The favourable decision is rarer for x = c.**");
  });

  test("selection-rate without a label; where people want the negative decision, under a name of its own", async () => {
    const result = await run(cells, {
      columns: { decision: "decision", features: ["x"], favourable: "negative" },
      settings: { metric: "selection-rate" },
    });
    expect(groupsOf(result)[0]).toEqual({ x: "b" });
    expect(result.measures.some((one) => one.metric === "favourable-rate")).toBe(true);
    expect(result.measures.some((one) => one.metric === "selection-rate")).toBe(false);
  });

  test("wrong classes of several", async () => {
    const result = await run(
      {
        truth: (cells.x ?? []).map((_, row) => ["red", "green", "blue"][row % 3] ?? null),
        said: (cells.x ?? []).map((_, row) => ["red", "green", row % 2 === 0 ? "red" : "blue"][row % 3] ?? null),
        x: (cells.x ?? []).map((_, row) => (row % 3 === 2 ? "t" : "s")),
      },
      { columns: { label: "truth", prediction: "said", features: ["x"] } },
    );
    expect(groupsOf(result)).toEqual([{ x: "t" }]);
    expect(numberOf(result, "slices-confirmed")).toBe(1);
  });
});

describe("groups are described by", () => {
  test("missing values, as unknown", async () => {
    const result = await run(
      rowsOf([
        [null, 400, 300],
        ["a", 800, 80],
      ]),
    );
    expect(groupsOf(result)).toEqual([{ x: null }]);
    expect(result.findings[0]?.text.en).toContain("wrong for x unknown.");
    expect(result.findings[0]?.text["zh-CN"]).toContain("x 未知");
  });

  test("values of too few rows together, and never by one of ten thousand that each name a person", async () => {
    const rare = Array.from({ length: 10_000 }, (_, index) => [`p${index}`, 1, 1] as const);
    const result = await run(rowsOf([...rare, ["a", 20_000, 400]]));
    expect(groupsOf(result)).toEqual([{ x: "(other values)" }]);
    expect(result.findings[0]?.text.en).toContain("wrong for x = a rarer value.");
    expect(JSON.stringify(result)).not.toMatch(/p\d{3}/);
  });

  test("bands of numbers, in the words of protected breaks", async () => {
    const whole = await run(
      rowsOf(Array.from({ length: 50 }, (_, age) => [20 + age, 40, age >= 40 ? 30 : 2] as const)),
    );
    expect(groupsOf(whole)).toEqual([{ x: "≥60" }]);
    expect(whole.findings[0]?.text.en).toContain("wrong for x ≥60.");
    const middle = await run(
      rowsOf(Array.from({ length: 50 }, (_, age) => [20 + age, 40, age >= 10 && age < 20 ? 30 : 2] as const)),
    );
    expect(groupsOf(middle)).toEqual([{ x: "30–39" }]);
    const fractions = await run(
      rowsOf([0.5, 0.9, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 4.5].map((x) => [x, 200, x >= 4 ? 120 : 8] as const)),
    );
    expect(groupsOf(fractions)).toEqual([{ x: ">3.5" }]);
    const few = await run(
      rowsOf([
        [0, 500, 10],
        [1, 200, 100],
        [2, 500, 10],
      ]),
    );
    expect(groupsOf(few)).toEqual([{ x: "1" }]);
    expect(few.findings[0]?.text.en).toContain("wrong for x = 1.");
  });

  test("bands of a number with more different values than are listed, whatever the shards", async () => {
    const count = 70_000;
    const x = Array.from({ length: count }, (_, row) => ((row * 7919) % count) / 7);
    const label = x.map((_, row) => String(row % 2));
    // Wrong where the number is in the highest fifth: the cut is the 56,000th of 70,000 values from 0 up.
    const cut = 55_999 / 7;
    const decision = label.map((value, row) =>
      (x[row] ?? 0) > cut && row % 3 > 0 ? String(1 - Number(value)) : value,
    );
    const cells = { x, label, decision };
    const result = await run(cells);
    expect(groupsOf(result)).toEqual([{ x: `>${cut}` }]);
    expect(await run(cells, { shards: 3 })).toEqual(result);
  });

  test("texts that would be markup, formulas or run backwards, as they are in measures and harmless in sentences", async () => {
    const names = ["<script>alert(1)</script>", "=HYPERLINK(1)", "👩‍👩‍👧", "\u202eevil", "**bold**"];
    for (const name of names) {
      const result = await run({
        ...rowsOf([
          [name, 300, 200],
          ["a", 900, 90],
        ]),
      });
      expect(groupsOf(result)).toEqual([{ x: name }]);
      for (const text of Object.values(result.findings[0]?.text ?? {})) {
        expect(text.split("**")).toHaveLength(3);
        expect(text).not.toContain("\u202e");
      }
    }
  });
});

describe("little or odd data", () => {
  test("no people, one person, and no known outcome give no group, and say so", async () => {
    for (const cells of [rowsOf([]), { x: ["a"], label: [null], decision: ["1"] }]) {
      const result = await run(cells);
      expect(numberOf(result, "slices-found")).toBeNull();
      expect(result.findings[0]?.text.en).toContain("**Nothing to search in.**");
    }
    const one = await run(rowsOf([["a", 1, 1]]));
    expect(numberOf(one, "slices-found")).toBe(0);
    expect(one.tables).toEqual([]);
  });

  test("no error, or nothing but errors, is no group's", async () => {
    const none = await run(
      rowsOf([
        ["a", 300, 0],
        ["b", 300, 0],
      ]),
    );
    expect(none.findings.map((one) => [one.id, one.verdict])).toEqual([["none-found", "indeterminate"]]);
    expect(none.findings[0]?.text.en).toContain("**No group to find.**");
    const all = await run(
      rowsOf([
        ["a", 300, 300],
        ["b", 300, 300],
      ]),
    );
    expect(all.findings[0]?.text.en).toContain("**No group stands out.**");
  });

  test("a constant column describes no group, and the same group twice is told once", async () => {
    const cells = rowsOf([
      ["a", 300, 200],
      ["b", 900, 90],
    ]);
    const result = await run({ ...cells, constant: cells.x?.map(() => "c") ?? [], twin: cells.x ?? [] });
    expect(numberOf(result, "slices-confirmed")).toBe(1);
    expect(groupsOf(result)[0]).toEqual({ x: "a" });
    expect(groupsOf(result)).not.toContainEqual({ constant: "c" });
    expect(result.findings).toHaveLength(1);
  });

  test("no group under the least number of people is named", async () => {
    const cells = rowsOf([
      ["few", 40, 40],
      ["b", 900, 90],
      ["c", 900, 60],
    ]);
    expect(groupsOf(await run(cells, { settings: { min_count: 30, min_share: 0 } }))).not.toContainEqual({ x: "few" });
    expect(groupsOf(await run(cells, { settings: { min_count: 5, min_share: 0 } }))[0]).toEqual({ x: "few" });
    expect(groupsOf(await run(cells, { settings: { min_count: 5, min_share: 0.1 } }))).not.toContainEqual({ x: "few" });
  });

  test("what is not confirmed is told as such, with the gap that could have been seen", async () => {
    const result = await run(planted({ rows: 300, seed: 3, base: 0.3, share: 0.25, extra: 0 }), {
      columns,
      settings: { min_count: 20 },
    });
    expect(result.findings[0]).toMatchObject({ id: "not-confirmed", verdict: "indeterminate" });
    expect(result.findings[0]?.text.en).toMatch(
      /^\*\*Cannot tell that any group is worse off\.\*\* Where groups were looked for, “.*” .*stood out; .* \(smallest adjusted p = [\d.]+\)\. A gap of [\d.]+( to [\d.]+)? points/,
    );
  });

  test("rows without a label or decision are left out and counted; weights are not used, and it is said", async () => {
    const cells = rowsOf([
      ["a", 300, 200],
      ["b", 900, 90],
    ]);
    const label = (cells.label ?? []).map((value, row) => (row % 100 === 0 ? null : value));
    const w = label.map((_, row) => 1 + (row % 3));
    const result = await run(
      { ...cells, label, w },
      { columns: { label: "label", decision: "decision", features: ["x"], weight: "w" } },
    );
    expect(result.findings.map((one) => one.id)).toEqual(["slice-1", "left-out", "weights"]);
    expect(result.findings[1]?.text.en).toContain("**12 rows are left out.**");
  });
});

describe("a plan is refused, with the place", () => {
  const known = ["label", "decision", "x", "name", "said"].map((name) => ({ name, type: "text" }) as const);
  const problemsOf = (own: PlanInput["columns"], settings: Readonly<Record<string, unknown>>): unknown => {
    try {
      preparePlan(
        checkPlan({
          version: 1,
          data: { file: "rows.csv" },
          columns: own,
          audits: { "fairness.subgroups": settings },
        }),
        known,
        { registry: [subgroups] },
      );
      return [];
    } catch (error) {
      return (error as { problems?: unknown }).problems;
    }
  };
  const plain: PlanInput["columns"] = { label: "label", decision: "decision", positive: "1", features: ["x"] };

  test.each([
    [{ ...plain, identifiers: ["name"] }, { columns: ["name"] }, "columns[0]", /"name" is an identifier/],
    [plain, { columns: ["x", "label"] }, "columns[1]", /holds what is judged/],
    [plain, { columns: ["said"] }, "columns[0]", /no protected, control, sensitive/],
    [{ decision: "decision", positive: "1", features: ["x"] }, {}, "metric", /error-rate needs columns.label/],
    [
      { label: "label", prediction: "said", features: ["x"] },
      { metric: "false-positive-rate" },
      "metric",
      /needs columns.label and a decision/,
    ],
    [{ ...plain, features: ["label"] }, {}, "columns", /no column is left/],
  ])("%j with %j", (own, settings, at, message) => {
    expect(problemsOf(own, settings)).toEqual([
      { at: `audits.fairness.subgroups.${at}`, message: expect.stringMatching(message) },
    ]);
  });
});
