import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stabilityIndex } from "../../statistics/index.ts";
import { runCells } from "../../testing/run-cells.ts";
import { drift } from "./index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

const columns = { time: "when", protected: ["sex"], score: "score" };

/** Months of two groups of so many people, their scores by month and side. */
function months(count: number, people: number, score: (month: number, side: number, random: PhiloxStream) => number) {
  const random = new PhiloxStream(12, 1);
  const when: string[] = [];
  const sex: string[] = [];
  const scores: number[] = [];
  for (let month = 0; month < count; month++) {
    for (const side of [0, 1]) {
      for (let row = 0; row < people; row++) {
        when.push(`2026-${String(month + 1).padStart(2, "0")}-01`);
        sex.push(side === 0 ? "f" : "m");
        scores.push(score(month, side, random));
      }
    }
  }
  return { when, sex, score: scores };
}

test("scores that fall for one group are alarms of its mean, its gap and its distribution, with the numbers of the rows", async () => {
  const cells = months(10, 120, (month, side, random) => random.uniform() ** (month > 1 && side === 0 ? 2 : 1));
  const result = await runCells(cells, { definition: drift, device, columns, settings: { baseline_periods: 2 } });
  const find = (metric: string, sex: string, split?: string) =>
    result.measures.find((one) => one.metric === metric && one.group?.sex === sex && one.split === split);
  // The mean and its change, from the rows.
  const of = (sex: string, from: number, to: number): number[] =>
    cells.score.filter((_, row) => {
      const month = Number(cells.when[row]?.slice(5, 7));
      return cells.sex[row] === sex && month >= from && month <= to;
    });
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [before, after] = [of("f", 1, 2), of("f", 3, 10)];
  expect(find("mean-score", "f", "baseline")?.value).toBeCloseTo(mean(before), 12);
  expect(find("mean-score", "f", "2026-05")?.value).toBeCloseTo(mean(of("f", 5, 5)), 12);
  expect(find("mean-score-change", "f")?.value).toBeCloseTo(mean(after) - mean(before), 12);
  expect(find("mean-score-change", "f")?.p_adjusted).toBeLessThan(0.05);
  expect(find("mean-score-change", "m")?.p_adjusted).toBeGreaterThan(0.05);
  // Months of like sizes: the gap's change is that of the means.
  const other = mean(of("m", 3, 10)) - mean(of("m", 1, 2));
  expect(find("mean-score-gap-change", "m")?.value).toBeCloseTo(other - (mean(after) - mean(before)), 12);
  expect(find("mean-score-gap-change", "m")?.reference).toBe("f");
  // 240 rows of the baseline fill four bins, each with 60 of them.
  const sorted = [...before].sort((a, b) => a - b);
  const cuts = [60, 120, 180].map((rank) => sorted[rank - 1] ?? 0);
  const binOf = (value: number): number => cuts.filter((cut) => value > cut).length;
  const counts = (values: readonly number[]): number[] =>
    [0, 1, 2, 3].map((bin) => values.filter((value) => binOf(value) === bin).length);
  expect(counts(before)).toEqual([60, 60, 60, 60]);
  const index = stabilityIndex(counts(before), counts(after), 0.95);
  const psi = find("psi", "f");
  expect(psi?.value).toBeCloseTo(index.value, 12);
  expect([psi?.low, psi?.high]).toEqual([index.low, index.high]);
  expect(psi?.p_adjusted).toBeLessThan(0.05);
  expect(find("psi-corrected", "f")?.value).toBeCloseTo(index.corrected, 12);

  expect(result.findings[0]).toMatchObject({ id: "drift", verdict: "fail" });
  const told = new Map(result.findings.map((one) => [one.id, one]));
  expect(told.get("mean-score-change-sex-f")?.text.en).toContain("has fallen");
  expect(told.get("mean-score-gap-change-sex-m")).toMatchObject({ verdict: "fail", severity: "high" });
  expect(told.get("psi-sex-f")?.text["zh-CN"]).toContain("分数分布已不同于基线");
  expect(result.figures.map(({ id }) => id)).toEqual(["mean-score-over-time-by-sex"]);
  expect(result.tables.map(({ id }) => id)).toEqual(["score-drift-overall", "score-drift-by-sex"]);
});

test("scores that stay are no alarm, and are the same on one shard and on seven", async () => {
  const cells = {
    ...months(6, 60, (_, side, random) => Math.round(random.uniform() * 9 + side)),
    decision: Array.from({ length: 720 }, (_, row) => String(row % 2)),
  };
  const options = { definition: drift, device, columns: { ...columns, decision: "decision" } };
  const one = await runCells(cells, options);
  expect(one.measures[0]).toMatchObject({ metric: "drift-alarms", value: 0, n: 11 });
  expect(await runCells(cells, { ...options, shards: 7 })).toEqual(one);
});

test("what cannot be told of scores is told: rows without one, scores that are all alike, groups that are small", async () => {
  const cells = months(3, 60, (_, side, random) => (side === 0 ? 0.5 : random.uniform()));
  const score: (number | null)[] = [...cells.score];
  score[200] = null;
  cells.sex[0] = "x";
  const result = await runCells({ ...cells, score }, { definition: drift, device, columns });
  const reasonOf = (metric: string, sex: string) =>
    result.measures.find((one) => one.metric === metric && one.group?.sex === sex)?.reason;
  expect(reasonOf("psi", "f")).toBe("the baseline's scores do not fill two bins");
  expect(reasonOf("mean-score-gap-change", "f")).toBe("the score does not vary in the baseline");
  expect(reasonOf("mean-score-change", "x")).toBe("fewer than 30 scores in the baseline");
  expect(result.findings.map(({ id }) => id)).toContain("rows-without-score");
  expect(result.findings.map(({ id }) => id)).toContain("untested");
});

test("findings say why a group is not tested, and scores too large to be squared are still held to their bins", async () => {
  const of = async (draw: (month: number, random: { uniform(): number }) => number) => {
    const result = await runCells(
      months(4, 100, (month, _, random) => draw(month, random)),
      { definition: drift, device, columns },
    );
    const psi = result.measures.find((one) => one.metric === "psi" && one.group?.sex === "f");
    return { psi, text: result.findings.map(({ text }) => text.en).join(" ") };
  };
  const still = await of((month) => (month < 2 ? 0.5 : 0.9));
  expect(still.psi?.value).toBeNull();
  expect(still.text).toContain("one score alone in the whole baseline");
  expect(still.text).not.toContain("too few rows");
  const large = await of((_, random) => random.uniform() * 1e200);
  expect(large.psi?.value).toBeGreaterThan(0);
  expect(large.text).toContain("scores too large to be squared");
});

test("a score of few values keeps ties together in its bins", async () => {
  const cells = months(4, 300, (_, __, random) => (random.uniform() < 0.85 ? 1 : 2 + Math.floor(random.uniform() * 3)));
  const result = await runCells(cells, { definition: drift, device, columns });
  const psi = result.measures.find((one) => one.metric === "psi" && one.group?.sex === "f");
  expect(psi?.value).toBeLessThan(0.1);
  const table = result.tables.find(({ id }) => id === "score-drift-by-sex");
  const bins = table?.rows.map(({ cells }) => cells.at(-2)).filter((cell) => cell !== null);
  for (const count of bins ?? []) expect([2, 3, 4]).toContain(count);
});
