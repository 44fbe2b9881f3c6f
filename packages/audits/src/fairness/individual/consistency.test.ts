import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import type { AuditResult, Measure } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agreementInterval } from "../../neighbours/agreement-interval.ts";
import { readAgreement } from "../../neighbours/read-agreement.ts";
import { numberColumn, tableOf, textColumn } from "../../testing/coded-table.ts";
import { type Cells, type RunCellsOptions, runCells } from "../../testing/run-cells.ts";
import { individual } from "./index.ts";

interface Case {
  readonly k: number;
  readonly numbers: readonly (readonly number[])[];
  readonly texts: readonly (readonly string[])[];
  readonly outcome: readonly number[];
  readonly group: readonly string[];
  readonly consistency: number;
  readonly consistencyOfA: number;
  readonly standardError: number;
  readonly standardErrorOfA: number;
  readonly scikitLearn: number;
  readonly aif360: number;
}

/** What consistency.expected.py writes. */
const expected = JSON.parse(
  readFileSync(fileURLToPath(new URL("consistency.expected.json", import.meta.url)), "utf8"),
) as Readonly<Record<"apart" | "tied", Case>>;

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

type Settings = Omit<RunCellsOptions, "definition" | "device">;
const run = (cells: Cells, options: Settings): Promise<AuditResult> =>
  runCells(cells, { definition: individual, device, ...options });

function cellsOf({ numbers, texts, outcome, group }: Case): Cells {
  return {
    ...Object.fromEntries(numbers.map((values, place) => [`n${place}`, values])),
    ...Object.fromEntries(texts.map((values, place) => [`t${place}`, values])),
    hired: outcome,
    group,
  };
}

const columnsOf = ({ numbers, texts }: Pick<Case, "numbers" | "texts">): Settings["columns"] => ({
  decision: "hired",
  protected: ["group"],
  features: [...numbers.map((_, place) => `n${place}`), ...texts.map((_, place) => `t${place}`)],
});

function find({ measures }: AuditResult, metric: string, group?: Record<string, string>): Measure {
  const found = measures.find((one) => one.metric === metric && JSON.stringify(one.group) === JSON.stringify(group));
  if (!found) throw new Error(`no ${metric} of ${JSON.stringify(group)}`);
  return found;
}

describe("consistency with the nearest neighbours", () => {
  it.each(["apart", "tied"] as const)(
    "is scikit-learn's, and the weighted one where people are equally near: %s",
    async (name) => {
      const one = expected[name];
      const result = await run(cellsOf(one), { columns: columnsOf(one), settings: { k: one.k, min_count: 1 } });
      expect(find(result, "consistency").value).toBeCloseTo(one.consistency, 10);
      expect(find(result, "consistency", { group: "a" }).value).toBeCloseTo(one.consistencyOfA, 10);
      if (name === "apart") {
        expect(one.consistency).toBeCloseTo(one.scikitLearn, 12);
        // The page tells how AI Fairness 360's, which counts each person among their own neighbours, follows from it.
        expect(one.aif360).toBeCloseTo(1 - (one.k / (one.k + 1)) * (1 - one.consistency), 12);
      }
    },
  );

  it.each(["apart", "tied"] as const)(
    "has the standard error of leaving each person out and computing all anew: %s",
    async (name) => {
      const one = expected[name];
      const summary = await readAgreement({
        table: tableOf(one.outcome.length, [
          ...one.numbers.map(
            (values, place) => [{ kind: "number", column: `n${place}` }, numberColumn(values)] as const,
          ),
          ...one.texts.map((values, place) => [{ kind: "text", column: `t${place}` }, textColumn(values)] as const),
          [{ kind: "equals", column: "hired", equals: ["1"] }, textColumn(one.outcome.map(String), ["0", "1"])],
          [{ kind: "text", column: "group" }, textColumn(one.group)],
        ]),
        roles: {
          protected: [{ name: "group", request: { kind: "text", column: "group" }, reference: null }],
          groupings: [["group"]],
        } as never,
        features: [
          ...one.numbers.map(
            (_, place) =>
              ({ name: `n${place}`, type: "number", request: { kind: "number", column: `n${place}` } }) as const,
          ),
          ...one.texts.map(
            (_, place) =>
              ({ name: `t${place}`, type: "text", request: { kind: "text", column: `t${place}` } }) as const,
          ),
        ],
        outcome: { kind: "equals", column: "hired", equals: ["1"] },
        k: one.k,
        mostAsked: 1000,
        mostNeighbours: 1000,
        seed: 1,
        stream: 1,
        device,
      });
      expect(summary.overall?.standardError).toBeCloseTo(one.standardError, 10);
      expect(summary.groups[0]).toMatchObject({ values: ["a"] });
      expect(summary.groups[0]?.numbers.standardError).toBeCloseTo(one.standardErrorOfA, 10);
    },
  );

  it("does not depend on the order of rows, on shards, or on whether people are rows or counts", async () => {
    const one = expected.tied;
    const settings = { columns: columnsOf(one), settings: { k: one.k, min_count: 1 } };
    const plain = await run(cellsOf(one), settings);
    const order = one.outcome.map((_, row) => (row * 37) % one.outcome.length);
    const moved = Object.fromEntries(
      Object.entries(cellsOf(one)).map(([name, values]) => [name, order.map((row) => values[row] ?? null)]),
    );
    expect((await run(moved, { ...settings, shards: 5 })).measures).toEqual(plain.measures);
    expect((await run(cellsOf(one), { ...settings, shards: 7 })).summary).toBe(plain.summary);
    const lines = new Map<string, { cells: (string | number)[]; count: number }>();
    for (const row of one.outcome.keys()) {
      const cells = Object.values(cellsOf(one)).map((values) => values[row] ?? "");
      const held = lines.get(JSON.stringify(cells)) ?? { cells, count: 0 };
      lines.set(JSON.stringify(cells), { cells, count: held.count + 1 });
    }
    const counted = Object.fromEntries(
      Object.keys(cellsOf(one)).map((name, at) => [name, [...lines.values()].map(({ cells }) => cells[at] ?? "")]),
    );
    const counts = [...lines.values()].map(({ count }) => count);
    expect(counts.length).toBeLessThan(one.outcome.length);
    const both = await run(counted, { ...settings, counts });
    for (const [place, measure] of plain.measures.entries()) {
      expect(both.measures[place]?.value).toBeCloseTo(measure.value ?? Number.NaN, 12);
      if (measure.low !== undefined) expect(both.measures[place]?.low).toBeCloseTo(measure.low, 12);
    }
  });

  it("leaves protected columns out of the distance unless asked, and tells a feature that cannot say anything", async () => {
    const n = 60;
    const sex = Array.from({ length: n }, (_, row) => (row % 2 === 0 ? "F" : "M"));
    const cells = {
      sex,
      score: Array.from({ length: n }, (_, row) => Math.floor(row / 2)),
      same: Array.from({ length: n }, () => 3),
      name: Array.from({ length: n }, (_, row) => `person ${row}`),
      hired: sex.map((one) => (one === "F" ? 1 : 0)),
    };
    const columns = { decision: "hired", protected: ["sex"], features: ["sex", "score", "same", "name"] };
    const blind = await run(cells, { columns, settings: { k: 1 } });
    // The twin of the other sex is nearest, and has the other decision.
    expect(find(blind, "consistency").value).toBe(0);
    const seeing = await run(cells, { columns, settings: { k: 1, with_protected: true } });
    expect(find(seeing, "consistency").value).toBe(1);
    expect(find(seeing, "consistency").low).toBeLessThan(0.95);
  });

  it("says why it cannot tell: too few people, or no feature that tells them apart", async () => {
    const few = await run(
      { g: ["a", "b", "a"], x: [1, 2, 3], y: [1, 0, 1] },
      { columns: { decision: "y", protected: ["g"], features: ["x"] } },
    );
    expect(find(few, "consistency")).toMatchObject({ value: null, reason: "too few people with a known outcome" });
    expect(few.findings[0]).toMatchObject({ verdict: "indeterminate" });
    const flat = await run(
      { g: new Array(40).fill("a"), x: new Array(40).fill(1), y: Array.from({ length: 40 }, (_, row) => row % 2) },
      { columns: { decision: "y", protected: ["g"], features: ["x"] } },
    );
    expect(find(flat, "consistency")).toMatchObject({ value: null, reason: "no feature tells people apart" });
    await expect(
      run({ g: ["a", "b"], y: [1, 0] }, { columns: { decision: "y", protected: ["g"], features: ["g"] } }),
    ).rejects.toThrow(/with_protected: every feature is a protected column or the outcome itself/);
  });
});

describe("its interval", () => {
  /** People with one feature, whose outcome is positive at a rate of their own. */
  async function draw(random: PhiloxStream, n: number, rateOf: (x: number) => number) {
    const x = Array.from(
      { length: n },
      () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform()),
    );
    const y = x.map((one) => (random.uniform() < rateOf(one) ? 1 : 0));
    return readAgreement({
      table: tableOf(n, [
        [{ kind: "number", column: "x" }, numberColumn(x)],
        [{ kind: "equals", column: "y", equals: ["1"] }, textColumn(y.map(String), ["0", "1"])],
      ]),
      roles: { protected: [], groupings: [] } as never,
      features: [{ name: "x", type: "number", request: { kind: "number", column: "x" } }],
      outcome: { kind: "equals", column: "y", equals: ["1"] },
      k: 5,
      mostAsked: n,
      mostNeighbours: n,
      seed: 1,
      stream: 1,
      device,
    });
  }

  it("holds the mean over draws where each person's own spread would be too narrow", async () => {
    const random = new PhiloxStream(12, 3);
    // Outcomes that features say nothing of: neighbours share each other's noise.
    const rate = 0.15;
    // Independent outcomes: a person parts from the mean of 5 others by 2p(1 − p) on average, whatever the number of people.
    const truth = 1 - 2 * rate * (1 - rate);
    const runs = 300;
    let [held, naive] = [0, 0];
    for (let one = 0; one < runs; one++) {
      const { overall } = await draw(random, 150, () => rate);
      if (overall === null) throw new Error("nothing measured");
      const interval = agreementInterval(overall, 0.95);
      if (interval && interval.low <= truth && truth <= interval.high) held++;
      // Terms taken as independent: their variance is at most that of a share.
      const half = 1.96 * Math.sqrt((overall.value * (1 - overall.value)) / 150 / 2);
      if (Math.abs(overall.value - truth) <= half) naive++;
    }
    const error = Math.sqrt((0.95 * 0.05) / runs);
    expect(held / runs).toBeGreaterThan(0.95 - 3 * error);
    expect(naive / runs).toBeLessThan(0.95 - 3 * error);
  });
});
