import { openDevice } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import { AssayError, Plan, type PlanInput, type ReportData } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AuditDefinition, defineAudit } from "./define.ts";
import { inProcess } from "./executors/in-process.ts";
import { preparePlan } from "./prepare.ts";
import { runAudits } from "./run.ts";
import { cutShards } from "./shards.ts";

const words = {
  name: "n",
  question: "q",
  method: "m",
  reading: "r",
  action: "a",
  limits: "l",
  settings: {},
};

/** Counts rows in two rounds; the second is told what the first found. */
const rounds = defineAudit({
  id: "impact.rounds",
  version: 1,
  input: z.strictObject({}),
  needs: { columns: ["decision"], uses: [] },
  requests: () => [],
  gives: () => [{ metric: "rows", scope: "overall", by: [] }],
  plan(shards, _context, previous) {
    if (previous === null) return shards.ranges.map((range) => ({ ...range, detail: null }));
    if (previous.round === 0) return shards.ranges.map((range) => ({ ...range, detail: previous.summary.rows }));
    return null;
  },
  measure: async (rows, step) => ({ rows: rows.rows, told: typeof step.detail === "number" ? [step.detail] : [] }),
  merge: (a, b) => ({ rows: a.rows + b.rows, told: [...new Set([...a.told, ...b.told])] }),
  conclude: async (summary) => ({
    measures: [
      { metric: "rows", value: summary.rows },
      { metric: "told", value: summary.told[0] ?? null },
    ],
    figures: [],
    tables: [],
  }),
  judge: () => [],
  text: { en: words, "zh-CN": words },
  references: [],
});

function broken(over: Partial<AuditDefinition>): AuditDefinition {
  return { ...rounds, id: "impact.broken", gives: () => [{ metric: "other", scope: "overall", by: [] }], ...over };
}

const data: ReportData = {
  rows: 10,
  rowsRead: 10,
  digest: `sha256:${"0".repeat(64)}`,
  format: "csv",
  encoding: "utf-8",
  columns: [],
  warnings: [],
};
const table: CodedTable = { rows: 10, columns: {}, counts: null };

async function run(registry: AuditDefinition[], over: Partial<PlanInput> = {}, signal = new AbortController().signal) {
  const plan = Plan.parse({ version: 1, data: { file: "d.csv" }, columns: { decision: "d" }, ...over });
  const prepared = preparePlan(plan, [{ name: "d", type: "integer" }], { registry });
  const device = await openDevice("cpu");
  try {
    const executor = inProcess({ prepared, table, device });
    const { body } = await runAudits({ prepared, data, shards: cutShards(10, 3), executor, device, signal });
    return body;
  } finally {
    device.dispose();
  }
}

describe("runAudits", () => {
  it("plans the next round with the merge of every round so far", async () => {
    const body = await run([rounds]);
    expect(body.audits[0]?.measures).toEqual([
      { metric: "rows", value: 20 },
      { metric: "told", value: 10 },
    ]);
  });

  it("tells a failed audit in its place and goes on; its rule is indeterminate, never a pass", async () => {
    const failing = broken({ measure: () => Promise.reject(new AssayError("data-invalid", "row 3 is odd")) });
    const body = await run([failing, rounds], { rules: [{ metric: "other", at_most: 1 }] });
    expect(body.audits.map(({ id, status }) => [id, status])).toEqual([
      ["impact.broken", "failed"],
      ["impact.rounds", "completed"],
    ]);
    expect(body.audits[0]?.reason?.en).toBe("row 3 is odd");
    expect(body.gate.verdict).toBe("indeterminate");
    expect(body.gate.rules[0]?.text.en).toContain("because impact.broken failed");
  });

  it("refuses a number that is none, instead of writing it", async () => {
    const odd = broken({
      conclude: async () => ({ measures: [{ metric: "other", value: Number.NaN }], figures: [], tables: [] }),
    });
    const body = await run([odd, rounds]);
    expect(body.audits.map((result) => result.status)).toEqual(["failed", "completed"]);
    expect(body.audits[0]?.reason?.en).toMatch(/measures\.0\.value/);
  });

  it.each([
    ["the heap", () => void new ArrayBuffer(Number.MAX_SAFE_INTEGER)],
    [
      "WebAssembly",
      async () => {
        const device = await openDevice("cpu");
        try {
          for (;;) device.allocate(2 ** 30);
        } finally {
          device.dispose();
        }
      },
    ],
  ])("says what to do where the memory of %s does not suffice, in both languages", async (_, exhaust) => {
    const large = broken({
      measure: async () => {
        await exhaust();
        return { rows: 1, told: [] };
      },
    });
    const body = await run([large, rounds]);
    expect(body.audits.map((result) => result.status)).toEqual(["failed", "completed"]);
    expect(body.audits[0]?.reason?.en).toMatch(/^the memory did not suffice \(.+\); leave out columns or rows/);
    expect(body.audits[0]?.reason?.["zh-CN"]).toMatch(/^内存不足（.+）；请减少列或行/);
  });

  it("ends with the error cancelled when it is aborted, not with a failed audit", async () => {
    const controller = new AbortController();
    const aborting = broken({
      measure: async () => {
        controller.abort();
        return { rows: 1, told: [] };
      },
    });
    await expect(run([aborting, rounds], {}, controller.signal)).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("cutShards", () => {
  it.each([
    [10, 3],
    [3, 10],
    [0, 4],
    [1, 1],
    [1_000_003, 64],
  ])("cuts %d rows into at most %d ranges that join without a gap", (rows, count) => {
    const { ranges } = cutShards(rows, count);
    expect(ranges.length).toBe(Math.max(1, Math.min(rows, count)));
    expect(ranges[0]?.start).toBe(0);
    expect(ranges.at(-1)?.end).toBe(rows);
    for (const [index, range] of ranges.entries()) expect(range.start).toBe(index === 0 ? 0 : ranges[index - 1]?.end);
  });
});
