import type { DuckDBVector } from "@duckdb/node-api";
import { CodeColumn } from "../../code-column.ts";
import { sharedNumbers } from "../../shared-memory.ts";
import type { ColumnNeed, RawColumn } from "../../source.ts";
import { numberText, ValueCodes } from "../../value-codes.ts";
import type { ParquetColumn } from "./parquet-column.ts";

/** Takes one column of a query's chunks into the forms that are wanted. */
export interface ChunkReader {
  /** The SQL of the query's column; never NULL, so that values cross over without a look at validity. */
  readonly sql: string;
  take(vector: DuckDBVector, rows: number, base: number): void;
  finish(): Partial<RawColumn>;
}

/** Readers of everything a need asks of a column; `levels` are its texts where they are few enough for an ENUM. */
export function chunkReaders(
  column: ParquetColumn,
  need: ColumnNeed,
  rows: number,
  limits: { readonly file: string; readonly name: string; readonly memoryBytes: number },
  enumeration: { readonly sqlName: string; readonly levels: readonly string[] } | null,
): readonly ChunkReader[] {
  const readers: ChunkReader[] = [];
  if (column.form === "double" && (need.numbers || need.texts)) {
    readers.push(doubles(column, need, rows, limits));
  } else {
    if (need.numbers) readers.push(doubles(column, { ...need, texts: false }, rows, limits));
    if (need.texts)
      readers.push(enumeration === null ? texts(column, rows, limits) : enumerated(column, rows, enumeration));
  }
  if (need.missing) readers.push(flags(column, rows));
  return readers;
}

function doubles(
  column: ParquetColumn,
  need: ColumnNeed,
  rows: number,
  limits: { readonly file: string; readonly name: string; readonly memoryBytes: number },
): ChunkReader {
  const numbers = need.numbers ? sharedNumbers(rows) : null;
  const codes = need.texts ? new CodeColumn(rows) : null;
  const values = new ValueCodes<number>(limits.file, limits.name, limits.memoryBytes);
  let batch = new Uint32Array(0);
  return {
    sql: `coalesce(${column.number ?? "NULL"}, 'NaN'::DOUBLE)`,
    take(vector, count, base) {
      if (batch.length < count) batch = new Uint32Array(count);
      for (let row = 0; row < count; row++) {
        const value = Number(vector.getItem(row));
        if (numbers) numbers[base + row] = Number.isFinite(value) ? value : Number.NaN;
        if (codes) batch[row] = Number.isNaN(value) ? 0 : values.code(value);
      }
      codes?.put(batch, count, base, values.size);
    },
    finish: () => ({
      ...(numbers && { numbers }),
      ...(codes && { coded: { levels: values.values().map(numberText), codes: codes.codes } }),
    }),
  };
}

function enumerated(
  column: ParquetColumn,
  rows: number,
  enumeration: { readonly sqlName: string; readonly levels: readonly string[] },
): ChunkReader {
  const codes = new CodeColumn(rows);
  let batch = new Uint32Array(0);
  return {
    sql: `coalesce(enum_code((${column.text})::${enumeration.sqlName})::UINTEGER + 1, 0)::UINTEGER`,
    take(vector, count, base) {
      if (batch.length < count) batch = new Uint32Array(count);
      for (let row = 0; row < count; row++) batch[row] = Number(vector.getItem(row));
      codes.put(batch, count, base, enumeration.levels.length);
    },
    finish: () => ({ coded: { levels: enumeration.levels, codes: codes.codes } }),
  };
}

function texts(
  column: ParquetColumn,
  rows: number,
  limits: { readonly file: string; readonly name: string; readonly memoryBytes: number },
): ChunkReader {
  const codes = new CodeColumn(rows);
  const values = new ValueCodes<string>(limits.file, limits.name, limits.memoryBytes);
  let batch = new Uint32Array(0);
  return {
    sql: `${column.text}`,
    take(vector, count, base) {
      if (batch.length < count) batch = new Uint32Array(count);
      for (let row = 0; row < count; row++) {
        const value = vector.getItem(row);
        batch[row] = value === null ? 0 : values.code(String(value));
      }
      codes.put(batch, count, base, values.size);
    },
    finish: () => ({ coded: { levels: values.values(), codes: codes.codes } }),
  };
}

function flags(column: ParquetColumn, rows: number): ChunkReader {
  const missing = new Uint8Array(rows);
  return {
    sql: `(${column.missing})::UTINYINT`,
    take(vector, count, base) {
      for (let row = 0; row < count; row++) missing[base + row] = Number(vector.getItem(row));
    },
    finish: () => ({ missing }),
  };
}
