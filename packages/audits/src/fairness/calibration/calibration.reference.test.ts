import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDataset } from "@assay/dataset/node";
import type { Measure, PlanInput } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { runAudit } from "../../testing/run-audit.ts";
import { calibration } from "./index.ts";

const file = fileURLToPath(
  new URL("../../../../../../shared/reference/b1_adult_test_predictions.csv", import.meta.url),
);

/** scikit-learn 1.2.1's `roc_curve` (no points dropped), the area between two summed in Python over their merged steps. */
const areas = {
  sex: { Female: 0.03708122495728924 },
  race: {
    "Amer-Indian-Eskimo": 0.055089750289501714,
    "Asian-Pac-Islander": 0.019223680982616974,
    Black: 0.02967404696508466,
    Other: 0.05583874409998671,
  },
} as const;
/** numpy: mean(y) − mean(score). */
const gaps = { Female: -0.006064868597727632, Male: 0.0021769761642939645 } as const;

describe.skipIf(!existsSync(file))("calibration of a model over Adult", () => {
  test("areas between ROC curves are those of scikit-learn's curves, gaps those of numpy, to 1e-9", async () => {
    const plan: PlanInput = {
      version: 1,
      data: { file: "b1_adult_test_predictions.csv" },
      columns: { label: "y", positive: 1, score: "score", protected: ["sex", "race"], intersections: 1 },
      audits: { "fairness.calibration": { replicates: 199 } },
      seed: 1,
    };
    const dataset = await openDataset(file, {
      name: "adult",
      source: { missing: [""] },
      signal: new AbortController().signal,
    });
    try {
      const run = await runAudit(
        calibration,
        plan,
        dataset.columns,
        async ({ requests }) => (await dataset.load(requests)).table,
      );
      const value = (metric: string, column: string, group: string): number => {
        const found: Measure | undefined = run.measures.find(
          (one) => one.metric === metric && one.group?.[column] === group,
        );
        return found?.value ?? Number.NaN;
      };
      for (const [column, groups] of Object.entries(areas)) {
        for (const [group, area] of Object.entries(groups)) {
          expect(Math.abs(value("abroca", column, group) - area), group).toBeLessThan(1e-9);
        }
      }
      for (const [group, gap] of Object.entries(gaps)) {
        expect(Math.abs(value("calibration-gap", "sex", group) - gap), group).toBeLessThan(1e-9);
      }
    } finally {
      await dataset.close();
    }
  });
});
