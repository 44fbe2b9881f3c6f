import { type CodedColumn, type CodedTable, type ColumnRequest, type NumberColumn, requestKey } from "@assay/dataset";

/** A coded text column for tests: null is missing; levels in dictionary order unless given. */
export function textColumn(texts: readonly (string | null)[], levels?: readonly string[]): CodedColumn {
  const known = levels ?? ordered([...new Set(texts.filter((text) => text !== null))]);
  const codeOf = new Map(known.map((level, index) => [level, index + 1]));
  return {
    kind: "coded",
    levels: known,
    codes: Uint32Array.from(texts, (text) => (text === null ? 0 : (codeOf.get(text) ?? 0))),
  };
}

export function numberColumn(values: readonly (number | null)[]): NumberColumn {
  return { kind: "number", values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

/** A table for tests out of requests and their columns. */
export function tableOf(
  rows: number,
  columns: readonly (readonly [ColumnRequest, CodedColumn | NumberColumn])[],
  counts: readonly number[] | null = null,
): CodedTable {
  return {
    rows,
    columns: Object.fromEntries(columns.map(([request, column]) => [requestKey(request), column])),
    counts: counts === null ? null : Float64Array.from(counts),
  };
}

function ordered(levels: readonly string[]): readonly string[] {
  const isNumeric = levels.every((level) => level.trim() !== "" && Number.isFinite(Number(level)));
  return [...levels].sort((a, b) => (isNumeric ? Number(a) - Number(b) : a < b ? -1 : 1));
}
