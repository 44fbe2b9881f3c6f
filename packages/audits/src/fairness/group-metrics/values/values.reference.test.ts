import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDataset } from "@assay/dataset/node";
import type { Measure, PlanInput } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { type AuditRun, runAudit } from "../../../testing/run-audit.ts";
import { isSound } from "../../../testing/sound-run.ts";
import { groupMetrics } from "../index.ts";

const compas = fileURLToPath(new URL("../../../../../../../shared/data/compas-scores-two-years.csv", import.meta.url));

type Values = Readonly<Record<string, number | null>>;
interface Frame {
  readonly overall: Values;
  readonly groups: readonly (Values & { readonly group: Readonly<Record<string, string>> })[];
}
/** Made by per-group.py. */
const expected = JSON.parse(readFileSync(new URL("../per-group.json", import.meta.url), "utf8")) as {
  readonly values: Frame;
  readonly weighted: Frame;
};

const metrics = [
  "count",
  "mean-prediction",
  "mean-label",
  "mean-residual",
  "mean-absolute-error",
  "root-mean-squared-error",
  "r2",
];

async function audit(columns: Partial<PlanInput["columns"]>, shards: number): Promise<AuditRun> {
  const dataset = await openDataset(compas, {
    name: "compas",
    source: { missing: [""] },
    signal: new AbortController().signal,
  });
  try {
    const plan: PlanInput = {
      version: 1,
      data: { file: "compas.csv" },
      columns: { label: "v_decile_score", prediction: "decile_score", protected: ["race", "sex"], ...columns },
      audits: { "fairness.group-metrics": { output: "values", min_count: 0 } },
    };
    return await runAudit(
      groupMetrics,
      plan,
      dataset.columns,
      async (prepared) => (await dataset.load(prepared.requests)).table,
      shards,
    );
  } finally {
    await dataset.close();
  }
}

function value(run: AuditRun, about: Partial<Measure>): number | null | undefined {
  const keys = ["metric", "group", "by", "class", "stratum"] as const;
  return run.measures.find((one) => keys.every((key) => JSON.stringify(one[key]) === JSON.stringify(about[key])))
    ?.value;
}

describe.skipIf(!existsSync(compas))("predicted numbers by group are scikit-learn's, to 1e-12", () => {
  test.each([
    ["plain rows", {}, expected.values],
    ["rows weighted by age", { weight: "age" }, expected.weighted],
  ] as const)(
    "%s",
    async (_, columns, frame) => {
      const run = await audit(columns, 1);
      isSound(run);
      for (const metric of metrics) {
        expect(value(run, { metric }), metric).toBeCloseTo(frame.overall[metric] ?? Number.NaN, 12);
        for (const one of frame.groups) {
          const own = value(run, { metric, group: one.group });
          const wanted = one[metric];
          if (wanted === null || wanted === undefined)
            expect(own, `${metric} of ${JSON.stringify(one.group)}`).toBeNull();
          else expect(own, `${metric} of ${JSON.stringify(one.group)}`).toBeCloseTo(wanted, 11);
        }
      }
      // Fairlearn's MetricFrame: difference(method="between_groups") and ratio() over the groups of a column.
      for (const by of [["race"], ["sex"]]) {
        for (const metric of ["mean-prediction", "mean-absolute-error", "root-mean-squared-error"]) {
          const all = frame.groups
            .filter(({ group }) => Object.keys(group).join() === by.join())
            .map((one) => one[metric] ?? 0);
          expect(value(run, { metric: `${metric}-difference`, by })).toBeCloseTo(
            Math.max(...all) - Math.min(...all),
            11,
          );
          expect(value(run, { metric: `${metric}-ratio`, by })).toBeCloseTo(Math.min(...all) / Math.max(...all), 11);
        }
      }
    },
    60_000,
  );

  test("one shard or seven give the same summary and the same measures", async () => {
    const [one, seven] = [
      await audit({ control: ["c_charge_degree"] }, 1),
      await audit({ control: ["c_charge_degree"] }, 7),
    ];
    expect(seven.summary).toEqual(one.summary);
    expect(seven.measures).toEqual(one.measures);
  }, 60_000);
});
