import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice } from "@assay/compute";
import { openDataset } from "@assay/dataset/node";
import { type AuditResult, checkPlan, type Measure, type PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inProcess } from "../../executors/in-process.ts";
import { preparePlan } from "../../prepare.ts";
import { runAudits } from "../../run.ts";
import { cutShards } from "../../shards.ts";
import { groupMetrics } from "../group-metrics/index.ts";
import { representation } from "./index.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../../../../../shared/${path}`, import.meta.url));
const compas = at("data/compas-scores-two-years.csv");
const adult = at("reference/b1_adult_test_predictions.csv");

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

async function run(file: string, plan: Omit<PlanInput, "version" | "data">, shards = 1): Promise<AuditResult[]> {
  const dataset = await openDataset(file, {
    name: "rows",
    source: { missing: [""] },
    signal: new AbortController().signal,
  });
  try {
    const checked = checkPlan({ version: 1, data: { file: "rows.csv" }, ...plan });
    const prepared = preparePlan(checked, dataset.columns, { registry: [groupMetrics, representation] });
    const { table, data } = await dataset.load(prepared.requests);
    const { body } = await runAudits({
      prepared,
      data,
      shards: cutShards(table.rows, shards),
      executor: inProcess({ prepared, table, device }),
      device,
      signal: new AbortController().signal,
    });
    return body.audits;
  } finally {
    await dataset.close();
  }
}

const columns: PlanInput["columns"] = {
  label: "two_year_recid",
  positive: 1,
  decision: { column: "decile_score", at_least: 5 },
  protected: ["race", "sex"],
  features: ["age", "priors_count", "days_b_screening_arrest", "c_charge_degree"],
};
const settings = { "fairness.representation": { population: { sex: { Female: 0.2, Male: 0.8 } } } };

function find(result: AuditResult | undefined, about: Partial<Measure>): Measure {
  const found = result?.measures.find((one) =>
    Object.entries(about).every(([key, value]) => JSON.stringify(one[key as keyof Measure]) === JSON.stringify(value)),
  );
  if (!found) throw new Error(`no measure ${JSON.stringify(about)}`);
  return found;
}

/** Ours and scipy's agree to rounding: both take the same closed forms. */
function near(value: number | null | undefined, expected: number, relative = 1e-9): void {
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThanOrEqual(relative * Math.max(Math.abs(expected), 1e-3));
}

/** By representation.expected.py: scipy 1.10, scikit-learn 1.2.1. */
const shares = {
  "African-American": [0.5123371222622678, 0.4968064512259181, 0.5278440093921013],
  Asian: [0.004435819240365955, 0.002795726278276607, 0.007031276986675759],
  "Native American": [0.00249514832270585, 0.0013532562813439704, 0.004596146436953663],
} as const;
const proxies = [
  ["sex", "age", 0.001802498313766645, 0.0005322592079817234, 0.1790093073554884],
  ["sex", "priors_count", 0.019374028862262017, 0.018527202791738737, 2.0084839977128433e-25],
  ["sex", "days_b_screening_arrest", 0.001627897832908415, 0.0010633471192262277, 0.021708158110912253],
  ["sex", "c_charge_degree", 0.002904399315347885, 0.0027632616369273385, 4.860555602213073e-6],
  // Fewer than 5 rows are expected of a cell: scipy's χ² is no measure of our permutations.
  ["race", "age", 0.019415056737900355, 0.016808929417368893, null],
  ["race", "priors_count", 0.025532902025893534, 0.023733433161717048, null],
  ["race", "days_b_screening_arrest", 0.00892909314481856, 0.007812181436019363, null],
  ["race", "c_charge_degree", 0.00390929728499049, 0.003599044032546269, 2.7707985965165904e-12],
] as const;

describe.skipIf(!existsSync(compas))("representation in ProPublica's COMPAS file", () => {
  test("shares, fit, missing values and proxies are scipy's and scikit-learn's, to 1e-9", async () => {
    const [result] = await run(compas, { columns, audits: settings, seed: 7 });
    for (const [group, [value, low, high]] of Object.entries(shares)) {
      const share = find(result, { metric: "representation-share", group: { race: group } });
      near(share.value, value);
      near(share.low, low);
      near(share.high, high);
    }
    const distance = find(result, { metric: "representation-distance", by: ["sex"] });
    near(distance.value, 0.2 - 0.19337399500970334);
    near(distance.p, 0.1594410892561737);
    expect(distance.low).toBe(0);
    near(find(result, { metric: "representation-ratio", group: { sex: "Female" } }).value, 0.19337399500970334 / 0.2);
    for (const [by, feature, plugIn, share, p] of proxies) {
      const proxy = find(result, { metric: "normalized-mutual-information", by: [by], feature });
      near(find(result, { metric: "normalized-mutual-information-plug-in", by: [by], feature }).value, plugIn, 1e-8);
      near(proxy.value, share, 1e-8);
      if (p === null) expect(proxy.p).toBeLessThan(0.001);
      else near((proxy.p ?? 0) / p, 1);
    }
    expect(find(result, { metric: "proxy-strength", by: ["race"] }).reference).toBe("priors_count");
    const column = "days_b_screening_arrest";
    near(find(result, { metric: "missing-share", column, group: { sex: "Female" } }).value, 0.04802867383512545);
    const sex = find(result, { metric: "missing-share-difference", column, by: ["sex"] });
    near(sex.value, 0.04802867383512545 - 0.04124420003437017);
    near(sex.p, 0.25954753605346825);
    expect(find(result, { metric: "missing-share-difference", column, by: ["race"] }).p).toBeLessThan(0.001);
  });

  test("base rates and their differences are those of the group metrics, to the last bit", async () => {
    const [groups, result] = await run(compas, {
      columns,
      audits: { ...settings, "fairness.group-metrics": { replicates: 999 } },
      seed: 7,
    });
    const plain = ({ p: _p, p_adjusted: _adjusted, ...rest }: Measure) => rest;
    const own = (result?.measures ?? []).filter(({ metric }) => metric.startsWith("base-rate"));
    expect(own.length).toBeGreaterThan(20);
    for (const measure of own) {
      const { metric } = measure;
      const about = measure.group ? { metric, group: measure.group } : { metric, by: measure.by ?? [] };
      expect(plain(measure)).toEqual(plain(find(groups, about)));
    }
  });

  test("the summary is the same on one shard and on nine", async () => {
    const [one] = await run(compas, { columns, audits: settings, seed: 7 });
    const [nine] = await run(compas, { columns, audits: settings, seed: 7 }, 9);
    expect(nine).toEqual(one);
  });
});

describe.skipIf(!existsSync(adult))("representation in Adult", () => {
  test("women are under-represented against the population of the United States", async () => {
    const [result] = await run(adult, {
      columns: { label: "y", positive: 1, protected: ["sex", "race"] },
      audits: { "fairness.representation": { population: { sex: { Female: 0.5077, Male: 0.4923 } } } },
      seed: 7,
    });
    const share = find(result, { metric: "representation-share", group: { sex: "Female" } });
    near(share.low, 0.324738925211789);
    near(share.high, 0.34129373948220143);
    near(find(result, { metric: "representation-distance", by: ["sex"] }).value, 0.17473519439837853);
    const finding = result?.findings.find(({ id }) => id === "representation-by-sex");
    expect(finding?.text.en).toMatch(/^\*\*Female is under-represented by sex\.\*\* Female has 33\.3 % of the rows/);
    expect(finding?.text["zh-CN"]).toMatch(/^\*\*按 sex，Female 代表不足。\*\*/);
    expect(finding?.severity).toBe("medium");
  });
});
