import { type Device, openDevice } from "@assay/compute";
import type { AuditResult } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCells } from "../../testing/run-cells.ts";
import { subgroups } from "./index.ts";
import { type Planted, planted, searched } from "./planted-data.testing.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

function run(options: Planted, settings: Readonly<Record<string, unknown>> = {}): Promise<AuditResult> {
  return runCells(planted(options), {
    definition: subgroups,
    device,
    columns: { label: "label", decision: "decision", protected: ["sex", "age"], features: [...searched].slice(2) },
    settings,
    seed: options.seed,
  });
}

function confirmedOf(result: AuditResult): number {
  return result.measures.find((one) => one.metric === "slices-confirmed")?.value ?? Number.NaN;
}

describe("simulated people", () => {
  test("who do not differ: no group is confirmed in 95 of 100 runs", async () => {
    // Errors are drawn apart from every column, as labels shuffled over the rows are.
    const runs = 250;
    let alarms = 0;
    let found = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const result = await run({ rows: 600, seed, base: 0.3, share: 0.25, extra: 0 }, { min_count: 20 });
      if (confirmedOf(result) > 0) alarms++;
      found += result.measures.find((one) => one.metric === "slices-found")?.value ?? 0;
    }
    // Groups are found in every run: it is their confirmation that holds.
    expect(found / runs).toBeGreaterThan(5);
    // Binomial: with a true rate of 5 %, more than 23 alarms of 250 have a chance of 0.2 %.
    expect(alarms).toBeLessThanOrEqual(23);
  }, 120_000);

  test("of whom one group differs: it is the first told, by its own description, in 9 of 10 runs", async () => {
    let told = 0;
    const runs = 40;
    for (let seed = 1; seed <= runs; seed++) {
      const result = await run({ rows: 4000, seed, base: 0.1, share: 0.1, extra: 0.2 });
      const [first] = result.findings;
      if (first?.text.en.startsWith("**Decisions are more often wrong for sex = f, age = old.**")) told++;
    }
    expect(told).toBeGreaterThanOrEqual(36);
  }, 120_000);

  test("intervals of confirmed groups cover the truth, though the groups were chosen", async () => {
    // Of the planted group: truth is known. Two-sided 95 % intervals on rows that had no part in choosing it.
    let covered = 0;
    let seen = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const result = await run({ rows: 2000, seed, base: 0.1, share: 0.15, extra: 0.2 });
      const rate = result.measures.find(
        (one) =>
          one.metric === "error-rate" &&
          one.split === "confirmation" &&
          JSON.stringify(one.group) === '{"sex":"f","age":"old"}',
      );
      if (rate?.low === undefined || rate.high === undefined) continue;
      seen++;
      if (rate.low <= 0.3 && 0.3 <= rate.high) covered++;
    }
    expect(seen).toBeGreaterThan(140);
    // Binomial: with a true coverage of 95 %, fewer than 89 % of 150 have a chance of 0.2 %.
    expect(covered / seen).toBeGreaterThan(0.89);
  }, 120_000);
});
