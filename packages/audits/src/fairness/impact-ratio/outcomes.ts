import { type Device, tally } from "@assay/compute";
import { type CodedTable, coded } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import { codeMap, sameLevels, unionLevels } from "../../union-levels.ts";

/** Cells of one combination of codes: outcome missing, no, yes. */
export const outcomes = 3;

/**
 * How many people of every combination of some protected columns have which outcome. Dense, row-major, the outcome
 * fastest; code 0 of a column is the unknown category.
 */
export type OutcomeTable = {
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
  readonly counts: Float64Array;
};

/** One table per grouping of the plan. `outcome` holds 0 missing, 1 no, 2 yes for each row. */
export async function tallyOutcomes(
  rows: CodedTable,
  roles: Pick<Roles, "protected" | "groupings">,
  outcome: Uint8Array | Uint16Array | Uint32Array,
  device: Device,
): Promise<readonly OutcomeTable[]> {
  const tables: OutcomeTable[] = [];
  for (const grouping of roles.groupings) {
    const columns = grouping.map((name) => {
      const role = roles.protected.find((one) => one.name === name);
      if (!role) throw new AssayError("internal", `impact ratio: "${name}" is no protected column`);
      return { name, column: coded(rows, role.request) };
    });
    const { counts } = await tally(device, {
      columns: [
        ...columns.map(({ column }) => ({ codes: column.codes, size: column.levels.length + 1 })),
        { codes: outcome, size: outcomes },
      ],
      rows: rows.rows,
      counts: rows.counts,
      weights: null,
    });
    tables.push({ columns: columns.map(({ name, column }) => ({ name, levels: column.levels })), counts });
  }
  return tables;
}

export function mergeOutcomes(a: readonly OutcomeTable[], b: readonly OutcomeTable[]): readonly OutcomeTable[] {
  return a.map((table, index) => {
    const other = b[index];
    return other ? mergeTables(table, other) : table;
  });
}

function mergeTables(a: OutcomeTable, b: OutcomeTable): OutcomeTable {
  const columns = a.columns.map((column, index) => ({
    name: column.name,
    levels: unionLevels(column.levels, b.columns[index]?.levels ?? []),
  }));
  const cells = columns.reduce((product, column) => product * (column.levels.length + 1), outcomes);
  const counts = new Float64Array(cells);
  for (const table of [a, b]) {
    if (table.columns.every((column, index) => sameLevels(column.levels, columns[index]?.levels ?? []))) {
      for (let cell = 0; cell < cells; cell++) counts[cell] = (counts[cell] ?? 0) + (table.counts[cell] ?? 0);
      continue;
    }
    const maps = table.columns.map((column, index) => codeMap(column.levels, columns[index]?.levels ?? []));
    for (let cell = 0; cell < table.counts.length; cell++) {
      const codes = codesOf(table, Math.floor(cell / outcomes));
      const target = columns.reduce(
        (position, column, index) => position * (column.levels.length + 1) + (maps[index]?.[codes[index] ?? 0] ?? 0),
        0,
      );
      const at = target * outcomes + (cell % outcomes);
      counts[at] = (counts[at] ?? 0) + (table.counts[cell] ?? 0);
    }
  }
  return { columns, counts };
}

/** The codes of a table's combination. */
export function codesOf(table: OutcomeTable, combination: number): readonly number[] {
  const codes = new Array<number>(table.columns.length).fill(0);
  let rest = combination;
  for (let column = table.columns.length - 1; column >= 0; column--) {
    const size = (table.columns[column]?.levels.length ?? 0) + 1;
    codes[column] = rest % size;
    rest = Math.floor(rest / size);
  }
  return codes;
}
