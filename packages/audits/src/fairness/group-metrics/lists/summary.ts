import { type CodedTable, coded, numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { codeMap, unionLevels } from "../../../union-levels.ts";
import { mostRows } from "./limits.ts";

/** Rows of ranked lists: every different row of a list, group, score and relevance, and how often it occurs. */
export type ListSummary = {
  readonly disclosure: "rows";
  /** The column that names the list (without levels where all rows are one list), then protected and control columns. */
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
  /** Rows × columns, row-major; by list, then from the highest score down, then by the other codes and relevance. */
  readonly codes: Uint32Array;
  readonly scores: Float64Array;
  /** NaN: not known, or the plan names no label. */
  readonly relevance: Float64Array;
  readonly counts: Float64Array;
  /** Rows left out because they have no score, or belong to no list. */
  readonly scoreless: number;
  readonly listless: number;
  /** More than `mostRows`: then none is held. */
  readonly tooMany: boolean;
};

interface Row {
  readonly codes: readonly number[];
  readonly score: number;
  readonly relevance: number;
  readonly count: number;
}

export async function measureLists(rows: CodedTable, { roles }: AuditContext<unknown>): Promise<ListSummary> {
  if (!roles.score) throw new AssayError("internal", "group metrics: the plan has no score");
  const scores = numbers(rows, roles.score).values;
  const one = { levels: [] as readonly string[], codes: new Uint8Array(rows.rows) };
  const columns = [
    { name: "query", ...(roles.query ? coded(rows, roles.query) : one) },
    ...[...roles.protected, ...roles.control].map((role) => ({ name: role.name, ...coded(rows, role.request) })),
  ];
  const relevanceOf = relevanceReader(rows, roles.relevance);
  let scoreless = 0;
  let listless = 0;
  const held: Row[] = [];
  for (let row = 0; row < rows.rows; row++) {
    const count = rows.counts?.[row] ?? 1;
    if (count === 0) continue;
    const score = scores[row] ?? Number.NaN;
    const codes = columns.map((column) => column.codes[row] ?? 0);
    if (roles.query && codes[0] === 0) listless += count;
    else if (Number.isNaN(score)) scoreless += count;
    // One zero only: −0 and 0 are one score and not the same bytes.
    else held.push({ codes, score: score + 0, relevance: relevanceOf(row), count });
  }
  return summaryOf(
    columns.map(({ name, levels }) => ({ name, levels })),
    held,
    { scoreless, listless, tooMany: false },
  );
}

/** A row's relevance: 0 or 1 of a binary label, else the label itself, which is no fewer than 0. */
function relevanceReader(
  rows: CodedTable,
  request: AuditContext<unknown>["roles"]["relevance"],
): (row: number) => number {
  if (request === null) return () => Number.NaN;
  if (request.kind !== "number") {
    const { codes } = coded(rows, request);
    return (row) => (codes[row] ? (codes[row] ?? 0) - 1 : Number.NaN);
  }
  const { values } = numbers(rows, request);
  return (row) => {
    const value = values[row] ?? Number.NaN;
    if (value < 0 || value === Number.POSITIVE_INFINITY) {
      throw new AssayError(
        "data-invalid",
        `column "${request.column}": the relevance ${value} in row ${row + 1} of the rows read; relevance is a number from 0, and columns.positive makes a label of two values`,
      );
    }
    return value + 0;
  };
}

/** Sorted, equal rows put together. */
function summaryOf(
  columns: ListSummary["columns"],
  rows: Row[],
  rest: Pick<ListSummary, "listless" | "scoreless" | "tooMany">,
): ListSummary {
  rows.sort(compareRows);
  const kept: Row[] = [];
  for (const row of rows) {
    const last = kept.at(-1);
    if (last && compareRows(last, row) === 0) kept[kept.length - 1] = { ...last, count: last.count + row.count };
    else kept.push(row);
  }
  const isTooMany = rest.tooMany || kept.length > mostRows;
  const told = isTooMany ? [] : kept;
  const codes = new Uint32Array(told.length * columns.length);
  for (const [place, row] of told.entries()) codes.set(row.codes, place * columns.length);
  return {
    disclosure: "rows",
    columns,
    codes,
    scores: Float64Array.from(told, ({ score }) => score),
    relevance: Float64Array.from(told, ({ relevance }) => relevance),
    counts: Float64Array.from(told, ({ count }) => count),
    ...rest,
    tooMany: isTooMany,
  };
}

function compareRows(a: Row, b: Row): number {
  const list = (a.codes[0] ?? 0) - (b.codes[0] ?? 0);
  if (list !== 0) return list;
  if (a.score !== b.score) return a.score > b.score ? -1 : 1;
  for (const [index, code] of a.codes.entries()) {
    const other = b.codes[index] ?? 0;
    if (code !== other) return code - other;
  }
  const [left, right] = [a.relevance, b.relevance];
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left - right;
}

/** Associative and commutative, to the bit: a list may lie in several parts. */
export function mergeLists(a: ListSummary, b: ListSummary): ListSummary {
  const columns = a.columns.map((column, index) => ({
    name: column.name,
    levels: unionLevels(column.levels, b.columns[index]?.levels ?? []),
  }));
  const width = columns.length;
  const rows: Row[] = [];
  for (const summary of [a, b]) {
    const maps = columns.map(({ levels }, index) => codeMap(summary.columns[index]?.levels ?? [], levels));
    for (let row = 0; row < summary.counts.length; row++) {
      rows.push({
        codes: maps.map((map, index) => map[summary.codes[row * width + index] ?? 0] ?? 0),
        score: summary.scores[row] ?? 0,
        relevance: summary.relevance[row] ?? Number.NaN,
        count: summary.counts[row] ?? 0,
      });
    }
  }
  return summaryOf(columns, rows, {
    scoreless: a.scoreless + b.scoreless,
    listless: a.listless + b.listless,
    tooMany: a.tooMany || b.tooMany,
  });
}
