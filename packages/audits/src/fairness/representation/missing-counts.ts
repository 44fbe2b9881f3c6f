import { type CodedTable, type ColumnRequest, coded, numbers } from "@assay/dataset";
import type { GroupRole } from "../../roles.ts";
import { codeMap, unionLevels } from "../../union-levels.ts";

/** Rows of every group of every protected column, and those among them that lack a field's value. */
export type Missing = {
  readonly columns: readonly {
    readonly name: string;
    readonly levels: readonly string[];
    /** By code: 0 is unknown, i + 1 is levels[i]. */
    readonly rows: Float64Array;
    /** Per field, by code; null where no row lacks it. */
    readonly missing: readonly (Float64Array | null)[];
  }[];
};

export function measureMissing(
  rows: CodedTable,
  groups: readonly GroupRole[],
  fields: readonly { readonly request: ColumnRequest }[],
): Missing {
  const absent = fields.map(({ request }) => rowsWithout(rows, request));
  return {
    columns: groups.map(({ name, request }) => {
      const { codes, levels } = coded(rows, request);
      const all = new Float64Array(levels.length + 1);
      for (let row = 0; row < rows.rows; row++) {
        const code = codes[row] ?? 0;
        all[code] = (all[code] ?? 0) + (rows.counts?.[row] ?? 1);
      }
      const missing = absent.map((places) => {
        const lacking = new Float64Array(levels.length + 1);
        let some = 0;
        for (const row of places) {
          const code = codes[row] ?? 0;
          const times = rows.counts?.[row] ?? 1;
          lacking[code] = (lacking[code] ?? 0) + times;
          some += times;
        }
        return some > 0 ? lacking : null;
      });
      return { name, levels, rows: all, missing };
    }),
  };
}

function rowsWithout(rows: CodedTable, request: ColumnRequest): number[] {
  const places: number[] = [];
  if (request.kind === "number") {
    const { values } = numbers(rows, request);
    for (let row = 0; row < rows.rows; row++) if (Number.isNaN(values[row])) places.push(row);
  } else {
    const { codes } = coded(rows, request);
    for (let row = 0; row < rows.rows; row++) if (codes[row] === 0) places.push(row);
  }
  return places;
}

/** Associative and commutative: columns of different data are aligned by the texts of their levels. */
export function mergeMissing(a: Missing, b: Missing): Missing {
  return {
    columns: a.columns.map((column, place) => {
      const other = b.columns[place];
      if (!other) return column;
      const levels = unionLevels(column.levels, other.levels);
      const sum = (first: Float64Array | null, second: Float64Array | null): Float64Array | null => {
        if (first === null && second === null) return null;
        const out = new Float64Array(levels.length + 1);
        for (const [from, counts] of [
          [column.levels, first],
          [other.levels, second],
        ] as const) {
          const map = codeMap(from, levels);
          for (let code = 0; counts && code < counts.length; code++) {
            const into = map[code] ?? 0;
            out[into] = (out[into] ?? 0) + (counts[code] ?? 0);
          }
        }
        return out;
      };
      return {
        name: column.name,
        levels,
        rows: sum(column.rows, other.rows) ?? new Float64Array(levels.length + 1),
        missing: column.missing.map((one, field) => sum(one, other.missing[field] ?? null)),
      };
    }),
  };
}
