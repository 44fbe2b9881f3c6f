import { type Device, classes as gatherRows, noClass } from "@assay/compute";
import { type CodedTable, coded } from "@assay/dataset";
import type { Roles } from "../../roles.ts";
import { gathered, gatherKeys } from "./grouping.ts";
import { type Narrow, narrow } from "./narrow.ts";
import { packCodes, packColumns } from "./packing.ts";

/** A column and the texts its codes stand for: code 0 is missing, code i + 1 is `levels[i]`. */
export type NamedLevels = {
  readonly column: string;
  readonly levels: readonly string[];
};

/**
 * Values of a sensitive column inside the classes, as rows of a sparse matrix: the first class holds the first
 * `lengths[0]` entries, and so on, each by rising code. Missing values are left out.
 */
export type SensitiveEntries = {
  readonly column: string;
  readonly levels: readonly string[];
  readonly lengths: Narrow;
  readonly codes: Narrow;
  readonly counts: Narrow;
};

/**
 * The equivalence classes of the quasi-identifiers, sorted by key: everything this audit says is a function of them.
 * A class of one person *is* a row, hence the disclosure.
 */
export type Classes = {
  readonly disclosure: "rows";
  readonly identifiers: readonly NamedLevels[];
  /** Keys packed by `packColumns` of the identifiers' sizes; one array per 32-bit word. */
  readonly words: readonly Uint32Array[];
  /** People of each class. */
  readonly counts: Narrow;
  readonly sensitive: readonly SensitiveEntries[];
};

/** Codes of columns over n entries, with how many people each entry stands for. */
export interface CodeRows {
  readonly codes: readonly ArrayLike<number>[];
  readonly rows: number;
  readonly multiplicity: Narrow | null;
}

/** The classes of a table's rows. A missing value of a quasi-identifier is a value of its own. */
export async function classesOfTable(
  device: Device,
  table: CodedTable,
  roles: Pick<Roles, "quasiIdentifiers" | "sensitive">,
): Promise<Classes> {
  const identifiers = roles.quasiIdentifiers.map((role) => ({ role, column: coded(table, role.request) }));
  const sensitive = roles.sensitive.map((role) => ({ role, column: coded(table, role.request) }));
  const sizes = identifiers.map(({ column }) => column.levels.length + 1);
  const found = await gatherRows(device, {
    columns: identifiers.map(({ column }, index) => ({ codes: column.codes, size: sizes[index] ?? 1 })),
    rows: table.rows,
    counts: table.counts,
    classOf: sensitive.length > 0,
  });
  const groups = gatherKeys(
    packCodes(
      packColumns(sizes),
      identifiers.map(({ column }) => gathered(column.codes, found.firsts)),
      found.firsts.length,
    ),
    found.counts,
  );
  const classOf = found.classOf ?? new Uint32Array(0);
  for (let row = 0; row < classOf.length; row++) {
    const owner = classOf[row] ?? noClass;
    if (owner !== noClass) classOf[row] = groups.groupOf[owner] ?? 0;
  }
  return {
    disclosure: "rows",
    identifiers: identifiers.map(({ role, column }) => ({ column: role.name, levels: column.levels })),
    words: groups.words,
    counts: narrow(groups.counts),
    sensitive: sensitive.map(({ role, column }) => ({
      column: role.name,
      levels: column.levels,
      ...entriesOf(classOf, groups.counts.length, {
        codes: [column.codes],
        rows: table.rows,
        multiplicity: table.counts,
      }),
    })),
  };
}

/**
 * Gathers (class, code) pairs into sparse rows: rows are laid out by class first, then counted by code within each.
 * `source.codes` holds one column; code 0 is left out.
 */
export function entriesOf(
  classOf: Uint32Array,
  classes: number,
  source: CodeRows,
): Pick<SensitiveEntries, "lengths" | "codes" | "counts"> {
  const values = source.codes[0] ?? [];
  const starts = new Uint32Array(classes + 1);
  let largest = 0;
  for (let row = 0; row < source.rows; row++) {
    const owner = classOf[row] ?? noClass;
    const code = values[row] ?? 0;
    if (code === 0 || owner === noClass) continue;
    starts[owner + 1] = (starts[owner + 1] ?? 0) + 1;
    if (code > largest) largest = code;
  }
  for (let owner = 0; owner < classes; owner++) starts[owner + 1] = (starts[owner + 1] ?? 0) + (starts[owner] ?? 0);
  const known = starts[classes] ?? 0;
  const next = starts.slice(0, classes);
  const laid = new Uint32Array(known);
  const times = source.multiplicity === null ? null : new Float64Array(known);
  for (let row = 0; row < source.rows; row++) {
    const owner = classOf[row] ?? noClass;
    const code = values[row] ?? 0;
    if (code === 0 || owner === noClass) continue;
    const place = next[owner] ?? 0;
    next[owner] = place + 1;
    laid[place] = code;
    if (times) times[place] = source.multiplicity?.[row] ?? 0;
  }

  const lengths = new Uint32Array(classes);
  const codes = new Uint32Array(known);
  const counts = new Float64Array(known);
  const tally = new Float64Array(largest + 1);
  let at = 0;
  for (let owner = 0; owner < classes; owner++) {
    const first = at;
    for (let place = starts[owner] ?? 0; place < (starts[owner + 1] ?? 0); place++) {
      const code = laid[place] ?? 0;
      if (tally[code] === 0) codes[at++] = code;
      tally[code] = (tally[code] ?? 0) + (times ? (times[place] ?? 0) : 1);
    }
    if (at - first > 1) codes.subarray(first, at).sort();
    for (let entry = first; entry < at; entry++) {
      const code = codes[entry] ?? 0;
      counts[entry] = tally[code] ?? 0;
      tally[code] = 0;
    }
    lengths[owner] = at - first;
  }
  return { lengths: narrow(lengths), codes: narrow(codes.slice(0, at)), counts: narrow(counts.slice(0, at)) };
}
