import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDevice } from "@assay/compute";
import { openDataset } from "@assay/dataset/node";
import { type AuditResult, checkPlan } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { inProcess } from "../../executors/in-process.ts";
import { preparePlan } from "../../prepare.ts";
import { runAudits } from "../../run.ts";
import { cutShards } from "../../shards.ts";
import { subgroups } from "./index.ts";

const file = fileURLToPath(new URL("../../../../../../shared/data/compas-scores-two-years.csv", import.meta.url));

/** The audit over ProPublica's file. */
async function search(settings: Readonly<Record<string, unknown>>, shards = 1): Promise<AuditResult> {
  const plan = checkPlan({
    version: 1,
    data: { file: "compas.csv" },
    columns: {
      label: "two_year_recid",
      positive: "1",
      decision: { column: "decile_score", at_least: 5 },
      protected: ["race", "sex"],
      features: ["age", "priors_count", "c_charge_degree", "juv_fel_count"],
      favourable: "negative",
    },
    audits: { "fairness.subgroups": settings },
    seed: 7,
  });
  const dataset = await openDataset(file, {
    name: "compas",
    source: { missing: [""] },
    signal: new AbortController().signal,
  });
  const device = await openDevice("cpu");
  try {
    const prepared = preparePlan(plan, dataset.columns, { registry: [subgroups] });
    const { table, data } = await dataset.load(prepared.requests);
    const { body } = await runAudits({
      prepared,
      data,
      shards: cutShards(table.rows, shards),
      executor: inProcess({ prepared, table, device }),
      device,
      signal: new AbortController().signal,
    });
    const [result] = body.audits;
    if (result?.status !== "completed") throw new Error(result?.reason?.en);
    return result;
  } finally {
    device.dispose();
    await dataset.close();
  }
}

/** Rows and errors of a group in both halves together. */
function bothHalves(result: AuditResult, metric: string, group: Readonly<Record<string, string>>): [number, number] {
  const found = result.measures.filter(
    (one) => one.metric === metric && JSON.stringify(one.group ?? {}) === JSON.stringify(group),
  );
  expect(found).toHaveLength(2);
  const n = found.reduce((sum, one) => sum + (one.n ?? 0), 0);
  return [n, Math.round(found.reduce((sum, one) => sum + (one.n ?? 0) * (one.value ?? 0), 0))];
}

// Counts of both halves together are those of pandas 1.5.3: see compas.expected.py.
describe.skipIf(!existsSync(file))("COMPAS", () => {
  test("false alarms are worst for Black defendants with five or more priors: 7 of 10 who did not reoffend", async () => {
    const result = await search({ metric: "false-positive-rate" });
    expect(bothHalves(result, "false-positive-rate", {})).toEqual([3963, 1282]);
    const worst = { race: "African-American", priors_count: "≥5" };
    expect(bothHalves(result, "false-positive-rate", worst)).toEqual([392, 279]);
    expect(bothHalves(result, "false-positive-rate", { priors_count: "≥5" })).toEqual([620, 398]);
    expect(bothHalves(result, "false-positive-rate", { age: "<26" })).toEqual([831, 443]);
    expect(result.findings.map((one) => one.id)).toEqual(["slice-1", "slice-2", "slice-9"]);
    expect(result.findings[0]?.text.en).toBe(
      "**False alarms are more frequent for race = African-American, priors_count ≥5.** Of 196 held-out people who are truly negative in this group, 71.4 % were decided positive, and 29.2 % of all others: a gap of 42.2 points (95 % interval 35.2 to 48.4; adjusted p < 0.001; n = 196 and 1,844). Found with it, and adding nothing: race = African-American, sex = Male, priors_count ≥5. Check whether the training data hold few of them, describe them worse, or label them less reliably.",
    );
    expect(await search({ metric: "false-positive-rate" }, 13)).toEqual(result);
  });

  test("misses are worst for people with few priors: half of those who did reoffend", async () => {
    const result = await search({ metric: "false-negative-rate" });
    expect(bothHalves(result, "false-negative-rate", {})).toEqual([3251, 1216]);
    expect(bothHalves(result, "false-negative-rate", { priors_count: "<2" })).toEqual([1131, 637]);
    expect(result.findings[0]?.text.en).toContain("**Misses are more frequent for priors_count <2.**");
  });

  test("wrong decisions as such are spread too evenly for one half to confirm what the other shows", async () => {
    const result = await search({});
    expect(result.findings.map((one) => [one.id, one.verdict])).toEqual([["not-confirmed", "indeterminate"]]);
    expect(result.findings[0]?.text.en).toMatch(/^\*\*Cannot tell that any group is worse off\.\*\*/);
  });
});
