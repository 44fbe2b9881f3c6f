import { bandLabels, bandOf } from "./bands.ts";
import { levelOrder } from "./level-order.ts";
import { sharedCodes, sharedNumbers } from "./shared-memory.ts";
import type { ColumnNeed, RawColumn, SourceColumn } from "./source.ts";
import type { CodedColumn, Column, FileRequest } from "./table.ts";

/** The form of a column that a request is made from. */
export function needOf(request: FileRequest): Partial<ColumnNeed> {
  return request.kind === "text" || request.kind === "equals" ? { texts: true } : { numbers: true };
}

/** The column a request asks for, of the `rows` rows that `keep` lists (null: all). */
export function buildColumn(
  request: FileRequest,
  column: SourceColumn,
  raw: RawColumn,
  keep: Uint32Array | null,
  rows: number,
): Column {
  switch (request.kind) {
    case "text":
      return textColumn(codedOf(raw), keep, rows);
    case "equals": {
      const { levels } = codedOf(raw);
      const equal = new Set(request.equals);
      return relabelled(
        raw,
        Uint32Array.from(levels, (level) => (equal.has(level) ? 2 : 1)),
        ["0", "1"],
        keep,
        rows,
      );
    }
    case "number":
      return { kind: "number", values: kept(numbersOf(raw), keep) };
    case "at-least":
      return cut(numbersOf(raw), (value) => (value >= request.bound ? 1 : 0), ["0", "1"], keep, rows);
    case "bands": {
      const labels = bandLabels(request.breaks, column.type === "integer");
      return cut(numbersOf(raw), (value) => bandOf(value, request.breaks), labels, keep, rows);
    }
  }
}

/** Levels are those of the rows kept, in order: a group that the filter leaves empty does not appear. */
function textColumn(coded: NonNullable<RawColumn["coded"]>, keep: Uint32Array | null, rows: number): CodedColumn {
  const { codes, levels } = coded;
  const used = new Uint8Array(levels.length + 1);
  for (let row = 0; row < rows; row++) used[codes[keep === null ? row : (keep[row] ?? 0)] ?? 0] = 1;
  const present = [...levels.keys()].filter((index) => used[index + 1] === 1);
  const order = levelOrder(present.map((index) => levels[index] ?? ""));
  const ordered = Array.from(order, (index) => present[index] ?? 0);
  const target = new Uint32Array(levels.length);
  for (const [place, index] of ordered.entries()) target[index] = place + 1;
  return relabelled(
    { coded, numbers: null, missing: null },
    target,
    ordered.map((index) => levels[index] ?? ""),
    keep,
    rows,
  );
}

/** Codes through a table: raw level i becomes `target[i]`, missing stays missing. */
function relabelled(
  raw: RawColumn,
  target: Uint32Array,
  levels: readonly string[],
  keep: Uint32Array | null,
  rows: number,
): CodedColumn {
  const from = codedOf(raw).codes;
  const table = new Uint32Array(target.length + 1);
  table.set(target, 1);
  const codes = sharedCodes(rows, levels.length);
  for (let row = 0; row < rows; row++) codes[row] = table[from[keep === null ? row : (keep[row] ?? 0)] ?? 0] ?? 0;
  return { kind: "coded", levels, codes };
}

function cut(
  values: Float64Array,
  levelOf: (value: number) => number,
  levels: readonly string[],
  keep: Uint32Array | null,
  rows: number,
): CodedColumn {
  const codes = sharedCodes(rows, levels.length);
  for (let row = 0; row < rows; row++) {
    const value = values[keep === null ? row : (keep[row] ?? 0)] ?? Number.NaN;
    codes[row] = Number.isNaN(value) ? 0 : levelOf(value) + 1;
  }
  return { kind: "coded", levels, codes };
}

function kept(values: Float64Array, keep: Uint32Array | null): Float64Array {
  if (keep === null) return values;
  const result = sharedNumbers(keep.length);
  for (let row = 0; row < keep.length; row++) result[row] = values[keep[row] ?? 0] ?? Number.NaN;
  return result;
}

function codedOf(raw: RawColumn): NonNullable<RawColumn["coded"]> {
  if (raw.coded === null) throw new Error("dataset: the column was not read as text");
  return raw.coded;
}

function numbersOf(raw: RawColumn): Float64Array {
  if (raw.numbers === null) throw new Error("dataset: the column was not read as numbers");
  return raw.numbers;
}
