import { compareCodePoints } from "../level-order.ts";
import { parseNumber } from "../number-text.ts";
import type { Codes } from "../table.ts";
import type { Literal, Operator, Where } from "./syntax.ts";

/** The forms of a column that a filter may read; `whereNeeds` says which it does. All of n rows. */
export interface WhereColumn {
  /** Code 0 is missing, code i + 1 is `levels[i]`; levels in any order. */
  readonly coded?: { readonly levels: readonly string[]; readonly codes: Codes };
  /** NaN where missing or not a number. */
  readonly numbers?: Float64Array;
  /** 1 where missing. */
  readonly missing?: Uint8Array;
}

/** 1 for each row that passes, else 0. Pure. */
export function evaluateWhere(where: Where, columns: ReadonlyMap<string, WhereColumn>, rows: number): Uint8Array {
  switch (where.kind) {
    case "and": {
      const left = evaluateWhere(where.left, columns, rows);
      const right = evaluateWhere(where.right, columns, rows);
      for (let row = 0; row < rows; row++) left[row] = (left[row] ?? 0) & (right[row] ?? 0);
      return left;
    }
    case "or": {
      const left = evaluateWhere(where.left, columns, rows);
      const right = evaluateWhere(where.right, columns, rows);
      for (let row = 0; row < rows; row++) left[row] = (left[row] ?? 0) | (right[row] ?? 0);
      return left;
    }
    case "not": {
      const mask = evaluateWhere(where.of, columns, rows);
      for (let row = 0; row < rows; row++) mask[row] = (mask[row] ?? 0) ^ 1;
      return mask;
    }
    case "compare": {
      const column = columnOf(columns, where.column);
      return where.literal.kind === "number"
        ? testNumbers(column, where.operator, where.literal.value, rows)
        : testTexts(column, where.operator, where.literal.value, rows);
    }
    case "in": {
      const column = columnOf(columns, where.column);
      const mask = where.literals
        .map((literal) => equals(column, literal, rows))
        .reduce((all, one) => {
          for (let row = 0; row < rows; row++) all[row] = (all[row] ?? 0) | (one[row] ?? 0);
          return all;
        }, new Uint8Array(rows));
      if (where.negated) {
        const missing = missingOf(column, where.column, rows);
        for (let row = 0; row < rows; row++) mask[row] = (mask[row] ?? 0) | (missing[row] ?? 0) ? 0 : 1;
      }
      return mask;
    }
    case "missing": {
      const missing = missingOf(columnOf(columns, where.column), where.column, rows);
      return missing.map((flag) => ((flag === 0) === where.negated ? 1 : 0));
    }
  }
}

function equals(column: WhereColumn, literal: Literal, rows: number): Uint8Array {
  return literal.kind === "number"
    ? testNumbers(column, "=", literal.value, rows)
    : testTexts(column, "=", literal.value, rows);
}

function testNumbers(column: WhereColumn, operator: Operator, bound: number, rows: number): Uint8Array {
  const mask = new Uint8Array(rows);
  const passes = (value: number): number => (!Number.isNaN(value) && holds(operator, value - bound) ? 1 : 0);
  if (column.numbers) {
    for (let row = 0; row < rows; row++) mask[row] = passes(column.numbers[row] ?? Number.NaN);
    return mask;
  }
  return byLevel(column, (level) => passes(parseNumber(level)), mask);
}

function testTexts(column: WhereColumn, operator: Operator, bound: string, rows: number): Uint8Array {
  return byLevel(column, (level) => (holds(operator, compareCodePoints(level, bound)) ? 1 : 0), new Uint8Array(rows));
}

/** Decides once per level, then looks each row up; code 0 (missing) never passes. */
function byLevel(column: WhereColumn, passes: (level: string) => number, mask: Uint8Array): Uint8Array {
  if (!column.coded) throw new Error("where: the column was not read as text");
  const { levels, codes } = column.coded;
  const table = new Uint8Array(levels.length + 1);
  for (const [index, level] of levels.entries()) table[index + 1] = passes(level);
  for (let row = 0; row < mask.length; row++) mask[row] = table[codes[row] ?? 0] ?? 0;
  return mask;
}

function missingOf(column: WhereColumn, name: string, rows: number): Uint8Array {
  if (column.missing) return column.missing.slice(0, rows);
  if (!column.coded) throw new Error(`where: missing values of "${name}" were not read`);
  const { codes } = column.coded;
  return Uint8Array.from({ length: rows }, (_, row) => (codes[row] === 0 ? 1 : 0));
}

function holds(operator: Operator, difference: number): boolean {
  switch (operator) {
    case "=":
      return difference === 0;
    case "!=":
      return difference !== 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}

function columnOf(columns: ReadonlyMap<string, WhereColumn>, name: string): WhereColumn {
  const column = columns.get(name);
  if (!column) throw new Error(`where: column "${name}" was not read`);
  return column;
}
