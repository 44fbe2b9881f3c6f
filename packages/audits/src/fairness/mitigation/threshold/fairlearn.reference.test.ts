import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { coded, numbers } from "@assay/dataset";
import { openDataset } from "@assay/dataset/node";
import { describe, expect, it } from "vitest";
import { pooledScores } from "./cells.ts";
import type { GroupScores } from "./hull.ts";
import { learn } from "./learn.ts";
import { acceptance } from "./mixture.ts";

const shared = fileURLToPath(new URL("../../../../../../../shared/", import.meta.url));
const reference = `${shared}reference/b7_mitigation.json`;

interface Fairlearn {
  readonly groups: readonly string[];
  readonly accuracy: number;
  readonly selection: Readonly<Record<string, number>>;
  readonly tpr: Readonly<Record<string, number>>;
  readonly fpr: Readonly<Record<string, number>>;
}

const constraints = [
  ["demographic-parity", "compas_threshold_demographic_parity"],
  ["equalized-odds", "compas_threshold_equalized_odds"],
  ["false-positive-rate-parity", "compas_threshold_false_positive_rate_parity"],
] as const;

/** ProPublica's filter: 6,172 defendants; African-American, Caucasian, and all others. */
async function compas(): Promise<{ readonly names: readonly string[]; readonly groups: readonly GroupScores[] }> {
  const dataset = await openDataset(`${shared}data/compas-scores-two-years.csv`, {
    source: {
      missing: [""],
      where:
        "days_b_screening_arrest <= 30 and days_b_screening_arrest >= -30 and is_recid != -1 and c_charge_degree != 'O' and score_text != 'N/A'",
    },
    signal: new AbortController().signal,
  });
  try {
    const race = { kind: "text", column: "race" } as const;
    const label = { kind: "equals", column: "two_year_recid", equals: ["1"] } as const;
    const score = { kind: "number", column: "decile_score" } as const;
    const { table } = await dataset.load([race, label, score]);
    expect(table.rows).toBe(6172);
    const names = ["African-American", "Caucasian", "Other"];
    const groups = names.map(() => ({
      scores: Float64Array.from({ length: 10 }, (_, index) => index + 1),
      positive: new Float64Array(10),
      negative: new Float64Array(10),
    }));
    const { codes, levels } = coded(table, race);
    for (let row = 0; row < table.rows; row++) {
      const name = levels[(codes[row] ?? 0) - 1] ?? "";
      const group = groups[Math.max(0, names.includes(name) ? names.indexOf(name) : 2)];
      const side = coded(table, label).codes[row] === 2 ? group?.positive : group?.negative;
      const place = (numbers(table, score).values[row] ?? 0) - 1;
      if (side) side[place] = (side[place] ?? 0) + 1;
    }
    return { names, groups };
  } finally {
    await dataset.close();
  }
}

describe.skipIf(!existsSync(reference))(
  "thresholds on COMPAS's decile score, beside Fairlearn's ThresholdOptimizer",
  () => {
    const fairlearn = existsSync(reference)
      ? (JSON.parse(readFileSync(reference, "utf8")) as Readonly<Record<string, Fairlearn>>)
      : {};

    it.each(constraints)("are at least as accurate under %s, and keep it to 1e-9", async (constraint, key) => {
      const { groups } = await compas();
      const learned = learn({
        groups,
        pooled: pooledScores(groups),
        may: groups.map(() => true),
        constraint,
        tolerance: 0,
        objective: "accuracy",
      });
      let correct = 0;
      let rows = 0;
      const rates = groups.map(({ scores, positive, negative }, group) => {
        let [tp, fp, p, n] = [0, 0, 0, 0];
        for (let index = 0; index < scores.length; index++) {
          const chance = acceptance(learned.rules[group] ?? [], scores[index] ?? 0);
          tp += chance * (positive[index] ?? 0);
          fp += chance * (negative[index] ?? 0);
          p += positive[index] ?? 0;
          n += negative[index] ?? 0;
        }
        correct += tp + n - fp;
        rows += p + n;
        return { selection: (tp + fp) / (p + n), tpr: tp / p, fpr: fp / n };
      });
      const theirs = fairlearn[key];
      const range = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
      const kept = {
        "demographic-parity": ["selection"],
        "equalized-odds": ["tpr", "fpr"],
        "false-positive-rate-parity": ["fpr"],
      } as const;
      for (const rate of kept[constraint]) expect(range(rates.map((one) => one[rate]))).toBeLessThan(1e-9);
      expect(correct / rows).toBeGreaterThanOrEqual((theirs?.accuracy ?? 1) - 1e-12);
      // Its grid has 1,000 points: hardly worse.
      expect(correct / rows).toBeLessThan((theirs?.accuracy ?? 0) + 0.002);
    });
  },
);
