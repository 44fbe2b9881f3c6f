import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { studentQuantile } from "../../../statistics/index.ts";
import { runCells } from "../../../testing/run-cells.ts";
import { groupMetrics } from "../index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

interface Row {
  readonly query: string;
  readonly group: string;
  readonly kind: string;
  readonly relevance: number;
  readonly score: number;
}

const columns = { query: "query", score: "score", label: "relevance", protected: ["group"], control: ["kind"] };

function audit(rows: readonly Row[], shards = 1) {
  const cells = {
    query: rows.map(({ query }) => query),
    group: rows.map(({ group }) => group),
    kind: rows.map(({ kind }) => kind),
    relevance: rows.map(({ relevance }) => relevance),
    score: rows.map(({ score }) => score),
  };
  return runCells(cells, {
    definition: groupMetrics,
    device,
    columns,
    shards,
    settings: { min_count: 0, replicates: 199 },
  });
}

/** Long lists, in which group b stands more often, and short ones; or kinds of rows within lists. */
function draw(count: number, whole: boolean): Row[] {
  const random = new PhiloxStream(77, 1);
  return Array.from({ length: count }, (_, list) => {
    const own = list % 2 === 0 ? "long" : "short";
    return Array.from({ length: own === "long" ? 12 : 4 }, (): Row => {
      const group = random.uniform() < (own === "long" ? 0.75 : 0.25) ? "b" : "a";
      const relevance = random.uniform() < 0.4 ? 1 : 0;
      const kind = whole ? own : random.uniform() < (group === "b" ? 0.7 : 0.3) ? "new" : "known";
      return { query: `q${list}`, group, kind, relevance, score: random.uniform() + (kind === "new" ? 0 : 0.5) };
    });
  }).flat();
}

/** Exposure or pairwise accuracy of the rows that are asked for: what stands over and under the line. Scores never tie. */
function sums(rows: readonly Row[], metric: string, isIn: (row: Row) => boolean): readonly [number, number] {
  let [over, under] = [0, 0];
  for (const query of new Set(rows.map((row) => row.query))) {
    const list = rows.filter((row) => row.query === query).sort((a, b) => b.score - a.score);
    for (const [place, row] of list.entries()) {
      if (!isIn(row)) continue;
      if (metric === "exposure") {
        over += 1 / Math.log2(2 + place);
        under++;
        continue;
      }
      for (const [at, other] of list.entries()) {
        if (!(row.relevance > other.relevance)) continue;
        under++;
        if (place < at) over++;
      }
    }
  }
  return [over, under];
}

function pooledOf(rows: readonly Row[], metric: string): number {
  let [weights, sum] = [0, 0];
  for (const kind of new Set(rows.map((row) => row.kind))) {
    const [[over1, under1], [over0, under0]] = ["b", "a"].map((group) =>
      sums(rows, metric, (row) => row.kind === kind && row.group === group),
    ) as [readonly [number, number], readonly [number, number]];
    if (under1 === 0 || under0 === 0) continue;
    const weight = (under1 * under0) / (under1 + under0);
    weights += weight;
    sum += weight * (over1 / under1 - over0 / under0);
  }
  return sum / weights;
}

describe.each([
  ["control columns of whole lists", true],
  ["control columns that differ within lists", false],
] as const)("%s", (_, whole) => {
  const rows = draw(24, whole);

  test("give means over rows by stratum, and their gap pooled, as the rows have it with each list left out", async () => {
    const result = await audit(rows);
    const find = (metric: string, group: string, kind?: string) =>
      result.measures.find(
        (one) =>
          one.metric === metric && one.group?.group === group && one.stratum?.kind === kind && one.class === undefined,
      );
    const comparator = result.measures.find(({ metric }) => metric === "exposure-difference-pooled")?.reference;
    const sign = comparator === "a" ? 1 : -1;
    const other = comparator === "a" ? "b" : "a";
    for (const metric of ["exposure", "pairwise-accuracy"]) {
      for (const kind of new Set(rows.map((row) => row.kind))) {
        for (const group of ["a", "b"]) {
          const [over, under] = sums(rows, metric, (row) => row.kind === kind && row.group === group);
          expect(find(metric, group, kind)?.value, `${metric} ${group} ${kind}`).toBeCloseTo(over / under, 12);
        }
      }
      const pooled = find(`${metric}-difference-pooled`, other);
      expect(pooled?.value).toBeCloseTo(sign * pooledOf(rows, metric), 12);
      // A list without pairs tells nothing of them.
      const lists = [...new Set(rows.map(({ query }) => query))];
      const told = lists.filter((query) => sums(rows, metric, (row) => row.query === query)[1] > 0);
      const without = told.map((query) =>
        pooledOf(
          rows.filter((row) => row.query !== query),
          metric,
        ),
      );
      const mean = without.reduce((sum, one) => sum + one, 0) / without.length;
      const error = Math.sqrt(
        ((without.length - 1) / without.length) * without.reduce((sum, one) => sum + (one - mean) ** 2, 0),
      );
      const half = studentQuantile(0.975, without.length - 1) * error;
      expect((pooled?.high ?? 0) - (pooled?.value ?? 0)).toBeCloseTo(half, 10);
      expect(pooled?.method).toBe("jackknife-lists");
    }
    expect(await audit(rows, 5)).toEqual(result);
  });

  test(whole ? "tell of pairs too" : "refuse what compares groups within their list, and say why", async () => {
    const result = await audit(rows);
    const inter = result.measures.find(({ metric }) => metric === "inter-group-pairwise-accuracy-difference-pooled");
    if (whole) expect(inter?.value).not.toBeNull();
    else expect(inter).toMatchObject({ value: null, reason: expect.stringContaining("differs within lists") });
    const found = result.findings.some(({ id }) => id === "strata-within-lists");
    expect(found).toBe(!whole);
  });
});

test("a gap that comes from how groups spread over kinds of lists is told as Simpson's paradox", async () => {
  const rows = draw(120, true);
  const result = await audit(rows);
  const turned = result.findings.find(({ id }) => id.startsWith("places-within-strata"));
  expect(turned?.text.en).toContain("exposure by group");
  expect(turned?.text["zh-CN"]).toContain("辛普森悖论");
  expect(result.figures.map(({ id }) => id)).toContain(turned?.figure);
});
