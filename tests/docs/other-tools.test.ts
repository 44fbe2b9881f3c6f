import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Measure, PlanInput, Report } from "@assay/schema";
import { audit } from "@assay/sdk";
import { beforeAll, describe, expect, it } from "vitest";
import { compasFile, hasShared, root, shared } from "../paths.ts";

const where =
  "days_b_screening_arrest <= 30 and days_b_screening_arrest >= -30 and is_recid != -1 and c_charge_degree != 'O' and score_text != 'N/A'";

type Numbers = Readonly<Record<string, number>>;
interface References {
  readonly compas_race: Numbers;
  readonly aif360_compas_race_caucasian_privileged_favorable0: Numbers;
  readonly aequitas_compas: readonly (Numbers & { readonly attribute_value: string })[];
}

async function run(minCount: number): Promise<Report> {
  const plan: PlanInput = {
    version: 1,
    data: { file: compasFile, where },
    columns: {
      label: "two_year_recid",
      positive: "1",
      decision: { column: "decile_score", at_least: 5 },
      protected: ["race", "sex"],
      reference: { race: "Caucasian" },
    },
    audits: { "fairness.group-metrics": { min_count: minCount, replicates: 200 } },
  };
  return audit(plan);
}

function value(report: Report, metric: string, place: Pick<Measure, "by" | "group">): number {
  const text = JSON.stringify([place.by, place.group]);
  const found = report.audits
    .flatMap((result) => result.measures)
    .filter((one) => one.metric === metric && JSON.stringify([one.by, one.group]) === text);
  expect(found, `${metric} ${text}`).toHaveLength(1);
  return found[0]?.value ?? Number.NaN;
}

/** The rows of a page's tables: `| \`name\` | 0.1 | 0.2 |`, a table after another. */
function tables(page: string): readonly (readonly (readonly [string, ...number[]])[])[] {
  const text = readFileSync(join(root, "docs/methods", page), "utf8");
  return text
    .split(/\n\n/)
    .filter((block) => block.startsWith("| "))
    .map((block) =>
      block
        .split("\n")
        .slice(2)
        .map((line): [string, ...number[]] => {
          const [name = "", ...numbers] = line.split("|").slice(1, -1);
          return [name.trim(), ...numbers.map(Number)];
        }),
    );
}

describe.skipIf(!hasShared)("where Assay and other tools differ", () => {
  let all: Report;
  let standard: Report;
  let references: References;
  beforeAll(async () => {
    all = await run(0);
    standard = await run(30);
    references = JSON.parse(readFileSync(join(shared, "reference/b1_fairness.json"), "utf8"));
  });

  const names = [
    "demographic-parity-difference",
    "demographic-parity-ratio",
    "equalized-odds-difference",
    "equalized-odds-ratio",
  ];

  it.each(["other-tools.md", "zh-CN/other-tools.md"])("is told with their numbers, to four digits: %s", (page) => {
    const fairlearn = (name: string) => references.compas_race[name.replaceAll("-", "_")] ?? Number.NaN;
    const gaps = (report: Report) =>
      names.map((name) => [`\`${name}\``, value(report, name, { by: ["race"] }), fairlearn(name)]);
    const together = Object.entries(pooled(all)).map(([name, ours]) => [
      `\`${name}\``,
      ours,
      references.aif360_compas_race_caucasian_privileged_favorable0[name],
    ]);
    const gap = "selection-rate-difference-to-reference";
    const apart = ["African-American", "Hispanic"].map((race) => [race, value(all, gap, { group: { race } })]);
    const female = references.aequitas_compas.find((one) => one.attribute_value === "Female");
    const rates = (
      [
        ["selection-rate", "pprev"],
        ["false-positive-rate", "fpr"],
      ] as const
    ).map(([ours, theirs]) => [ours, value(all, ours, { group: { sex: "Female" } }), female?.[theirs]]);
    const expected = [gaps(all), gaps(standard), together, apart, rates];
    const found = tables(page);
    expect(found).toHaveLength(expected.length);
    for (const [index, rows] of expected.entries()) {
      const printed = found[index] ?? [];
      expect(printed).toHaveLength(rows.length);
      for (const [row, [name, ...numbers]] of rows.entries()) {
        const [said, ...told] = printed[row] ?? ["", 0];
        expect(said).toContain(String(name));
        expect(told.map((one) => one.toFixed(4))).toEqual(numbers.map((one) => Number(one).toFixed(4)));
      }
    }
  });

  it("is nowhere else: they agree to 1e-12", () => {
    for (const name of names) {
      expect(value(all, name, { by: ["race"] })).toBeCloseTo(
        references.compas_race[name.replaceAll("-", "_")] ?? Number.NaN,
        12,
      );
    }
    const theirs = references.aif360_compas_race_caucasian_privileged_favorable0;
    for (const [name, ours] of Object.entries(pooled(all))) expect(ours, name).toBeCloseTo(theirs[name] ?? 0, 12);
  });
});

/** AIF360's numbers from Assay's rates by group: all but the privileged group as one, of the negative decision. */
function pooled(report: Report): Numbers {
  const races = ["African-American", "Asian", "Caucasian", "Hispanic", "Native American", "Other"];
  const of = (groups: readonly string[]) => {
    let [selected, people, trueNegatives, negatives, falseNegatives, positives] = [0, 0, 0, 0, 0, 0];
    for (const race of groups) {
      const at = { group: { race } };
      const count = value(report, "count", at);
      const base = value(report, "base-rate", at);
      people += count;
      selected += count * value(report, "selection-rate", at);
      negatives += count * (1 - base);
      positives += count * base;
      trueNegatives += count * (1 - base) * value(report, "true-negative-rate", at);
      falseNegatives += count * base * value(report, "false-negative-rate", at);
    }
    return { favourable: 1 - selected / people, right: trueNegatives / negatives, wrong: falseNegatives / positives };
  };
  const privileged = of(["Caucasian"]);
  const others = of(races.filter((race) => race !== "Caucasian"));
  const right = others.right - privileged.right;
  return {
    statistical_parity_difference: others.favourable - privileged.favourable,
    disparate_impact: others.favourable / privileged.favourable,
    equal_opportunity_difference: right,
    average_odds_difference: (right + others.wrong - privileged.wrong) / 2,
  };
}
