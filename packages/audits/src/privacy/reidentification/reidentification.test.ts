import { openDevice } from "@assay/compute";
import { type CodedTable, sliceTable } from "@assay/dataset";
import {
  digestSummary,
  encodeSummary,
  Figure,
  Finding,
  type Measure,
  Measure as MeasureSchema,
  Table,
} from "@assay/schema";
import { afterAll, describe, expect, test } from "vitest";
import type { GroupRole, Roles } from "../../roles.ts";
import { cutShards } from "../../shards.ts";
import { tableOf, textColumn } from "../../testing/coded-table.ts";
import { type Classes, classesOfTable } from "./classes.ts";
import { conclude } from "./conclude.ts";
import { reidentification } from "./index.ts";
import { judge } from "./judge.ts";
import { mergeClasses } from "./merge.ts";

const signal = new AbortController().signal;
const device = await openDevice("cpu");
afterAll(() => device.dispose());
const settings = { k: 5, l: 2 };

type Rows = readonly (readonly (string | null)[])[];

function role(name: string): GroupRole {
  return { name, request: { kind: "text", column: name }, reference: null };
}

function rolesOf(quasi: readonly string[], sensitive: readonly string[] = []) {
  return { quasiIdentifiers: quasi.map(role), sensitive: sensitive.map(role) };
}

function table(names: readonly string[], rows: Rows, counts: readonly number[] | null = null): CodedTable {
  return tableOf(
    rows.length,
    names.map((name, index) => [role(name).request, textColumn(rows.map((row) => row[index] ?? null))] as const),
    counts,
  );
}

async function shardedClasses(data: CodedTable, roles: ReturnType<typeof rolesOf>, shards: number): Promise<Classes> {
  const parts = cutShards(data.rows, shards).ranges.map(({ start, end }) =>
    classesOfTable(device, sliceTable(data, start, end), roles),
  );
  return (await Promise.all(parts)).reduce(mergeClasses);
}

function numberOf(measures: readonly Measure[], metric: string, key: Partial<Measure> = {}): number | null | undefined {
  return measures.find((one) => one.metric === metric && one.column === key.column && one.feature === key.feature)
    ?.value;
}

describe("a table small enough to count by hand", async () => {
  const names = ["age", "sex", "illness"];
  const rows: Rows = [
    ["30", "f", "flu"],
    ["30", "f", "flu"],
    ["30", "m", "flu"],
    ["30", "m", "cold"],
    ["30", "m", "cold"],
    ["40", "f", "gout"],
    [null, "f", "gout"],
    [null, "f", "cold"],
  ];
  const roles = rolesOf(["age", "sex"], ["illness"]);
  const classes = await classesOfTable(device, table(names, rows), roles);
  const { measures, figures, tables } = await conclude(classes, { input: settings, signal, device });

  test("classes, uniques and risks", async () => {
    // Classes: (missing, f) 2, (30, f) 2, (30, m) 3, (40, f) 1.
    expect([...classes.counts]).toEqual([2, 2, 3, 1]);
    expect(numberOf(measures, "k-anonymity")).toBe(1);
    expect(numberOf(measures, "equivalence-classes")).toBe(4);
    expect(numberOf(measures, "unique-rows")).toBe(1);
    expect(numberOf(measures, "rows-below-k")).toBe(8);
    expect(numberOf(measures, "prosecutor-risk")).toBe(1);
    expect(numberOf(measures, "average-prosecutor-risk")).toBe(0.5);
  });

  test("diversity of the worst class", async () => {
    const illness = { column: "illness" };
    expect(numberOf(measures, "l-diversity", illness)).toBe(1);
    expect(numberOf(measures, "entropy-l-diversity", illness)).toBe(1);
    // Whole: flu 3/8, cold 3/8, gout 2/8. Class (40, f) is all gout: 3/4 away, gain (1 − 1/4) / (1/4) = 3.
    expect(numberOf(measures, "t-closeness", illness)).toBe(0.75);
    expect(numberOf(measures, "beta-likeness", illness)).toBe(3);
    // (30, f) 2 and (40, f) 1 people of one value; only the former are not unique.
    expect(numberOf(measures, "share-below-l", illness)).toBe(3 / 8);
    expect(numberOf(measures, "homogeneous-rows", illness)).toBe(2);
  });

  test("which column singles people out", async () => {
    // Without age: f 5, m 3. Without sex: missing 2, 30 five, 40 one.
    expect(numberOf(measures, "unique-share-without", { feature: "age" })).toBe(0);
    expect(numberOf(measures, "k-anonymity-without", { feature: "age" })).toBe(3);
    expect(numberOf(measures, "unique-share-without", { feature: "sex" })).toBe(1 / 8);
    expect(numberOf(measures, "unique-share-alone", { feature: "age" })).toBe(1 / 8);
  });

  test("findings say it in both languages, and print no value of a quasi-identifier", async () => {
    const findings = judge({ measures }, { input: settings, roles: fullRoles(roles) });
    expect(findings.map((one) => [one.id, one.severity])).toEqual([
      ["uniqueness", "high"],
      ["singling-out", "low"],
      ["sensitive.illness", "high"],
    ]);
    expect(findings[0]?.text.en).toMatch(/^\*\*1 of 8 people is unique by age and sex\.\*\* 12\.5 % stand alone/);
    expect(findings[0]?.text["zh-CN"]).toMatch(/^\*\*8 人中有 1 人凭 age 和 sex 独一无二。\*\*/);
    expect(findings[2]?.text.en).toContain("2 people are not unique and yet exposed");
    for (const finding of findings) {
      expect(Finding.parse(finding).measures.every((index) => measures[index] !== undefined)).toBe(true);
      if (finding.figure) expect(figures.map((one) => one.id)).toContain(finding.figure);
      if (finding.table) expect(tables.map((one) => one.id)).toContain(finding.table);
    }
    const printed = JSON.stringify([findings, tables, figures, measures]);
    for (const text of ['"30"', '"40"', '"flu"', "gout"]) expect(printed).not.toContain(text);
  });

  test("measures, figures and tables fit the report", async () => {
    for (const measure of measures) MeasureSchema.parse(measure);
    for (const figure of figures) Figure.parse(figure);
    for (const one of tables) Table.parse(one);
  });

  test("a table of counts gives the same as its expanded rows", async () => {
    const counted = table(
      names,
      [
        ["30", "f", "flu"],
        ["30", "m", "flu"],
        ["30", "m", "cold"],
        ["40", "f", "gout"],
        ["99", "f", "gout"],
        [null, "f", "gout"],
        [null, "f", "cold"],
      ],
      [2, 1, 2, 1, 0, 1, 1],
    );
    const same = await conclude(await classesOfTable(device, counted, roles), { input: settings, signal, device });
    const about = (one: Measure): unknown => [one.metric, one.column, one.feature, one.value, one.n];
    expect(same.measures.map(about)).toEqual(measures.map(about));
    expect(same.tables).toEqual(tables);
  });

  test("a sensitive column that is a quasi-identifier too is refused with a reason", async () => {
    const both = rolesOf(["age", "illness"], ["illness"]);
    const told = await conclude(await classesOfTable(device, table(names, rows), both), {
      input: settings,
      signal,
      device,
    });
    const measure = told.measures.find((one) => one.metric === "l-diversity");
    expect(measure).toMatchObject({ value: null, reason: expect.stringContaining("also a quasi-identifier") });
    const findings = judge(told, { input: settings, roles: fullRoles(both) });
    expect(findings.find((one) => one.id === "sensitive.illness")?.verdict).toBe("indeterminate");
  });

  test("no rows: nothing is known, and nothing is claimed", async () => {
    const none = await conclude(await classesOfTable(device, table(names, []), roles), {
      input: settings,
      signal,
      device,
    });
    expect(none.measures.every((one) => one.value === null && one.reason !== undefined)).toBe(true);
    expect(judge(none, { input: settings, roles: fullRoles(roles) }).map((one) => one.verdict)).toEqual([
      "indeterminate",
    ]);
  });

  test("severity falls with k", async () => {
    const repeated = async (times: number) =>
      judge(
        await conclude(
          await classesOfTable(
            device,
            table(
              names,
              rows,
              rows.map(() => times),
            ),
            roles,
          ),
          { input: settings, signal, device },
        ),
        { input: settings, roles: fullRoles(roles) },
      )[0];
    expect(await repeated(3)).toMatchObject({ id: "uniqueness", severity: "medium" });
    expect(await repeated(5)).toMatchObject({ id: "uniqueness", severity: "low" });
    expect((await repeated(5))?.text.en).toContain("Nobody is in a group of fewer than 5");
  });
});

test("files with different values merge as their rows together would", async () => {
  const names = ["zip", "age", "illness"];
  const first: Rows = [
    ["9", "30", "flu"],
    ["10", "30", "cold"],
    ["9", null, null],
  ];
  const second: Rows = [
    ["10", "30", "gout"],
    ["9a", "30", "cold"],
    ["9", "30", "ache"],
    ["7", "4", "cold"],
  ];
  const roles = rolesOf(["zip", "age"], ["illness"]);
  const merged = mergeClasses(
    await classesOfTable(device, table(names, first), roles),
    await classesOfTable(device, table(names, second), roles),
  );
  const whole = await classesOfTable(device, table(names, [...first, ...second]), roles);
  expect(encodeSummary(merged)).toBe(encodeSummary(whole));
  const third = await classesOfTable(device, table(names, [["", "1", "x"]]), roles);
  const [a, b] = [
    await classesOfTable(device, table(names, first), roles),
    await classesOfTable(device, table(names, second), roles),
  ];
  expect(encodeSummary(mergeClasses(mergeClasses(a, b), third))).toBe(
    encodeSummary(mergeClasses(a, mergeClasses(third, b))),
  );
});

test("the same digest for 1, 7 and 64 shards", async () => {
  let state = 5;
  const next = (below: number): string => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return String(Math.floor((state / 2 ** 32) * below));
  };
  const rows: Rows = Array.from({ length: 4000 }, () => [
    next(90_000),
    next(80_000),
    Number(next(10)) === 0 ? null : next(3),
    next(7),
  ]);
  const data = table(["a", "b", "c", "s"], rows);
  const roles = rolesOf(["a", "b", "c"], ["s", "c"]);
  const digests = await Promise.all(
    [1, 7, 64].map(async (shards) => digestSummary(await shardedClasses(data, roles, shards))),
  );
  expect(new Set(digests).size).toBe(1);
  const few = rolesOf(["c"], ["s"]);
  const fewDigests = await Promise.all(
    [1, 7, 64].map(async (shards) => digestSummary(await shardedClasses(data, few, shards))),
  );
  expect(new Set(fewDigests).size).toBe(1);
});

test("words are complete in both languages", async () => {
  for (const text of Object.values(reidentification.text)) {
    expect(Object.keys(text.settings)).toEqual(Object.keys(reidentification.input.shape));
    for (const word of [text.name, text.question, text.method, text.reading, text.action, text.limits]) {
      expect(word.length).toBeGreaterThan(3);
    }
  }
});

test("every metric it gives is measured, and none other overall", async () => {
  const roles = rolesOf(["age"], ["size"]);
  const data = table(
    ["age", "size"],
    [
      ["1", "3"],
      ["1", "4"],
      ["2", "5"],
      ["2", "6"],
    ],
  );
  const { measures } = await conclude(await classesOfTable(device, data, roles), { input: settings, signal, device });
  const given = reidentification.gives(settings, fullRoles(roles)).map((one) => one.metric);
  const measured = measures.filter((one) => one.feature === undefined).map((one) => one.metric);
  expect([...new Set(measured)].sort()).toEqual([...given].sort());
});

function fullRoles(roles: ReturnType<typeof rolesOf>): Roles {
  return {
    label: null,
    labelText: null,
    positive: null,
    decision: null,
    favourable: "1",
    score: null,
    prediction: null,
    protected: [],
    groupings: [],
    control: [],
    identifiers: [],
    features: [],
    weight: null,
    given: new Set(),
    columns: new Map(),
    model: null,
    ...roles,
  };
}
