import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDevice } from "@assay/compute";
import type { Measure } from "@assay/schema";
import { afterAll, describe, expect, test } from "vitest";
import type { GroupRole } from "../../roles.ts";
import { tableOf, textColumn } from "../../testing/coded-table.ts";
import { classesOfTable } from "./classes.ts";
import { conclude } from "./conclude.ts";

const shared = fileURLToPath(new URL("../../../../../../shared/", import.meta.url));
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

function table(names: readonly string[], rows: Rows) {
  return tableOf(
    rows.length,
    names.map((name, index) => [role(name).request, textColumn(rows.map((row) => row[index] ?? null))] as const),
  );
}

function numberOf(measures: readonly Measure[], metric: string, key: Partial<Measure> = {}): number | null | undefined {
  return measures.find((one) => one.metric === metric && one.column === key.column && one.feature === key.feature)
    ?.value;
}

describe.skipIf(!existsSync(`${shared}reference/b3_privacy.json`))("Adult against pycanon", () => {
  const names =
    "age workclass fnlwgt education education-num marital-status occupation relationship race sex gain loss hours country income".split(
      " ",
    );
  const read = (file: string): string[][] =>
    readFileSync(`${shared}data/${file}`, "utf8")
      .split("\n")
      .map((line) => line.split(",").map((cell) => cell.trim()))
      .filter((cells) => cells.length === names.length);
  /** The file holds a bare NaN, which JSON has no form for. */
  const readReference = () =>
    JSON.parse(readFileSync(`${shared}reference/b3_privacy.json`, "utf8").replaceAll("NaN", "null"));
  const seven = ["age", "education", "marital-status", "occupation", "race", "sex", "country"];

  test("seven quasi-identifiers and income", async () => {
    const reference = readReference();
    const roles = rolesOf(seven, ["income"]);
    const data = table(names, read("adult.data"));
    const { measures } = await conclude(await classesOfTable(device, data, roles), { input: settings, signal, device });
    const { classes, unique, rows_below_5 } = reference.adult_equivalence_classes_7qi;
    expect(numberOf(measures, "equivalence-classes")).toBe(classes);
    expect(numberOf(measures, "unique-rows")).toBe(unique);
    expect(numberOf(measures, "rows-below-k")).toBe(rows_below_5);
    const income = { column: "income" };
    const own = reference.own_check_income_7qi;
    expect(numberOf(measures, "k-anonymity")).toBe(own.k);
    expect(numberOf(measures, "l-diversity", income)).toBe(own.distinct_l);
    expect(numberOf(measures, "entropy-l-diversity", income)).toBe(own.entropy_l);
    expect(numberOf(measures, "t-closeness", income)).toBeCloseTo(own.t_total_variation, 12);
    expect(numberOf(measures, "beta-likeness", income)).toBeCloseTo(
      reference["pycanon_adult_basic_beta_likeness_sa=income_qi=7"],
      9,
    );
  });

  test("six quasi-identifiers and occupation", async () => {
    const reference = readReference();
    const roles = rolesOf(
      seven.filter((name) => name !== "occupation"),
      ["occupation"],
    );
    const { measures } = await conclude(await classesOfTable(device, table(names, read("adult.data")), roles), {
      input: settings,
      signal,
      device,
    });
    const occupation = { column: "occupation" };
    const own = reference.own_check_occupation_6qi;
    expect(numberOf(measures, "k-anonymity")).toBe(own.k);
    expect(numberOf(measures, "entropy-l-diversity", occupation)).toBe(own.entropy_l);
    expect(numberOf(measures, "t-closeness", occupation)).toBeCloseTo(own.t_total_variation, 12);
    expect(numberOf(measures, "beta-likeness", occupation)).toBeCloseTo(
      reference["pycanon_adult_basic_beta_likeness_sa=occupation_qi=6"],
      6,
    );
  });

  test("the generalised table, with a diversity that is not trivial", async () => {
    const reference = readReference();
    // The reference's own rule: age//20, education-num//6, married or not, US or not; classes under 10 rows dropped.
    const recoded = read("adult.data").map((cells) => {
      const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
      return [
        String(Math.floor(Number(cell("age")) / 20)),
        String(Math.floor(Number(cell("education-num")) / 6)),
        String(cell("marital-status").startsWith("Married")),
        cell("sex"),
        String(cell("country") === "United-States"),
        cell("income"),
        cell("occupation"),
      ];
    });
    const sizes = new Map<string, number>();
    const key = (row: readonly string[]): string => row.slice(0, 5).join("|");
    for (const row of recoded) sizes.set(key(row), (sizes.get(key(row)) ?? 0) + 1);
    const kept = recoded.filter((row) => (sizes.get(key(row)) ?? 0) >= 10);
    expect(kept.length).toBe(32462);
    const quasi = ["age", "education", "marital-status", "sex", "native-country"];
    const data = table([...quasi, "income", "occupation"], kept);
    const { measures } = await conclude(await classesOfTable(device, data, rolesOf(quasi, ["income", "occupation"])), {
      input: settings,
      signal,
      device,
    });
    for (const column of ["income", "occupation"]) {
      const own = reference[`generalised_own_${column}`];
      expect(numberOf(measures, "k-anonymity")).toBe(own.k);
      expect(numberOf(measures, "l-diversity", { column })).toBe(own.distinct_l);
      expect(numberOf(measures, "entropy-l-diversity", { column })).toBeCloseTo(own.entropy_l, 12);
      expect(numberOf(measures, "t-closeness", { column })).toBeCloseTo(own.t_total_variation, 12);
    }
  });
});
