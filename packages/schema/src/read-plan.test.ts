import { describe, expect, it } from "vitest";
import { AssayError, type Problem } from "./error.ts";
import { readPlan } from "./read-plan.ts";

const minimal = `
version: 1
data: { file: data.csv }
columns: { decision: hired, protected: [sex] }
`;

function problemsOf(text: string): readonly Problem[] {
  try {
    readPlan(text, "audit.yaml");
  } catch (error) {
    if (error instanceof AssayError) return error.problems;
    throw error;
  }
  return [];
}

const placeOf = ({ at, line }: Problem): string => (line === undefined ? at : `${at}, line ${line}`);

describe("readPlan", () => {
  it("fills defaults", () => {
    const plan = readPlan(minimal);
    expect(plan.seed).toBe(0);
    expect(plan.columns.intersections).toBe(2);
    expect(plan.data.missing).toEqual([""]);
    expect(plan.policy).toEqual([]);
    expect(plan.audits).toBeUndefined();
  });

  it("keeps the spelling of values that stand for the file's text", () => {
    const plan = readPlan(`
version: 1
data: { file: d.csv, missing: [NA, -1.0] }
columns: { label: y, positive: 01, decision: { column: c, equals: 1.50 }, protected: [zip], reference: { zip: 00501 } }
`);
    expect(plan.columns.positive).toBe("01");
    expect(plan.columns.decision).toEqual({ column: "c", equals: "1.50" });
    expect(plan.columns.reference).toEqual({ zip: "00501" });
    expect(plan.data.missing).toEqual(["NA", "-1.0"]);
  });

  it("tells every problem with its path and line", () => {
    const problems = problemsOf(`version: 1
data: { file: d.csv }
columns:
  label: y
  decison: hired
  protected: [{ column: age, breaks: [40, 30] }]
seed: -1
`);
    expect(problems.map(placeOf)).toEqual(["columns.protected[0].breaks, line 6", "columns, line 5", "seed, line 7"]);
    expect(problems[1]?.message).toBe('"decison" is not a setting here; did you mean "decision"?');
  });

  it("suggests a key wherever it is mistyped, and lists the keys where none is near", () => {
    const told = problemsOf(`version: 1
data: { file: d.csv }
columns: { protected: [{ column: age, breakz: [40] }], decision: { colum: c, equals: 1 } }
rules: [{ metric: count, at_leest: 1 }]
model: { file: m.onnx, endpoints: {} }
colums: {}
zebra: 1
`).map((one) => `${placeOf(one)} ${one.message}`);
    for (const near of ["breaks", "column", "at_least", "endpoint", "columns"]) {
      expect(told).toContainEqual(expect.stringContaining(`did you mean "${near}"?`));
    }
    expect(told).toContainEqual(
      expect.stringMatching(/^plan, line 7 "zebra" is not a setting here; there are version, /),
    );
  });

  it("says of keys that exclude each other that they do", () => {
    const problems = problemsOf(`version: 1
data: { file: d.csv }
columns: { decision: { column: s, at_least: 0.5, equals: 1 } }
`);
    expect(problems).toEqual([
      { at: "columns.decision", line: 3, message: '"equals" does not go with the other keys here' },
    ]);
  });

  it("answers settings of other versions plainly", () => {
    const problems = problemsOf(`${minimal}\ntransform: []\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/is not part of this version/);
  });

  it("takes a bound of people from two on", () => {
    expect(readPlan(`${minimal}\nsuppress_below: 5\n`).suppress_below).toBe(5);
    expect(problemsOf(`${minimal}\nsuppress_below: 1\n`).map((one) => one.at)).toEqual([
      expect.stringMatching(/^suppress_below/),
    ]);
  });

  it("refuses two sources of data and rules with two bounds", () => {
    const problems = problemsOf(`
version: 1
data: { file: a.csv, counts: b.csv }
columns: {}
rules: [{ metric: accuracy, at_least: 0.7, at_most: 0.9 }]
`);
    expect(problems.map((one) => one.message)).toEqual([
      "give exactly one of file and counts",
      "give exactly one of at_least and at_most",
    ]);
  });

  it("tells where YAML breaks", () => {
    const [problem] = problemsOf("version: 1\n  data: [");
    expect(problem && placeOf(problem)).toMatch(/^plan, line [12]$/);
  });

  it("takes an audit named without settings, and one policy or several", () => {
    const plan = readPlan(`${minimal}\naudits:\n  fairness.group-metrics:\npolicy: eeoc-four-fifths\n`);
    expect(plan.audits).toEqual({ "fairness.group-metrics": {} });
    expect(plan.policy).toEqual(["eeoc-four-fifths"]);
  });

  it("takes a policy in place, names its faults, and refuses rules that no gate would judge", () => {
    const own = "id: own, title: { en: Own, zh-CN: 自订 }";
    const rule = "rules: [{ metric: accuracy, at_least: 0.7 }]";
    const plan = readPlan(`${minimal}\npolicy: [eeoc-four-fifths, { ${own}, ${rule} }]\n`);
    expect(plan.policy[1]).toMatchObject({ id: "own", gate: "rules", rules: [{ metric: "accuracy", at_least: 0.7 }] });
    expect(problemsOf(`${minimal}\npolicy: { ${own}, rules: [{ metric: accuracy }] }\n`)).toMatchObject([
      { at: expect.stringContaining("policy.rules[0]"), message: "give exactly one of at_least and at_most" },
    ]);
    expect(problemsOf(`${minimal}\npolicy: { ${own}, gate: none, ${rule} }\n`)).toMatchObject([
      { message: "gate: none gives no verdict, so leave rules out" },
    ]);
  });

  it("reads what YAML 1.2 allows, however the file was saved", () => {
    const plan = readPlan(minimal);
    expect(readPlan(`\ufeff${minimal.replaceAll("\n", "\r\n")}`)).toEqual(plan);
    expect(readPlan(minimal.replaceAll("\n", "\r"))).toEqual(plan);
    expect(readPlan(JSON.stringify({ version: 1, data: plan.data, columns: plan.columns }))).toEqual(plan);
    expect(readPlan(`%YAML 1.2\n---${minimal}...\n`)).toEqual(plan);
  });

  it.each([
    ["", "plan", /^is empty/],
    ["# nothing", "plan", /^is empty/],
    ["- a", "plan, line 1", /^expected keys with values, not a list$/],
    [`${minimal}---${minimal}`, "plan, line 5", /^a second YAML document begins here/],
    [minimal.replace("version: 1", ""), "version", /^is missing; expected 1$/],
    ["version: 1\ndata:\n\tfile: d.csv", "plan, line 3", /a tab indents the line; indent with blanks/],
    [`${minimal}seed: 1\nseed: 2`, "plan, line 6", /^"seed" stands here a second time/],
    [`${minimal}seed: .inf`, "seed, line 5", /^expected a finite number, not Infinity$/],
    [`${minimal}rules: [{ metric: count, at_most: .nan }]`, "rules[0].at_most, line 5", /a finite number, not NaN$/],
    [`${minimal}rules: *none`, "rules, line 5", /^no anchor &none stands before/],
    ["version: 1\ndata: { file: d.csv }\ncolumns:\n  <<: { label: y }", "columns, line 4", /^merge keys/],
    [`${minimal}project: a\0b`, "plan, line 5", /control character U\+0000/],
    [`${minimal}audits: { __proto__: {} }`, "audits, line 5", /^no key can be called __proto__/],
    [`a: ${"[".repeat(20_000)}`, "plan, line 1", /nested too deep/],
  ])("says where a text is no plan, and why (%#)", (text, at, message) => {
    const [problem] = problemsOf(text);
    expect(problem && placeOf(problem)).toBe(at);
    expect(problem?.message).toMatch(message);
  });

  it("refuses aliases that grow without end", () => {
    expect(readPlan(`${minimal}\nrules: [&r { metric: accuracy, at_least: 0.5 }, *r]\n`).rules).toHaveLength(2);
    const bomb = ["a: &a0 [x]", ...Array.from({ length: 30 }, (_, i) => `a${i}: &a${i + 1} [*a${i}, *a${i}]`)].join(
      "\n",
    );
    expect(problemsOf(bomb)[0]?.message).toMatch(/more than 100 YAML aliases/);
    expect(problemsOf(`${minimal}\nrules: &all [*all]\n`)[0]?.message).toMatch(/more than 100 YAML aliases/);
  });
});
