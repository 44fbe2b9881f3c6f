import { readFileSync } from "node:fs";
import type { PlanInput } from "@assay/schema";
import { describe, expect, test } from "vitest";
import type { AuditRun } from "../../../testing/run-audit.ts";
import { isSound } from "../../../testing/sound-run.ts";
import { auditCompas, hasCompas, measureOf } from "../compas.testing.ts";

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

function audit(columns: Partial<PlanInput["columns"]>, shards: number): Promise<AuditRun> {
  const all = { label: "v_decile_score", prediction: "decile_score", protected: ["race", "sex"], ...columns };
  return auditCompas(all, { output: "values", min_count: 0 }, shards);
}

// scikit-learn adds up doubles; ours are exact: what is apart is theirs.
describe.skipIf(!hasCompas)("predicted numbers by group are scikit-learn's, to 1e-11", () => {
  test.each([
    ["plain rows", {}, expected.values],
    ["rows weighted by age", { weight: "age" }, expected.weighted],
  ] as const)(
    "%s",
    async (_, columns, frame) => {
      const run = await audit(columns, 1);
      isSound(run);
      const value = (about: Parameters<typeof measureOf>[1]): number | null | undefined => measureOf(run, about)?.value;
      for (const metric of metrics) {
        expect(value({ metric }), metric).toBeCloseTo(frame.overall[metric] ?? Number.NaN, 11);
        for (const one of frame.groups) {
          const own = value({ metric, group: one.group });
          const wanted = one[metric] ?? null;
          if (wanted === null) expect(own, `${metric} of ${JSON.stringify(one.group)}`).toBeNull();
          else expect(own, `${metric} of ${JSON.stringify(one.group)}`).toBeCloseTo(wanted, 11);
        }
      }
      // Fairlearn's MetricFrame: difference(method="between_groups") and ratio() over the groups of a column.
      for (const by of [["race"], ["sex"]]) {
        for (const metric of ["mean-prediction", "mean-absolute-error", "root-mean-squared-error"]) {
          const all = frame.groups
            .filter(({ group }) => Object.keys(group).join() === by.join())
            .map((one) => one[metric] ?? 0);
          expect(value({ metric: `${metric}-difference`, by })).toBeCloseTo(Math.max(...all) - Math.min(...all), 11);
          expect(value({ metric: `${metric}-ratio`, by })).toBeCloseTo(Math.min(...all) / Math.max(...all), 11);
        }
      }
    },
    60_000,
  );

  test("one shard or seven give the same summary and the same measures", async () => {
    const columns = { control: ["c_charge_degree"] };
    const [one, seven] = [await audit(columns, 1), await audit(columns, 7)];
    expect(seven.summary).toEqual(one.summary);
    expect(seven.measures).toEqual(one.measures);
  });
});
