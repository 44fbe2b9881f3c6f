import type { Classes, NamedLevels } from "./classes.ts";
import { entriesOf } from "./classes.ts";
import { groupRows } from "./grouping.ts";
import { packCodes, packColumns, unpackColumn } from "./packing.ts";

/**
 * Writes two summaries over the same levels. Shards of one file share their dictionaries and pass untouched; summaries
 * of different files are coded anew over the union of their levels, in the order every dictionary has.
 */
export function alignClasses(a: Classes, b: Classes): readonly [Classes, Classes] {
  const identifiers = a.identifiers.map((one, index) => united(one, b.identifiers[index] ?? one));
  const sensitive = a.sensitive.map((one, index) => united(one, b.sensitive[index] ?? one));
  return [recoded(a, identifiers, sensitive), recoded(b, identifiers, sensitive)];
}

function united(a: NamedLevels, b: NamedLevels): NamedLevels {
  if (sameLevels(a.levels, b.levels)) return a;
  return { column: a.column, levels: orderLevels([...new Set([...a.levels, ...b.levels])]) };
}

function recoded(classes: Classes, identifiers: readonly NamedLevels[], sensitive: readonly NamedLevels[]): Classes {
  const keysKept = identifiers.every((to, index) => sameLevels(to.levels, classes.identifiers[index]?.levels ?? []));
  const valuesKept = sensitive.every((to, index) => sameLevels(to.levels, classes.sensitive[index]?.levels ?? []));
  if (keysKept && valuesKept) return classes;

  const count = classes.counts.length;
  const from = packColumns(classes.identifiers.map((one) => one.levels.length + 1));
  const codes = from.map((place, index) =>
    mapped(
      unpackColumn(place, classes.words),
      codeMap(classes.identifiers[index]?.levels ?? [], identifiers[index]?.levels ?? []),
    ),
  );
  const to = packColumns(identifiers.map((one) => one.levels.length + 1));
  const groups = groupRows(packCodes(to, codes, count), count, classes.counts);
  return {
    disclosure: "rows",
    identifiers,
    words: groups.words,
    counts: groups.counts,
    sensitive: classes.sensitive.map((one, index) => {
      const levels = sensitive[index]?.levels ?? one.levels;
      const owners = new Uint32Array(one.codes.length);
      for (let owner = 0, entry = 0; owner < count; owner++) {
        for (; entry < (one.ends[owner] ?? 0); entry++) owners[entry] = groups.groupOf[owner] ?? 0;
      }
      const entries = {
        codes: [mapped(one.codes, codeMap(one.levels, levels))],
        rows: one.codes.length,
        multiplicity: one.counts,
      };
      return { column: one.column, levels, ...entriesOf(owners, groups.counts.length, entries) };
    }),
  };
}

/** Code of the old levels → code of the new; 0 stays missing. */
function codeMap(from: readonly string[], to: readonly string[]): Uint32Array {
  const codeOf = new Map(to.map((level, index) => [level, index + 1]));
  return Uint32Array.from([0, ...from.map((level) => codeOf.get(level) ?? 0)]);
}

function mapped(codes: Uint32Array, map: Uint32Array): Uint32Array {
  return codes.map((code) => map[code] ?? 0);
}

function sameLevels(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((level, index) => level === b[index]));
}

/** The order of every dictionary (see CodedColumn): by number where every level is one, else by code point. */
function orderLevels(levels: readonly string[]): readonly string[] {
  const values = levels.map(numberOf);
  const isNumeric = values.every((value) => !Number.isNaN(value));
  return isNumeric
    ? [...levels].sort((a, b) => numberOf(a) - numberOf(b) || byCodePoint(a, b))
    : [...levels].sort(byCodePoint);
}

/** The number a level is written as, else NaN. */
export function numberOf(level: string): number {
  return level.trim() === "" ? Number.NaN : Number(level);
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
