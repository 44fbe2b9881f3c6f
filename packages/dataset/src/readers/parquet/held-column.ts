import { CodeColumn } from "../../code-column.ts";
import { profileColumn } from "../../column-profile.ts";
import { parseNumber } from "../../number-text.ts";
import { sharedNumbers } from "../../shared-memory.ts";
import { type ColumnNeed, profileLimit, type RawColumn, type SourceColumn } from "../../source.ts";
import type { ColumnProfile } from "../../table.ts";
import { numberText, ValueCodes } from "../../value-codes.ts";
import type { ParquetKind, Raw } from "./parquet-values.ts";

/** A column of a Parquet file decoded once: doubles as they are, texts by code. */
export type HeldColumn =
  | { readonly form: "double"; readonly values: Float64Array; readonly missing: number; readonly infinite: boolean }
  | { readonly form: "text"; readonly coded: NonNullable<RawColumn["coded"]>; readonly missing: number };

export interface HoldOptions {
  readonly file: string;
  readonly name: string;
  readonly rows: number;
  readonly memoryBytes: number;
  readonly missing: readonly string[];
}

/** Takes a column's values in, row group by row group. */
export interface Holder {
  take(values: ArrayLike<Raw>, base: number): void;
  finish(): HeldColumn;
}

export function holder(kind: ParquetKind, options: HoldOptions): Holder {
  return kind.form === "double" ? doubles(kind.value, options) : texts(kind.text, options);
}

function doubles(numberOf: (raw: Raw) => number, { rows, missing }: HoldOptions): Holder {
  const listed = new Set(missing.map(parseNumber).filter((value) => missing.includes(String(value))));
  const held = new Float64Array(rows);
  let lacking = 0;
  let infinite = false;
  return {
    take(values, base) {
      for (let row = 0; row < values.length; row++) {
        const raw = values[row];
        let value = raw === null || raw === undefined ? Number.NaN : numberOf(raw);
        if (listed.has(value)) value = Number.NaN;
        if (Number.isNaN(value)) lacking++;
        else if (!Number.isFinite(value)) infinite = true;
        held[base + row] = value;
      }
    },
    finish: () => ({ form: "double", values: held, missing: lacking, infinite }),
  };
}

function texts(textOf: (raw: Raw) => string, { file, name, rows, memoryBytes, missing }: HoldOptions): Holder {
  const listed = new Set(missing);
  const codes = new CodeColumn(rows);
  const values = new ValueCodes<string>(file, name, memoryBytes);
  let lacking = 0;
  return {
    take(list, base) {
      const batch = new Uint32Array(list.length);
      for (let row = 0; row < list.length; row++) {
        const raw = list[row];
        const text = raw === null || raw === undefined ? null : textOf(raw);
        if (text === null || listed.has(text)) lacking++;
        else batch[row] = values.code(text);
      }
      codes.put(batch, list.length, base, values.size);
    },
    finish: () => ({ form: "text", coded: { levels: values.values(), codes: codes.codes }, missing: lacking }),
  };
}

/** The forms of a column that are asked for. */
export function rawColumn(held: HeldColumn, need: ColumnNeed, { file, name, memoryBytes }: HoldOptions): RawColumn {
  if (held.form === "text") {
    const { codes, levels } = held.coded;
    const numbers = need.numbers ? sharedNumbers(codes.length) : null;
    if (numbers !== null) {
      const parsed = levels.map(parseNumber);
      for (let row = 0; row < codes.length; row++) {
        const code = codes[row] ?? 0;
        numbers[row] = code === 0 ? Number.NaN : (parsed[code - 1] ?? Number.NaN);
      }
    }
    return {
      coded: need.texts ? held.coded : null,
      numbers,
      missing: need.missing ? Uint8Array.from(codes, (code) => (code === 0 ? 1 : 0)) : null,
    };
  }
  const { values } = held;
  const numbers = need.numbers ? sharedNumbers(values.length) : null;
  if (numbers !== null) {
    for (let row = 0; row < values.length; row++) {
      const value = values[row] ?? Number.NaN;
      numbers[row] = Number.isFinite(value) ? value : Number.NaN;
    }
  }
  let coded: RawColumn["coded"] = null;
  if (need.texts) {
    const known = new ValueCodes<number>(file, name, memoryBytes);
    const codes = new CodeColumn(values.length);
    const size = 1 << 16;
    const batch = new Uint32Array(size);
    for (let start = 0; start < values.length; start += size) {
      const count = Math.min(size, values.length - start);
      for (let row = 0; row < count; row++) {
        const value = values[start + row] ?? Number.NaN;
        // −0 is 0, as a text and as a group.
        batch[row] = Number.isNaN(value) ? 0 : known.code(value === 0 ? 0 : value);
      }
      codes.put(batch, count, start, known.size);
    }
    coded = { levels: known.values().map(numberText), codes: codes.codes };
  }
  return {
    coded,
    numbers,
    missing: need.missing ? Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0)) : null,
  };
}

export function heldBytes(held: HeldColumn): number {
  if (held.form === "double") return held.values.byteLength;
  return held.coded.codes.byteLength + held.coded.levels.reduce((sum, level) => sum + 56 + level.length, 0);
}

/** A column's profile from what is held of it. */
export function heldProfile(held: HeldColumn, column: SourceColumn): ColumnProfile {
  if (held.form === "text") {
    const { codes, levels } = held.coded;
    const counts = new Float64Array(levels.length + 1);
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    if (levels.length > profileLimit) return profileColumn(column, null, rangeOf(levels.map(parseNumber)));
    return profileColumn(column, { texts: levels, counts: counts.subarray(1) }, null);
  }
  const counts = new Map<number, number>();
  for (const value of held.values) {
    if (Number.isNaN(value)) continue;
    const key = value === 0 ? 0 : value;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (counts.size > profileLimit) return profileColumn(column, null, rangeOf(held.values));
  }
  return profileColumn(column, { texts: [...counts.keys()].map(numberText), counts: [...counts.values()] }, null);
}

function rangeOf(values: ArrayLike<number>): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
