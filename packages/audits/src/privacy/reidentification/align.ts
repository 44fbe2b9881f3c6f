import { codeMap, sameLevels, unionLevels } from "../../union-levels.ts";
import type { Classes, NamedLevels } from "./classes.ts";
import { entriesOf } from "./classes.ts";
import { gatherKeys } from "./grouping.ts";
import { type Narrow, narrow } from "./narrow.ts";
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
  return { column: a.column, levels: unionLevels(a.levels, b.levels) };
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
  const groups = gatherKeys(packCodes(to, codes, count), classes.counts);
  return {
    disclosure: "rows",
    identifiers,
    words: groups.words,
    counts: narrow(groups.counts),
    sensitive: classes.sensitive.map((one, index) => {
      const levels = sensitive[index]?.levels ?? one.levels;
      const owners = new Uint32Array(one.codes.length);
      for (let owner = 0, entry = 0; owner < count; owner++) {
        for (const end = entry + (one.lengths[owner] ?? 0); entry < end; entry++) {
          owners[entry] = groups.groupOf[owner] ?? 0;
        }
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

function mapped(codes: Narrow, map: Uint32Array): Uint32Array {
  return Uint32Array.from(codes, (code) => map[code] ?? 0);
}
