import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import type { Measure } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { criticalValue, normalCdf, scoreCurve } from "../../statistics/index.ts";
import { type Cells, runCells } from "../../testing/run-cells.ts";
import { abroca } from "./abroca.ts";
import { calibrationGap } from "./calibration-gap.ts";
import { calibration } from "./index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

const columns = { label: "label", positive: 1, score: "score", protected: ["group"] };
const run = (
  cells: Cells,
  settings: Record<string, unknown> = {},
  more: Partial<typeof columns> & { weight?: string } = {},
) =>
  runCells(cells, {
    definition: calibration,
    device,
    columns: { ...columns, ...more },
    settings: { replicates: 400, ...settings },
  });

function of(measures: readonly Measure[], metric: string, group?: string | null): Measure {
  const found = measures.filter(
    (one) => one.metric === metric && (group === undefined ? one.group === undefined : one.group?.group === group),
  );
  expect(found, metric).toHaveLength(1);
  return found[0] as Measure;
}

/** Rows of (group, score, label) × count. */
function rowsOf(rows: readonly (readonly [string | null, number, number, number])[]): Cells {
  const all = rows.flatMap(([group, score, label, count]) =>
    Array.from({ length: count }, () => ({ group, score, label })),
  );
  return { group: all.map((r) => r.group), score: all.map((r) => r.score), label: all.map((r) => r.label) };
}

/** `count` people of a group with scores drawn evenly; labels come with probability `bend(score)`. */
function drawn(random: PhiloxStream, count: number, bend: (score: number) => number) {
  const scores = Float64Array.from({ length: count }, () => random.uniform()).sort();
  const positive = new Float64Array(count);
  for (const [index, score] of scores.entries()) positive[index] = random.uniform() < bend(score) ? 1 : 0;
  return scoreCurve({ scores, weights: null, positive, negative: positive.map((label) => 1 - label) });
}

describe("calibration by group", () => {
  it("gives the gap of outcomes and scores in each group, and says whom the score wrongs", async () => {
    const { measures, findings, figures, tables } = await run(
      rowsOf([
        ["a", 0.3, 1, 300],
        ["a", 0.3, 0, 700],
        ["a", 0.8, 1, 400],
        ["a", 0.8, 0, 100],
        ["b", 0.3, 1, 150],
        ["b", 0.3, 0, 850],
        ["b", 0.8, 1, 250],
        ["b", 0.8, 0, 250],
      ]),
    );
    expect(of(measures, "calibration-gap", "a").value).toBeCloseTo(0, 12);
    expect(of(measures, "calibration-gap", "b").value).toBeCloseTo(400 / 1500 - 700 / 1500, 12);
    expect(of(measures, "calibration-gap", "b").p).toBeLessThan(1e-6);
    const difference = of(
      measures.filter(({ by }) => by),
      "calibration-gap-difference",
    );
    expect(difference.value).toBeCloseTo(0.2, 12);
    expect(difference.low).toBeGreaterThan(0.14);
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(["meaning-1", "gap-1-1"]));
    expect(findings[0]?.text.en).toMatch(/^\*\*The same score means different things by group\.\*\*/);
    expect(findings.find(({ id }) => id === "gap-1-1")?.text["zh-CN"]).toMatch(/b 的分数偏高/);
    expect(figures.map(({ id }) => id)).toEqual(["reliability-1", "roc-1"]);
    expect(tables.map(({ id }) => id)).toEqual(["calibration-1"]);
  });

  it("of two like groups claims nothing, and of one group nothing about groups", async () => {
    const like = await run(
      rowsOf(
        ["a", "b"].flatMap(
          (g) =>
            [
              [g, 0.3, 1, 90],
              [g, 0.3, 0, 210],
              [g, 0.8, 1, 160],
              [g, 0.8, 0, 40],
            ] as const,
        ),
      ),
    );
    expect(like.findings.filter(({ id }) => /^(gap|ranking)-/.test(id))).toEqual([]);
    expect(of(like.measures, "abroca", "b").value ?? of(like.measures, "abroca", "a").value).toBe(0);
    const one = await run(
      rowsOf([
        ["a", 0.3, 1, 90],
        ["a", 0.3, 0, 210],
      ]),
    );
    expect(
      of(
        one.measures.filter(({ by }) => by),
        "calibration-gap-difference",
      ).value,
    ).toBeNull();
    expect(one.findings[0]).toMatchObject({ id: "meaning-1", verdict: "indeterminate" });
  });

  it("of a score that is no probability tells ranks alone, with the reason", async () => {
    const { measures, findings } = await run(
      rowsOf([
        ["a", 3, 1, 50],
        ["a", 1, 0, 50],
        ["b", 3, 0, 50],
        ["b", 1, 1, 50],
        ["b", 2, 1, 9],
        ["b", 2, 0, 9],
      ]),
    );
    expect(of(measures, "calibration-gap", "a")).toMatchObject({ value: null });
    expect(of(measures, "calibration-gap", "a").reason).toMatch(/probabilit/);
    expect(findings[0]?.id).toBe("no-probability");
    // a ranks all rightly, b almost all wrongly.
    expect(of(measures, "abroca", "a").value).toBeGreaterThan(0.8);
    expect(findings.some(({ id }) => id.startsWith("ranking"))).toBe(true);
  });

  it("without one of the labels in a group has no area, and without rows no number, each with a reason", async () => {
    const { measures } = await run(
      rowsOf([
        ["a", 0.3, 1, 40],
        ["a", 0.6, 0, 50],
        ["b", 0.4, 0, 40],
        [null, 0.5, 1, 5],
      ]),
    );
    expect(of(measures, "abroca", "b")).toMatchObject({ value: null, reason: "a group lacks one of the labels" });
    expect(of(measures, "calibration-gap", null).n).toBe(5);
    expect(measures.filter(({ metric, group }) => metric === "abroca" && group?.group === null)).toEqual([]);
    const empty = await run({ group: ["a", "b"], score: [null, null], label: [1, 0] });
    expect(of(empty.measures, "rows-without-score").value).toBe(2);
    expect(of(empty.measures, "calibration-gap").value).toBeNull();
  });

  it("of too few rows to draw, or too many groups to list, tells what can be told and names no figure that is not there", async () => {
    const evenly = (groups: readonly (string | null)[]): Cells => ({
      group: groups,
      score: groups.map((_, row) => ((row * 7) % 10) / 10),
      label: groups.map((_, row) => (row % 3 === 0 ? 1 : 0)),
    });
    const tables = {
      "one row": evenly(["a"]),
      "two groups of 20": evenly(Array.from({ length: 40 }, (_, row) => (row % 2 === 0 ? "a" : "b"))),
      "no group known": evenly(Array.from({ length: 60 }, () => null)),
      "201 groups": evenly(Array.from({ length: 8040 }, (_, row) => `g${row % 201}`)),
    };
    for (const [name, cells] of Object.entries(tables)) {
      const result = await run(cells);
      expect(result.status, name).toBe("completed");
      const there = [...result.figures, ...result.tables].map(({ id }) => id);
      for (const { figure, table } of result.findings) {
        expect([...there, undefined], name).toContain(figure);
        expect([...there, undefined], name).toContain(table);
      }
    }
  });

  it("weighted rows count as their weights say, without an interval of the area", async () => {
    const cells = rowsOf([
      ["a", 0.2, 1, 20],
      ["a", 0.2, 0, 80],
      ["a", 0.7, 1, 70],
      ["a", 0.7, 0, 30],
      ["b", 0.2, 0, 60],
      ["b", 0.7, 1, 60],
    ]);
    const doubled = await run({ ...cells, w: (cells.group ?? []).map(() => 2) }, {}, { weight: "w" });
    const plain = await run(cells);
    for (const group of ["a", "b"]) {
      const [one, other] = [
        of(plain.measures, "calibration-gap", group),
        of(doubled.measures, "calibration-gap", group),
      ];
      expect(other.value).toBeCloseTo(one.value ?? 9, 12);
      expect(other.low).toBeCloseTo(one.low ?? 9, 12);
    }
    expect(of(doubled.measures, "abroca", "b").value).toBeCloseTo(of(plain.measures, "abroca", "b").value ?? 9, 12);
    expect(of(doubled.measures, "abroca", "b").reason).toMatch(/weighted/);
  });

  it("keeps hostile names in one line and free of mark-up", async () => {
    const nasty = "<img src=x>\n**=1+1**\u202e";
    const { findings } = await run(
      rowsOf([
        [nasty, 0.2, 1, 100],
        [nasty, 0.2, 0, 20],
        ["b", 0.2, 1, 20],
        ["b", 0.2, 0, 80],
      ]),
    );
    for (const { text } of findings) {
      expect(text.en).not.toMatch(/[\n\u202e]/);
      expect(text.en.split("**").length % 2).toBe(1);
    }
  });
});

describe("the calibration gap", () => {
  it("of true scores is claimed as often as its test says, and its interval holds the truth as often as it says", () => {
    const random = new PhiloxStream(21, 0);
    const runs = 600;
    for (const [rows, bend, truth, isTrue] of [
      [60, (s: number) => s, 0, true],
      [400, (s: number) => s, 0, true],
      [60, (s: number) => s * s, 1 / 3 - 1 / 2, false],
      [400, (s: number) => 0.1 * s, 0.05 - 0.5, false],
    ] as const) {
      let claimed = 0;
      let held = 0;
      for (let index = 0; index < runs; index++) {
        const gap = calibrationGap(drawn(random, rows, bend));
        if (gap === null) throw new Error("no gap");
        if (gap.p <= 0.05) claimed++;
        const { low, high } = gap.interval(criticalValue(0.95));
        if (low <= truth && truth <= high) held++;
      }
      // Three Monte-Carlo errors of 600 runs; Wilson's interval of few rows may hold a little less than it says.
      const error = 3 * Math.sqrt((0.05 * 0.95) / runs);
      if (isTrue) expect(claimed / runs, `${rows} rows`).toBeLessThan(0.05 + error);
      expect(held / runs, `${rows} rows ${bend}`).toBeGreaterThan(0.95 - error - (rows < 100 ? 0.01 : 0));
      expect(held / runs).toBeLessThan(0.995);
    }
  });
});

describe("ABROCA", () => {
  /** Scores of the positive label are N(shift, 1), of the negative N(0, 1). */
  function normal(random: PhiloxStream, count: number, shift: number) {
    const rows = Array.from({ length: count }, (_, index) => ({
      label: index % 2,
      score: random.normal() + (index % 2) * shift,
    })).sort((a, b) => a.score - b.score);
    const positive = Float64Array.from(rows, ({ label }) => label);
    return scoreCurve({
      scores: Float64Array.from(rows, ({ score }) => score),
      weights: null,
      positive,
      negative: positive.map((label) => 1 - label),
    });
  }

  it("is the area between the curves: crossing, stepped and equal ones", async () => {
    const curve = (scores: number[], positive: number[], negative: number[]) =>
      scoreCurve({ scores: Float64Array.from(scores), weights: null, positive, negative });
    const options = { device, replicates: 199, seed: 1, stream: 0, confidence: 0.95 };
    // (0,0) (½,0) (½,1) (1,1) against (0,0) (0,½) (1,½) (1,1): ½·½ + ½·½.
    const crossing = await abroca(
      curve([1, 2, 3], [0, 2, 0], [1, 0, 1]),
      curve([1, 2, 3], [1, 0, 1], [0, 2, 0]),
      options,
    );
    expect(crossing?.value).toBeCloseTo(0.5, 12);
    // The diagonal of one tie against (½, ¾): areas of two triangles.
    const tie = await abroca(curve([1], [4], [4]), curve([1, 2], [1, 3], [2, 2]), options);
    expect(tie?.value).toBeCloseTo(0.125, 12);
    const same = curve([1, 2], [1, 3], [2, 2]);
    expect((await abroca(same, same, options))?.value).toBe(0);
    expect(await abroca(curve([1], [0], [4]), same, options)).toBeNull();
  });

  it("claims a difference of like groups as often as it says, and holds the true area", async () => {
    const random = new PhiloxStream(22, 0);
    const runs = 50;
    const counts = { claimed: 0, zero: 0, held: 0 };
    // True area of shifts 1 and 1.8: the curves do not cross, so it is the difference of the AUCs, Φ(shift / √2).
    const truth = normalCdf(1.8 / Math.SQRT2) - normalCdf(1 / Math.SQRT2);
    for (let index = 0; index < runs; index++) {
      const options = { device, replicates: 199, seed: index, stream: 0, confidence: 0.95 };
      const base = normal(random, 400, 1);
      const like = await abroca(normal(random, 200, 1), base, options);
      const other = await abroca(normal(random, 300, 1.8), base, options);
      if ((like?.p ?? 0) <= 0.05) counts.claimed++;
      if (like?.low === 0) counts.zero++;
      if ((other?.low ?? 1) <= truth && truth <= (other?.high ?? 0)) counts.held++;
    }
    const error = 3 * Math.sqrt((0.05 * 0.95) / runs);
    expect(counts.claimed / runs).toBeLessThan(0.05 + error);
    expect(counts.zero / runs).toBeGreaterThan(0.95 - error);
    expect(counts.held / runs).toBeGreaterThan(0.95 - error);
  });
});
