import { readFileSync } from "node:fs";
import type { PlanInput } from "@assay/schema";
import { describe, expect, test } from "vitest";
import type { AuditRun } from "../../../testing/run-audit.ts";
import { isSound } from "../../../testing/sound-run.ts";
import { auditCompas, hasCompas, measureOf } from "../compas.testing.ts";

type Rates = Readonly<Record<string, number | null>>;
type Whole = Rates & { readonly classes: Readonly<Record<string, Rates>> };
interface Frame {
  readonly overall: Whole;
  readonly groups: readonly (Whole & { readonly group: Readonly<Record<string, string>> })[];
}
/** Made by per-group.py. */
const expected = JSON.parse(readFileSync(new URL("../per-group.json", import.meta.url), "utf8")) as {
  readonly classes: Frame;
};

const whole = ["count", "accuracy", "f1-macro", "f1-weighted", "cohen-kappa", "mcc"];

function audit(columns: Partial<PlanInput["columns"]>, shards: number): Promise<AuditRun> {
  const all = { label: "v_score_text", prediction: "score_text", protected: ["race", "sex"], ...columns };
  return auditCompas(all, { min_count: 0, replicates: 199 }, shards);
}

describe.skipIf(!hasCompas)("predicted classes by group are scikit-learn's, to 1e-12", () => {
  test("every metric of the table and of each class, by race, sex and both; the greatest gaps over classes", async () => {
    const run = await audit({}, 1);
    isSound(run);
    const value = (about: Parameters<typeof measureOf>[1]): number | null | undefined => measureOf(run, about)?.value;
    const { overall, groups } = expected.classes;
    let undefinedOnes = 0;
    const same = (own: number | null | undefined, wanted: number | null | undefined, about: string): void => {
      expect(wanted === undefined, about).toBe(false);
      // scikit-learn gives 0 where all labels and predictions of a group are one class; here that is not known.
      if (own === null) {
        undefinedOnes++;
        expect(wanted === null || /kappa|mcc/.test(about), about).toBe(true);
      } else expect(own, about).toBeCloseTo(wanted ?? Number.NaN, 12);
    };
    for (const metric of whole) {
      expect(value({ metric }), metric).toBeCloseTo(overall[metric] ?? Number.NaN, 12);
      for (const one of groups)
        same(value({ metric, group: one.group }), one[metric], `${metric} ${JSON.stringify(one.group)}`);
    }
    for (const [name, rates] of Object.entries(overall.classes)) {
      for (const [metric, wanted] of Object.entries(rates)) {
        expect(value({ metric, class: name }), metric).toBeCloseTo(wanted ?? Number.NaN, 12);
        for (const one of groups) {
          same(value({ metric, class: name, group: one.group }), one.classes[name]?.[metric], `${metric} ${name}`);
        }
      }
    }
    expect(undefinedOnes).toBeLessThan(40);
    for (const by of [["race"], ["sex"]]) {
      const own = groups.filter(({ group }) => Object.keys(group).join() === by.join());
      const gap = (metric: string, name: string): number => {
        const all = own.flatMap((one) => one.classes[name]?.[metric] ?? []);
        return Math.max(...all) - Math.min(...all);
      };
      const names = Object.keys(overall.classes);
      expect(value({ metric: "demographic-parity-difference", by })).toBeCloseTo(
        Math.max(...names.map((name) => gap("selection-rate", name))),
        12,
      );
      expect(value({ metric: "equalized-odds-difference", by })).toBeCloseTo(
        Math.max(...names.flatMap((name) => [gap("true-positive-rate", name), gap("false-positive-rate", name)])),
        12,
      );
    }
  });

  test("one shard or seven give the same summary and the same measures", async () => {
    const columns = { control: ["c_charge_degree"], weight: "age" };
    const [one, seven] = [await audit(columns, 1), await audit(columns, 7)];
    expect(seven.summary).toEqual(one.summary);
    expect(seven.measures).toEqual(one.measures);
  });
});
