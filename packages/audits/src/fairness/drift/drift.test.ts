import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCells } from "../../testing/run-cells.ts";
import { drift } from "./index.ts";
import { periodOf } from "./periods.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

/** Months of two groups: 100 people of each, so many of whom are selected. */
function months(selected: readonly (readonly [number, number])[]) {
  const when: string[] = [];
  const sex: string[] = [];
  const decision: string[] = [];
  for (const [month, pair] of selected.entries()) {
    for (const [side, count] of pair.entries()) {
      for (let row = 0; row < 100; row++) {
        when.push(`2026-${String(month + 1).padStart(2, "0")}-${String((row % 28) + 1).padStart(2, "0")}`);
        sex.push(side === 0 ? "f" : "m");
        decision.push(row < count ? "1" : "0");
      }
    }
  }
  return { when, sex, decision };
}

const columns = { time: "when", protected: ["sex"], decision: "decision" };

test("a gap that widens is an alarm, counts rows by period and says where it was", async () => {
  const result = await runCells(
    months([[40, 42], [41, 42], ...Array.from({ length: 8 }, (): [number, number] => [15, 42])]),
    { definition: drift, device, columns, settings: { baseline_periods: 2 } },
  );
  const gap = result.measures.find((one) => one.metric === "selection-rate-gap-change");
  expect(gap?.group).toEqual({ sex: "m" });
  expect(gap?.reference).toBe("f");
  expect(gap?.value).toBeCloseTo(0.27 - 0.015, 10);
  expect(gap?.p_adjusted).toBeLessThan(0.05);
  const before = result.measures.find(
    (one) => one.metric === "selection-rate" && one.split === "baseline" && one.group?.sex === "f",
  );
  expect(before?.value).toBeCloseTo(81 / 200, 12);
  expect(before?.n).toBe(200);
  const third = result.measures.find(
    (one) => one.metric === "selection-rate" && one.split === "2026-03" && one.group?.sex === "f",
  );
  expect(third?.value).toBeCloseTo(0.15, 12);
  expect(result.findings[0]).toMatchObject({ id: "drift", verdict: "fail" });
  const told = result.findings.find((one) => one.id === "gap-selection-rate-sex-m");
  expect(told).toMatchObject({ verdict: "fail", severity: "high" });
  expect(told?.text.en).toContain("has widened");
  expect(told?.text["zh-CN"]).toContain("已扩大");
  expect(result.figures.map(({ id }) => id)).toEqual(["selection-rate-over-time-by-sex"]);
});

test("nothing that changes is no alarm, and the chance of a false one is told", async () => {
  const result = await runCells(months(Array.from({ length: 6 }, (): [number, number] => [40, 42])), {
    definition: drift,
    device,
    columns,
  });
  expect(result.measures[0]).toMatchObject({ metric: "drift-alarms", value: 0, n: 4 });
  expect(result.findings[0]).toMatchObject({ id: "drift", verdict: "pass" });
  expect(result.findings[0]?.text.en).toContain("at most 5 %, however often one looks");
});

test("rates that fall for all alike are a change of rates, and none of the gap", async () => {
  const result = await runCells(
    months([[60, 60], [60, 60], ...Array.from({ length: 6 }, (): [number, number] => [25, 25])]),
    { definition: drift, device, columns, settings: { baseline_periods: 2 } },
  );
  const alarms = result.findings.map(({ id }) => id);
  expect(alarms).toContain("rate-selection-rate-sex-f");
  expect(alarms).not.toContain("gap-selection-rate-sex-m");
});

test("the same on one shard and on seven", async () => {
  const cells = months([
    [40, 42],
    [38, 42],
    [20, 44],
  ]);
  const options = { definition: drift, device, columns };
  const one = await runCells(cells, options);
  const seven = await runCells(cells, { ...options, shards: 7 });
  expect(seven).toEqual(one);
});

test("what cannot be told is told: one period, unreadable times, groups that begin later", async () => {
  const one = await runCells(months([[40, 42]]), { definition: drift, device, columns });
  expect(one.findings[0]).toMatchObject({ id: "drift", verdict: "indeterminate" });
  expect(one.measures[0]).toMatchObject({ value: null, reason: "no period after the baseline" });

  const cells = months([
    [40, 42],
    [40, 42],
  ]);
  cells.when[0] = "soon";
  cells.sex[399] = "x";
  const some = await runCells(cells, { definition: drift, device, columns });
  expect(some.measures[1]).toMatchObject({ metric: "undated-count", value: 1 });
  expect(some.findings.map(({ id, verdict }) => [id, verdict])).toEqual([
    ["drift", "pass"],
    ["untested", "indeterminate"],
    ["undated", "info"],
  ]);
});

test("a baseline ends with the period that holds its last day", async () => {
  const result = await runCells(months(Array.from({ length: 4 }, (): [number, number] => [40, 42])), {
    definition: drift,
    device,
    columns,
    settings: { baseline_until: "2026-03-10" },
  });
  const splits = result.measures.flatMap((one) => (one.group?.sex === "f" && one.split ? [one.split] : []));
  expect(splits).toEqual(["baseline", "2026-04"]);
});

test("periods of times as files write them", () => {
  const day = "2026-01-01T23:59:59+14:00";
  expect((["day", "week", "month", "quarter", "year"] as const).map((kind) => periodOf(day, kind))).toEqual([
    "2026-01-01",
    "2026-W01",
    "2026-01",
    "2026-Q1",
    "2026",
  ]);
  // ISO 8601: the first days of 2027 belong to the last week of 2026.
  expect(periodOf("2027-01-03", "week")).toBe("2026-W53");
  expect(periodOf("2026/12/31 08:00", "quarter")).toBe("2026-Q4");
  expect(periodOf("2026-02", "month")).toBe("2026-02");
  for (const text of ["", "2026-13", "2026-02-30", "26-01-01", "2026-01/02", "now"]) {
    expect(periodOf(text, "day")).toBeNull();
  }
  expect(periodOf("2026-02", "day")).toBeNull();
});
