import { openDevice } from "@assay/compute";
import type { CodedTable, ColumnRequest } from "@assay/dataset";
import { digestSummary, Figure, Finding, type Measure, Measure as MeasureSchema, Plan, Table } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditContext, Conclusion } from "../../define.ts";
import { inProcess } from "../../executors/in-process.ts";
import { nycLl144 } from "../../frameworks/nyc-ll144.ts";
import { preparePlan } from "../../prepare.ts";
import type { Roles } from "../../roles.ts";
import { runAudits } from "../../run.ts";
import { cutShards } from "../../shards.ts";
import { fisherExact, holm } from "../../statistics/index.ts";
import { numberColumn, tableOf, textColumn } from "../../testing/coded-table.ts";
import { conclude } from "./conclude.ts";
import { impactRatio } from "./index.ts";
import { judge } from "./judge.ts";
import { input as settings } from "./settings.ts";
import { type ImpactSummary, measureImpact, mergeImpact, planRounds } from "./summary.ts";

const device = await openDevice("cpu");
afterAll(() => device.dispose());

interface Person {
  readonly groups: readonly (string | null)[];
  readonly decision?: 0 | 1 | null;
  readonly score?: number | null;
  readonly count?: number;
}
interface Options {
  readonly favourable?: "0" | "1";
  readonly intersections?: boolean;
  readonly shards?: number;
  readonly input?: Record<string, unknown>;
  readonly weight?: boolean;
}

const decisionRequest: ColumnRequest = { kind: "equals", column: "hired", equals: ["1"] };
const scoreRequest: ColumnRequest = { kind: "number", column: "score" };

function audit(names: readonly string[], people: readonly Person[], options: Options = {}) {
  const has = (key: "decision" | "score"): boolean => people.some((person) => key in person);
  const requests = names.map((name) => ({ kind: "text", column: name }) as const);
  const table = tableOf(
    people.length,
    [
      ...requests.map(
        (request, index) => [request, textColumn(people.map((one) => one.groups[index] ?? null))] as const,
      ),
      [
        decisionRequest,
        textColumn(
          people.map(({ decision }) => (decision == null ? null : String(decision))),
          ["0", "1"],
        ),
      ],
      [scoreRequest, numberColumn(people.map(({ score }) => score ?? null))],
    ],
    people.some((person) => person.count !== undefined) ? people.map((person) => person.count ?? 1) : null,
  );
  const crossed = options.intersections && names.length === 2 ? [[...names]] : [];
  const roles: Roles = {
    label: null,
    labelText: null,
    positive: null,
    decision: has("decision") ? decisionRequest : null,
    favourable: options.favourable ?? "1",
    score: has("score") ? scoreRequest : null,
    prediction: null,
    protected: names.map((name, index) => ({
      name,
      request: requests[index] ?? { kind: "text", column: name },
      reference: null,
    })),
    groupings: [...names.map((name) => [name]), ...crossed],
    control: [],
    quasiIdentifiers: [],
    sensitive: [],
    identifiers: [],
    features: [],
    weight: options.weight ? { kind: "number", column: "w" } : null,
    given: new Set(),
    columns: new Map(),
  };
  const context: AuditContext<ReturnType<typeof settings.parse>> = {
    input: settings.parse(options.input ?? {}),
    plan: Plan.parse({ version: 1, data: { file: "x.csv" }, columns: {} }),
    roles,
    device,
    signal: new AbortController().signal,
  };
  return { table, context };
}

async function summarise(table: CodedTable, context: AuditContext<unknown>, shards = 1): Promise<ImpactSummary> {
  const { sliceTable } = await import("@assay/dataset");
  const cut = cutShards(table.rows, shards);
  let summary: ImpactSummary | null = null;
  for (let round = 0; round < 9; round++) {
    const steps = planRounds(cut, context, summary === null ? null : { summary });
    if (steps === null) break;
    for (const [index, { start, end, detail }] of steps.entries()) {
      const step = {
        id: `x/${round}/${index}`,
        audit: "fairness.impact-ratio" as const,
        round,
        index,
        start,
        end,
        detail,
      };
      const part: ImpactSummary = await measureImpact(sliceTable(table, start, end), step, context);
      summary = summary === null ? part : mergeImpact(summary, part);
    }
  }
  if (summary === null) throw new Error("nothing was measured");
  return summary;
}

async function run(names: readonly string[], people: readonly Person[], options: Options = {}) {
  const { table, context } = audit(names, people, options);
  const summary = await summarise(table, context, options.shards);
  const conclusion = conclude(summary, context);
  return { summary, conclusion, findings: judge(conclusion, context), context };
}

function find({ measures }: Conclusion, metric: string, group: Record<string, string | null>): Measure | undefined {
  return measures.find((one) => one.metric === metric && JSON.stringify(one.group) === JSON.stringify(group));
}

function counted(groups: readonly (string | null)[], selected: number, n: number): Person[] {
  return [
    { groups, decision: 1, count: selected },
    { groups, decision: 0, count: n - selected },
  ];
}

describe("the example of 6 RCNY § 5-301", () => {
  // Published: # of applicants, scoring rate, impact ratio. Counts follow from the rates (28 × 64.2 % = 18).
  const sex = [
    ["Male", 50, 92, 1],
    ["Female", 34, 76, 0.82],
  ] as const;
  const race = [
    ["Hispanic or Latino", 18, 28, 1],
    ["White", 15, 40, 0.58],
    ["Black or African American", 16, 32, 0.78],
    ["Native Hawaiian or Pacific Islander", 5, 8, 0.97],
    ["Asian", 10, 24, 0.65],
  ] as const;

  test.each([
    ["sex", sex],
    ["race", race],
  ])("impact ratios by %s", async (name, rows) => {
    const { conclusion } = await run(
      [name],
      rows.flatMap(([text, yes, n]) => counted([text], yes, n)),
    );
    for (const [text, yes, n, ratio] of rows) {
      expect(find(conclusion, "count", { [name]: text })?.value).toBe(n);
      expect(find(conclusion, "selection-rate", { [name]: text })?.value).toBe(yes / n);
      expect(find(conclusion, "impact-ratio", { [name]: text })?.value).toBeCloseTo(ratio, 2);
    }
  });
});

describe("exclusion, unknown and the highest rate", () => {
  // "tiny" has the best rate of all and 1 % of the people: it must not be the denominator.
  const people = [
    ...counted(["a"], 300, 500),
    ...counted(["b"], 200, 490),
    ...counted(["tiny"], 10, 10),
    ...counted([null], 100, 100),
    { groups: ["a"], decision: null, count: 7 } as const,
  ];

  test("an excluded category keeps count and rate, has no ratio, and is never the denominator", async () => {
    const { conclusion, findings } = await run(["race"], people);
    expect(find(conclusion, "count", { race: "tiny" })?.value).toBe(10);
    expect(find(conclusion, "selection-rate", { race: "tiny" })?.value).toBe(1);
    expect(find(conclusion, "impact-ratio", { race: "tiny" })).toMatchObject({
      value: null,
      reason: "excluded: 1 % of the people used, under 2 %",
    });
    expect(find(conclusion, "impact-ratio", { race: "a" })).toMatchObject({ value: 1, reference: "a" });
    expect(find(conclusion, "impact-ratio", { race: "b" })?.value).toBeCloseTo(200 / 490 / 0.6, 14);
    expect(findings.find((one) => one.id === "selection.race.excluded")?.text.en).toContain("“tiny” (n = 10)");
  });

  test("the share is of the people used, unknown ones not counted: 2 % exactly stays in", async () => {
    const edge = [...counted(["a"], 30, 980), ...counted(["small"], 1, 20), ...counted([null], 5, 5000)];
    const { conclusion } = await run(["race"], edge);
    expect(find(conclusion, "impact-ratio", { race: "a" })?.value).toBeCloseTo(30 / 980 / (1 / 20), 14);
  });

  test("exclude_under 0 leaves none out", async () => {
    const { conclusion } = await run(["race"], people, { input: { exclude_under: 0 } });
    expect(find(conclusion, "impact-ratio", { race: "a" })?.value).toBeCloseTo(0.6, 14);
  });

  test("unknown people are counted and in no ratio; missing decisions are not counted", async () => {
    const { conclusion, findings } = await run(["race"], people);
    expect(find(conclusion, "count", { race: null })?.value).toBe(100);
    expect(find(conclusion, "impact-ratio", { race: null })?.value).toBeNull();
    expect(find(conclusion, "count", { race: "a" })?.value).toBe(500);
    expect(findings.find((one) => one.id === "unknown.race")?.text.en).toContain("100 people (9.1 %)");
    expect(conclusion.tables[0]?.caption.en).toContain("7 have no outcome");
  });

  test("Fisher's p stands on the ratio, adjusted by Holm over all pairs", async () => {
    const three = [...counted(["a"], 60, 100), ...counted(["b"], 45, 100), ...counted(["c"], 30, 100)];
    const { conclusion } = await run(["race"], three);
    const pairs = [fisherExact(60, 40, 45, 55), fisherExact(60, 40, 30, 70), fisherExact(45, 55, 30, 70)];
    const adjusted = holm(pairs);
    expect(find(conclusion, "impact-ratio", { race: "b" })).toMatchObject({ p: pairs[0], p_adjusted: adjusted[0] });
    expect(find(conclusion, "impact-ratio", { race: "c" })).toMatchObject({ p: pairs[1], p_adjusted: adjusted[1] });
    expect(find(conclusion, "impact-ratio", { race: "a" })?.p).toBeUndefined();
  });

  test.each([
    ["one category", counted(["a"], 5, 10), "no other category to compare with"],
    ["nobody selected", [...counted(["a"], 0, 10), ...counted(["b"], 0, 10)], "the highest rate is 0"],
  ])("with %s there is no ratio, and the finding cannot tell", async (_, some, reason) => {
    const { conclusion, findings } = await run(["race"], some);
    expect(find(conclusion, "impact-ratio", { race: "a" })).toMatchObject({ value: null, reason });
    expect(findings.find((one) => one.id === "selection.race")?.verdict).toBe("indeterminate");
  });
});

test("a negative decision that people want is what is counted, under a name of its own", async () => {
  const people = [...counted(["a"], 20, 100), ...counted(["b"], 60, 100)];
  const { conclusion } = await run(["race"], people, { favourable: "0" });
  expect(find(conclusion, "favourable-rate", { race: "a" })?.value).toBe(0.8);
  expect(find(conclusion, "selection-rate", { race: "a" })).toBeUndefined();
  expect(find(conclusion, "impact-ratio", { race: "b" })?.value).toBeCloseTo(0.5, 14);
});

describe("scoring rates", () => {
  const scored = (group: string | null, scores: readonly number[]): Person[] =>
    scores.map((score) => ({ groups: [group], score }));

  test("count scores strictly above the full sample's median, unknown people in the sample", async () => {
    // All: 1 2 3 4 4 4 5 9 9 9, median 4. Above it: a has 5 and 9 of 4; b has none of 4; unknown 2 of 2.
    const people = [...scored("a", [1, 5, 4, 9]), ...scored("b", [2, 3, 4, 4]), ...scored(null, [9, 9])];
    const { conclusion } = await run(["race"], people);
    expect(conclusion.measures[0]).toMatchObject({ metric: "median-score", value: 4, n: 10 });
    expect(find(conclusion, "scoring-rate", { race: "a" })?.value).toBe(0.5);
    expect(find(conclusion, "scoring-rate", { race: "b" })?.value).toBe(0);
    expect(find(conclusion, "scoring-impact-ratio", { race: "b" })).toMatchObject({ value: 0, low: 0 });
    expect(find(conclusion, "count", { race: "a" })?.value).toBe(4);
  });

  test("an even sample's median lies halfway, also between neighbouring floats", async () => {
    const next = 0.5 + Number.EPSILON / 2;
    const people = [...scored("a", [0.5, 0.5]), ...scored("b", [next, next])];
    const { conclusion } = await run(["race"], people);
    expect(find(conclusion, "scoring-rate", { race: "b" })?.value).toBe(1);
    expect(find(conclusion, "scoring-rate", { race: "a" })?.value).toBe(0);
    const wide = await run(["race"], [...scored("a", [0, 10]), ...scored("b", [20, 40])]);
    expect(wide.conclusion.measures[0]?.value).toBe(15);
  });

  test("that nobody wants are called uneven only where the test finds it; the direction is said either way", async () => {
    const finding = async (times: number) => {
      const people = [...scored("a", [1, 2]), ...scored("b", [3, 4])].map((one) => ({ ...one, count: times }));
      const { findings } = await run(["race"], people, { favourable: "0" });
      return findings.find((one) => one.id === "scoring.race");
    };
    const shown = await finding(20);
    expect(shown).toMatchObject({ verdict: "info", severity: "low" });
    expect(shown?.text.en).toContain("**High scores fall unevenly by race.**");
    expect(shown?.text.en).toContain("a high score is not wanted here");
    // Two of two against none of two: p = 1/3.
    const few = await finding(1);
    expect(few).toMatchObject({ verdict: "indeterminate", severity: "low" });
    expect(few?.text.en).toMatch(/^\*\*No evidence that high scores fall unevenly by race\.\*\* .*adjusted p = 0\.333/);
    expect(few?.text.en).not.toContain("High scores fall unevenly");
    expect(few?.text.en).toContain("a high score is not wanted here");
    expect(few?.text["zh-CN"]).toContain("没有证据表明高分在 race 各类别间分布不均");
  });

  test("no score known: no rates, said so", async () => {
    const { conclusion, findings } = await run(["race"], [{ groups: ["a"], score: null }]);
    expect(conclusion.measures).toEqual([{ metric: "median-score", value: null, n: 0, reason: "no row has a score" }]);
    expect(findings.find((one) => one.id === "scoring.race")?.verdict).toBe("indeterminate");
  });
});

describe("many rows", () => {
  let state = 9;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const people: Person[] = Array.from({ length: 3000 }, () => {
    const [a, b] = [next(), next()];
    return {
      groups: [a < 0.05 ? null : a < 0.6 ? "x" : "y", b < 0.5 ? "m" : b < 0.99 ? "f" : null],
      decision: next() < 0.02 ? null : next() < (a < 0.6 ? 0.5 : 0.3) ? 1 : 0,
      score: next() < 0.02 ? null : next() + (a < 0.6 ? 0.1 : 0),
    };
  });
  const names = ["race", "sex"];
  let whole: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    whole = await run(names, people, { intersections: true });
  });

  test("the same digest for 1, 7 and 64 shards", async () => {
    for (const shards of [7, 64]) {
      const { summary } = await run(names, people, { intersections: true, shards });
      expect(digestSummary(summary)).toBe(digestSummary(whole.summary));
    }
  });

  test("rates and ratios equal a plain count over the rows", () => {
    const all = people.flatMap(({ score }) => (score == null ? [] : [score])).sort((a, b) => a - b);
    const median = ((all[all.length / 2 - 1] ?? 0) + (all[all.length / 2] ?? 0)) / 2;
    const odd = all[(all.length - 1) / 2];
    const middle = all.length % 2 === 0 ? median : (odd ?? 0);
    expect(whole.conclusion.measures[0]?.value).toBeCloseTo(middle, 15);
    for (const race of ["x", "y"]) {
      for (const sex of ["m", "f"]) {
        const inside = people.filter(({ groups }) => groups[0] === race && groups[1] === sex);
        const scores = inside.flatMap(({ score }) => (score == null ? [] : [score]));
        const decided = inside.filter(({ decision }) => decision != null);
        expect(find(whole.conclusion, "scoring-rate", { race, sex })?.value).toBe(
          scores.filter((score) => score > middle).length / scores.length,
        );
        expect(find(whole.conclusion, "selection-rate", { race, sex })).toMatchObject({
          value: decided.filter(({ decision }) => decision === 1).length / decided.length,
          n: decided.length,
        });
      }
    }
  });

  test("measures, figures, tables and findings fit the report, and point at each other", () => {
    const { conclusion, findings } = whole;
    for (const measure of conclusion.measures) MeasureSchema.parse(measure);
    for (const figure of conclusion.figures) Figure.parse(figure);
    for (const table of conclusion.tables) Table.parse(table);
    expect(conclusion.figures.map((figure) => `${figure.kind} ${figure.id}`)).toEqual([
      "intervals selection.race",
      "intervals selection.sex",
      "heatmap selection.race+sex",
      "intervals scoring.race",
      "intervals scoring.sex",
      "heatmap scoring.race+sex",
    ]);
    for (const finding of findings) {
      Finding.parse(finding);
      expect(finding.measures.every((index) => conclusion.measures[index] !== undefined)).toBe(true);
      if (finding.figure) expect(conclusion.figures.some((figure) => figure.id === finding.figure)).toBe(true);
      if (finding.table) expect(conclusion.tables.some((table) => table.id === finding.table)).toBe(true);
      expect(finding.verdict === "pass" || finding.verdict === "fail").toBe(false);
    }
  });

  test("every metric it gives is measured, and none other", () => {
    const given = impactRatio.gives(settings.parse({}), whole.context.roles).map((one) => one.metric);
    const measured = new Set(whole.conclusion.measures.map((one) => one.metric));
    expect([...measured].sort()).toEqual([...given].sort());
  });
});

test("findings follow the interval against four fifths, which is said to be the EEOC's", async () => {
  const severity = async (n: number) => {
    const { findings } = await run(["race"], [...counted(["a"], n / 2, n), ...counted(["b"], n / 4, n)]);
    return findings.find((one) => one.id === "selection.race");
  };
  const clear = await severity(400);
  expect(clear).toMatchObject({ verdict: "info", severity: "high", figure: "selection.race", table: "selection.race" });
  expect(clear?.text.en).toMatch(/25\.0 % of “b” .* and 50\.0 % of “a”, an impact ratio of 0\.50 \(95 % interval/);
  expect(clear?.text.en).toContain("29 CFR 1607.4(D)); Local Law 144 sets no line");
  expect(clear?.text["zh-CN"]).toContain("影响比为 0.50");
  const unclear = await severity(20);
  expect(unclear).toMatchObject({ verdict: "indeterminate", severity: "medium" });
  expect(unclear?.text.en).toContain("With this many people a ratio shows as clearly under it only below about");
  const even = await run(["race"], [...counted(["a"], 5000, 10000), ...counted(["b"], 4990, 10000)]);
  expect(even.findings[0]).toMatchObject({ verdict: "info", severity: "low" });
});

describe("every category's interval is judged against four fifths", () => {
  const finding = async (people: readonly Person[]) => {
    const { conclusion, findings } = await run(["race"], people);
    const found = findings.find((one) => one.id === "selection.race");
    const named = found?.measures.map((index) => conclusion.measures[index]?.group?.race);
    return { ...found, named: [...new Set(named)] };
  };

  test("a small category with a lower ratio does not hide a large one clearly under the line", async () => {
    const people = [...counted(["A"], 500, 1000), ...counted(["C"], 326, 960), ...counted(["B"], 14, 44)];
    const told = await finding(people);
    expect(told).toMatchObject({ verdict: "info", severity: "high", named: ["C", "B", "A"] });
    expect(told.text?.en).toMatch(/of “C” .* an impact ratio of 0\.68 \(95 % interval 0\.61 to 0\.76;/);
    expect(told.text?.en).toMatch(/It cannot be told yet of “B” \(ratio 0\.64/);
    expect(told.text?.["zh-CN"]).toMatch(/尚不能判断的有：“B”（影响比 0\.64/);
  });

  test("all categories clearly under the line are named, lowest first", async () => {
    const people = [...counted(["A"], 500, 1000), ...counted(["C"], 326, 960), ...counted(["D"], 200, 960)];
    const told = await finding(people);
    expect(told).toMatchObject({ severity: "high", named: ["D", "C", "A"] });
    expect(told.text?.en).toContain("So does that of “C” (ratio 0.68, 95 % interval 0.61 to 0.76; n = 960)");
    expect(told.text?.["zh-CN"]).toContain("同样如此的还有：“C”");
  });

  test("nobody is cleared of lying under the line while a small category may", async () => {
    const people = [...counted(["A"], 3000, 5000), ...counted(["C"], 2700, 5000), ...counted(["B"], 115, 210)];
    const told = await finding(people);
    expect(told).toMatchObject({ verdict: "indeterminate", severity: "medium", named: ["B", "A"] });
    expect(told.text?.en).toMatch(/of “B” .* \(95 % interval 0\.799 to 1\.02;/);
    expect(told.text?.en).not.toContain("for no category compared");
  });
});

describe("nothing to compare is told as what it is", () => {
  const reason = async (people: readonly Person[]) => {
    const { findings } = await run(["race"], people);
    return findings.find((one) => one.id === "selection.race")?.text;
  };

  test("people of unknown categories only: no category is known, whatever they got", async () => {
    const text = await reason(counted([null], 60, 100));
    expect(text?.en).toContain("No category is known");
    expect(text?.en).not.toContain("Nobody");
    expect(text?.["zh-CN"]).toContain("没有已知的类别");
  });

  test("nobody selected in the categories compared, though others are", async () => {
    const text = await reason([...counted(["a"], 0, 50), ...counted(["b"], 0, 50), ...counted([null], 5, 5)]);
    expect(text?.en).toContain("Nobody in the categories compared is known to get the favourable decision");
  });

  test("one category", async () => {
    expect((await reason(counted(["a"], 0, 50)))?.en).toContain("Fewer than two categories can be compared");
  });
});

test("source and dates stand as given, and the run is never called the audit the law asks for", async () => {
  const people = [...counted(["a"], 5, 10), ...counted(["b"], 5, 10)];
  const { findings } = await run(["race"], people, {
    input: { data_source: "applications of 2025", data_dates: "2025-01-01 to 2025-12-31" },
    weight: true,
  });
  const sample = findings.find((one) => one.id === "sample");
  expect(sample?.text.en).toContain("applications of 2025; dates of the data: 2025-01-01 to 2025-12-31");
  expect(sample?.text.en).toContain("distribution date of the tool: not given");
  expect(findings.some((one) => one.id === "weights")).toBe(true);
  for (const text of Object.values(impactRatio.text)) {
    expect(Object.keys(text.settings).sort()).toEqual(Object.keys(impactRatio.input.shape).sort());
  }
  const words = JSON.stringify([impactRatio.text, findings]);
  expect(words).not.toMatch(/compliant|合规/);
  expect(impactRatio.text.en.limits).toContain("never is the independent bias audit");
});

test.each([
  ["no policy", [], false],
  ["four fifths", ["eeoc-four-fifths"], false],
  ["Local Law 144", ["nyc-ll144"], true],
  ["Local Law 144 in place", [nycLl144], true],
] as const)("what the published summary must say is told under that law alone: %s", async (_, policy, isTold) => {
  const { conclusion, context } = await run(["race"], [...counted(["a"], 5, 10), ...counted(["b"], 5, 10)]);
  const plan = Plan.parse({ ...context.plan, policy });
  expect(judge(conclusion, { ...context, plan }).some((one) => one.id === "sample")).toBe(isTold);
});

test("files with different categories add up", async () => {
  const first = audit(["race"], [...counted(["a"], 3, 10), ...counted(["c"], 2, 10)]);
  const second = audit(["race"], [...counted(["b"], 4, 10), ...counted(["c"], 5, 10), ...counted([null], 1, 2)]);
  const both = audit(
    ["race"],
    [...counted(["a"], 3, 10), ...counted(["b"], 4, 10), ...counted(["c"], 7, 20), ...counted([null], 1, 2)],
  );
  const merged = mergeImpact(
    await summarise(first.table, first.context),
    await summarise(second.table, second.context),
  );
  expect(digestSummary(merged)).toBe(digestSummary(await summarise(both.table, both.context)));
});

test("runs in a plan, and the four-fifths policy reads it", async () => {
  const people = [...counted(["a"], 300, 500), ...counted(["b"], 100, 490), ...counted(["tiny"], 10, 10)];
  const plan = Plan.parse({
    version: 1,
    data: { counts: "x.csv" },
    columns: { decision: { column: "hired", equals: "1" }, protected: ["race"] },
    audits: { "fairness.impact-ratio": {} },
    policy: "eeoc-four-fifths",
  });
  const columns = [
    { name: "hired", type: "integer" },
    { name: "race", type: "text" },
  ] as const;
  const prepared = preparePlan(plan, columns, { registry: [impactRatio] });
  const { table } = audit(["race"], people);
  const { body } = await runAudits({
    prepared,
    data: {
      rows: 1000,
      rowsRead: 6,
      digest: `sha256:${"0".repeat(64)}`,
      format: "csv",
      encoding: "utf-8",
      columns: [],
      warnings: [],
    },
    shards: cutShards(table.rows, 3),
    executor: inProcess({ prepared, table, device }),
    device,
    signal: new AbortController().signal,
  });
  expect(body.audits[0]).toMatchObject({ id: "fairness.impact-ratio", status: "completed" });
  expect(body.gate.verdict).toBe("fail");
});

/**
 * The example of a scoring tool that the city published with its rules (notice of adoption, § 5-301): applicants and, of these,
 * the rate above the median as printed. Counts above it are those that give the printed rates; the two categories of race whose
 * lines were not at hand (36 people, 20 above) stand together.
 */
const published = {
  sex: [
    { group: "Male", people: 92, above: 50, rate: 54.3, ratio: "1.00" },
    { group: "Female", people: 76, above: 34, rate: 44.7, ratio: "0.82" },
  ],
  race: [
    { group: "Hispanic or Latino", people: 28, above: 18, rate: 64.2, ratio: "1.00" },
    { group: "White", people: 40, above: 15, rate: 37.5, ratio: "0.58" },
    { group: "Black or African American", people: 32, above: 16, rate: 50.0, ratio: "0.78" },
    { group: "Native Hawaiian or Pacific Islander", people: 8, above: 5, rate: 62.5, ratio: "0.97" },
    { group: "Asian", people: 24, above: 10, rate: 41.7, ratio: "0.65" },
    { group: "two others", people: 36, above: 20, rate: null, ratio: null },
  ],
};

describe("the city's own example of a tool that scores", () => {
  test.each(["sex", "race"] as const)(
    "comes out as printed, by %s: the median splits the full sample in halves",
    async (name) => {
      const people = published[name].flatMap(({ group, people: size, above }) =>
        Array.from(
          { length: size },
          (_, place): Person => ({ groups: [group], score: place < above ? 60 + place : 40 - place }),
        ),
      );
      const { conclusion } = await run([name], people);
      expect(people).toHaveLength(168);
      const median = conclusion.measures.find(({ metric }) => metric === "median-score");
      expect(people.filter(({ score }) => (score ?? 0) > (median?.value ?? 0))).toHaveLength(84);
      for (const { group, people: size, rate, ratio } of published[name]) {
        if (rate === null) continue;
        const found = find(conclusion, "scoring-rate", { [name]: group });
        expect(found?.n).toBe(size);
        // Printed to a tenth, in one line cut off rather than rounded.
        expect(Math.abs((found?.value ?? 0) * 100 - rate)).toBeLessThan(0.1);
        expect(find(conclusion, "scoring-impact-ratio", { [name]: group })?.value?.toFixed(2)).toBe(ratio);
      }
    },
  );
});
