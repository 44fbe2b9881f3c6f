import { type CodedTable, coded } from "@assay/dataset";
import type { Roles } from "../../roles.ts";
import { groupRows, noGroup } from "./grouping.ts";
import { packCodes, packColumns } from "./packing.ts";

/** A column and the texts its codes stand for: code 0 is missing, code i + 1 is `levels[i]`. */
export type NamedLevels = {
  readonly column: string;
  readonly levels: readonly string[];
};

/**
 * Values of a sensitive column inside the classes, as rows of a sparse matrix: class c holds the entries
 * [ends[c - 1], ends[c]), by rising code. Missing values are left out.
 */
export type SensitiveEntries = {
  readonly column: string;
  readonly levels: readonly string[];
  readonly ends: Uint32Array;
  readonly codes: Uint32Array;
  readonly counts: Float64Array;
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
  readonly counts: Float64Array;
  readonly sensitive: readonly SensitiveEntries[];
};

/** Codes of columns over n entries, with how many people each entry stands for. */
export interface CodeRows {
  readonly codes: readonly ArrayLike<number>[];
  readonly rows: number;
  readonly multiplicity: Float64Array | null;
}

/** The classes of a table's rows. A missing value of a quasi-identifier is a value of its own. */
export function classesOfTable(table: CodedTable, roles: Pick<Roles, "quasiIdentifiers" | "sensitive">): Classes {
  const identifiers = roles.quasiIdentifiers.map((role) => ({ role, column: coded(table, role.request) }));
  const sensitive = roles.sensitive.map((role) => ({ role, column: coded(table, role.request) }));
  const layout = packColumns(identifiers.map(({ column }) => column.levels.length + 1));
  const words = packCodes(
    layout,
    identifiers.map(({ column }) => column.codes),
    table.rows,
  );
  const groups = groupRows(words, table.rows, table.counts);
  return {
    disclosure: "rows",
    identifiers: identifiers.map(({ role, column }) => ({ column: role.name, levels: column.levels })),
    words: groups.words,
    counts: groups.counts,
    sensitive: sensitive.map(({ role, column }) => ({
      column: role.name,
      levels: column.levels,
      ...entriesOf(groups.groupOf, groups.counts.length, {
        codes: [column.codes],
        rows: table.rows,
        multiplicity: table.counts,
      }),
    })),
  };
}

/** Gathers (class, code) pairs into sparse rows. `source.codes` holds one column; code 0 is left out. */
export function entriesOf(
  classOf: Uint32Array,
  classes: number,
  source: CodeRows,
): Pick<SensitiveEntries, "ends" | "codes" | "counts"> {
  const values = source.codes[0] ?? [];
  let known = 0;
  for (let row = 0; row < source.rows; row++) if (values[row] !== 0 && classOf[row] !== noGroup) known++;
  const owners = new Uint32Array(known);
  const codes = new Uint32Array(known);
  const multiplicity = source.multiplicity === null ? null : new Float64Array(known);
  let at = 0;
  for (let row = 0; row < source.rows; row++) {
    if (values[row] === 0 || classOf[row] === noGroup) continue;
    owners[at] = classOf[row] ?? 0;
    codes[at] = values[row] ?? 0;
    if (multiplicity) multiplicity[at] = source.multiplicity?.[row] ?? 0;
    at++;
  }
  const groups = groupRows([owners, codes], known, multiplicity);
  const ends = new Uint32Array(classes);
  for (const owner of groups.words[0] ?? []) ends[owner] = (ends[owner] ?? 0) + 1;
  for (let index = 1; index < classes; index++) ends[index] = (ends[index] ?? 0) + (ends[index - 1] ?? 0);
  return { ends, codes: groups.words[1] ?? new Uint32Array(0), counts: groups.counts };
}
