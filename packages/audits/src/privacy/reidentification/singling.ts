import { type Device, classes as gatherRows } from "@assay/compute";
import type { Classes } from "./classes.ts";
import type { Narrow } from "./narrow.ts";
import { packColumns, unpackColumn } from "./packing.ts";
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

export async function singlingOf(device: Device, classes: Classes, signal: AbortSignal): Promise<readonly Singling[]> {
  const columns = packColumns(classes.identifiers.map((one) => one.levels.length + 1)).map((place) => ({
    codes: unpackColumn(place, classes.words),
    size: place.size,
  }));
  const rows = classes.counts.length;
  const counts = Float64Array.from(classes.counts);
  const result: Singling[] = [];
  for (const [index, { column }] of classes.identifiers.entries()) {
    signal.throwIfAborted();
    const others = columns.filter((_, other) => other !== index);
    const without = riskOf((await gatherRows(device, { columns: others, rows, counts, classOf: false })).counts, 0);
    const own = columns[index] ?? { codes: new Uint32Array(0), size: 1 };
    const alone = peopleByCode(own.codes, counts, own.size);
    result.push({
      column,
      values: alone.length,
      uniqueAlone: riskOf(alone, 0).unique,
      uniqueWithout: without.unique,
      kWithout: without.k,
    });
  }
  return result;
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
