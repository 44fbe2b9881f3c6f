import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCodePoints } from "../level-order.ts";
import { parseNumber } from "../number-text.ts";
import { evaluateWhere, type WhereColumn } from "./evaluate.ts";
import { parseWhere } from "./parser.ts";
import type { Literal, Operator, Where } from "./syntax.ts";
import { someColumns, wheres } from "./wheres.arbitrary.ts";

type Row = Readonly<Record<string, string | null>>;

function toColumns(rows: readonly Row[], names: readonly string[]): Map<string, WhereColumn> {
  return new Map(
    names.map((name) => {
      const values = rows.map((row) => row[name] ?? null);
      const levels = [...new Set(values.filter((value) => value !== null))];
      return [
        name,
        {
          coded: {
            levels,
            codes: Uint8Array.from(values, (value) => (value === null ? 0 : levels.indexOf(value) + 1)),
          },
          numbers: Float64Array.from(values, (value) => parseNumber(value ?? "")),
          missing: Uint8Array.from(values, (value) => (value === null ? 1 : 0)),
        },
      ];
    }),
  );
}

const holds = (operator: Operator, order: number): boolean =>
  ({ "=": order === 0, "!=": order !== 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0 })[
    operator
  ];

function compares(value: string, operator: Operator, literal: Literal): boolean {
  if (literal.kind === "text") return holds(operator, compareCodePoints(value, literal.value));
  const number = parseNumber(value);
  return !Number.isNaN(number) && holds(operator, number - literal.value);
}

/** The meaning, row by row. */
function passes(where: Where, row: Row): boolean {
  switch (where.kind) {
    case "and":
      return passes(where.left, row) && passes(where.right, row);
    case "or":
      return passes(where.left, row) || passes(where.right, row);
    case "not":
      return !passes(where.of, row);
    case "missing":
      return ((row[where.column] ?? null) === null) !== where.negated;
    case "compare": {
      const value = row[where.column] ?? null;
      return value !== null && compares(value, where.operator, where.literal);
    }
    case "in": {
      const value = row[where.column] ?? null;
      return value !== null && where.literals.some((literal) => compares(value, "=", literal)) !== where.negated;
    }
  }
}

test("every filter means the same on coded columns as row by row", () => {
  const value = fc.option(fc.constantFrom("a", "b", "1", "1.0", "-2", "3", "it's", "中"), { nil: null });
  const row = fc.record(Object.fromEntries(someColumns.map((name) => [name, value])));
  fc.assert(
    fc.property(wheres, fc.array(row, { maxLength: 12 }), (where, rows) => {
      const mask = evaluateWhere(where, toColumns(rows, someColumns), rows.length);
      expect([...mask]).toEqual(rows.map((one) => (passes(where, one) ? 1 : 0)));
    }),
  );
});

test("numbers compare the same from levels as from numbers", () => {
  const rows: Row[] = [{ x: "1" }, { x: "1.0" }, { x: "abc" }, { x: null }, { x: "-3" }];
  const column = toColumns(rows, ["x"]).get("x");
  const coded = new Map([["x", { ...(column?.coded && { coded: column.coded }) }]]);
  expect([...evaluateWhere(parseWhere("x >= 1"), coded, 5)]).toEqual([1, 1, 0, 0, 0]);
  expect([...evaluateWhere(parseWhere("x is missing"), coded, 5)]).toEqual([0, 0, 0, 1, 0]);
});

test.each([
  ["x != -1", [1, 0, 0, 1]],
  ["not x = -1", [1, 0, 1, 1]],
  ["x not in (-1)", [1, 0, 0, 1]],
  ["not x in (-1)", [1, 0, 1, 1]],
  ["x = '1'", [1, 0, 0, 0]],
  ["x = 1", [1, 0, 0, 1]],
  ["x in (1, '-1')", [1, 1, 0, 1]],
  ["x is not missing and x < 0", [0, 1, 0, 0]],
])("%s with a missing value", (source, expected) => {
  const rows: Row[] = [{ x: "1" }, { x: "-1" }, { x: null }, { x: "1.0" }];
  expect([...evaluateWhere(parseWhere(source), toColumns(rows, ["x"]), 4)]).toEqual(expected);
});
