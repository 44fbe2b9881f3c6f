import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Measure, PlanInput, Report } from "@assay/schema";
import { audit } from "@assay/sdk";
import { beforeAll, describe, expect, it } from "vitest";
import { compasFile, hasShared, shared } from "../paths.ts";

const columns = {
  label: "two_year_recid",
  positive: "1",
  decision: { column: "decile_score", at_least: 5 },
  protected: ["race", "sex"],
};
const settings = { min_count: 0, replicates: 500 };

/** ProPublica's filter, as its notebook has it: 6,172 rows. */
const where =
  "days_b_screening_arrest <= 30 and days_b_screening_arrest >= -30 and is_recid != -1 and c_charge_degree != 'O' and score_text != 'N/A'";

const names = {
  selection_rate: "selection-rate",
  tpr: "true-positive-rate",
  fpr: "false-positive-rate",
  accuracy: "accuracy",
} as const;
type Rates = Record<keyof typeof names, number>;
interface Reference {
  n: number;
  overall: Rates;
  by_group: (Rates & { group: string[] })[];
  difference_between_groups: Rates;
  ratio: Rates;
  demographic_parity_difference: number;
  demographic_parity_ratio: number;
  equalized_odds_difference: number;
  equalized_odds_ratio: number;
}

/** The one measure of that name and place. */
function value(report: Report, metric: string, place: Pick<Measure, "group" | "by">): number | null {
  const found = report.audits
    .flatMap((result) => result.measures)
    .filter((measure) => {
      if (measure.metric !== metric || measure.stratum !== undefined || measure.class !== undefined) return false;
      const same = (a: object | undefined, b: object | undefined) =>
        JSON.stringify(a && Object.entries(a).sort()) === JSON.stringify(b && Object.entries(b).sort());
      return same(measure.group, place.group) && JSON.stringify(measure.by) === JSON.stringify(place.by);
    });
  expect(found, `${metric} ${JSON.stringify(place)}`).toHaveLength(1);
  return found[0]?.value ?? null;
}

describe.skipIf(!hasShared)("COMPAS with ProPublica's filter", () => {
  let report: Report;
  let references: Record<string, Reference>;

  beforeAll(async () => {
    references = JSON.parse(readFileSync(join(shared, "reference/b1_fairness.json"), "utf8"));
    const plan: PlanInput = {
      version: 1,
      data: { file: compasFile, where },
      columns,
      audits: { "fairness.group-metrics": settings },
    };
    report = await audit(plan);
  });

  it("has 6,172 rows", () => expect(report.data.rows).toBe(6172));

  // The reference is double precision arithmetic on the same counts: 1e-12 is rounding.
  it.each([
    ["compas_race", ["race"]],
    ["compas_sex", ["sex"]],
    ["compas_sex_race", ["sex", "race"]],
  ])("equals Fairlearn's %s to 1e-12", (name, by) => {
    const reference = references[name];
    if (!reference) throw new Error(`no reference ${name}`);
    const ours = by.length === 2 ? ["race", "sex"] : by;
    for (const [theirs, metric] of Object.entries(names) as [keyof Rates, string][]) {
      expect(value(report, metric, {}), metric).toBeCloseTo(reference.overall[theirs], 12);
      for (const row of reference.by_group) {
        const group = Object.fromEntries(by.map((column, index) => [column, row.group[index] ?? ""]));
        // Fairlearn prints 0 where a rate has no denominator; ours is null there, and no disparity counts it.
        const mine = value(report, metric, { group });
        if (mine === null) expect(row[theirs]).toBe(0);
        else expect(mine, `${metric} ${JSON.stringify(group)}`).toBeCloseTo(row[theirs], 12);
      }
      const everyRateIsDefined = reference.by_group.every((row) => {
        const group = Object.fromEntries(by.map((column, index) => [column, row.group[index] ?? ""]));
        return value(report, metric, { group }) !== null;
      });
      if (!everyRateIsDefined) continue;
      expect(value(report, `${metric}-difference`, { by: ours })).toBeCloseTo(
        reference.difference_between_groups[theirs],
        12,
      );
      expect(value(report, `${metric}-ratio`, { by: ours })).toBeCloseTo(reference.ratio[theirs], 12);
    }
    expect(value(report, "demographic-parity-difference", { by: ours })).toBeCloseTo(
      reference.demographic_parity_difference,
      12,
    );
    expect(value(report, "demographic-parity-ratio", { by: ours })).toBeCloseTo(reference.demographic_parity_ratio, 12);
    if (by.length === 1) {
      expect(value(report, "equalized-odds-difference", { by: ours })).toBeCloseTo(
        reference.equalized_odds_difference,
        12,
      );
      expect(value(report, "equalized-odds-ratio", { by: ours })).toBeCloseTo(reference.equalized_odds_ratio, 12);
    }
  });
});

describe.skipIf(!hasShared)("COMPAS, the unfiltered two-year file", () => {
  it("has the error rates that ProPublica published, to the digits printed", async () => {
    const report = await audit({
      version: 1,
      data: { file: compasFile },
      columns,
      audits: { "fairness.group-metrics": settings },
    });
    expect(report.data.rows).toBe(7214);
    const percent = (metric: string, race: string) =>
      ((value(report, metric, { group: { race } }) ?? Number.NaN) * 100).toFixed(2);
    expect(percent("false-positive-rate", "African-American")).toBe("44.85");
    expect(percent("false-positive-rate", "Caucasian")).toBe("23.45");
    expect(percent("false-negative-rate", "African-American")).toBe("27.99");
    expect(percent("false-negative-rate", "Caucasian")).toBe("47.72");
  });
});
