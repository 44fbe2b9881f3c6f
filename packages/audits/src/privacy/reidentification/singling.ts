import type { Classes } from "./classes.ts";
import { groupRows } from "./grouping.ts";
import type { Narrow } from "./narrow.ts";
import { packCodes, packColumns, unpackColumn } from "./packing.ts";
import { riskOf } from "./risk.ts";

/** What one quasi-identifier does to the people in the file. Computed from classes, never from rows. */
export interface Singling {
  readonly column: string;
  /** Different values, missing among them where there are any. */
  readonly values: number;
  /** People unique by this column alone. */
  readonly uniqueAlone: number;
  /** People still unique when this column is left out, and the smallest class then. */
  readonly uniqueWithout: number;
  readonly kWithout: number | null;
}

export function singlingOf(classes: Classes, signal: AbortSignal): readonly Singling[] {
  const sizes = classes.identifiers.map((one) => one.levels.length + 1);
  const codes = packColumns(sizes).map((place) => unpackColumn(place, classes.words));
  const count = classes.counts.length;
  const grouped = (columns: readonly number[]): Narrow => {
    signal.throwIfAborted();
    const layout = packColumns(columns.map((column) => sizes[column] ?? 1));
    const words = packCodes(
      layout,
      columns.map((column) => codes[column] ?? []),
      count,
    );
    return groupRows(words, count, classes.counts).counts;
  };
  const all = classes.identifiers.map((_, index) => index);
  return classes.identifiers.map(({ column }, index) => {
    const alone = peopleByCode(codes[index] ?? new Uint32Array(0), classes.counts, sizes[index] ?? 1);
    const without = riskOf(grouped(all.filter((other) => other !== index)), 0);
    return {
      column,
      values: alone.length,
      uniqueAlone: riskOf(alone, 0).unique,
      uniqueWithout: without.unique,
      kWithout: without.k,
    };
  });
}

/** People of each code that occurs. */
function peopleByCode(codes: Uint32Array, counts: Narrow, size: number): Float64Array {
  const people = new Float64Array(size);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    people[code] = (people[code] ?? 0) + (counts[index] ?? 0);
  }
  return people.filter((count) => count > 0);
}
