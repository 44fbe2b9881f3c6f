import type { Digest, LocalizedText } from "@assay/schema";
import { nameColumns } from "../../column-names.ts";
import { profileColumn } from "../../column-profile.ts";
import { dataError, type Place } from "../../data-error.ts";
import type { DiskFile } from "../../node/disk-file.ts";
import {
  type ColumnNeed,
  profileLimit,
  type RawColumn,
  type ReadOptions,
  type Source,
  type SourceColumn,
} from "../../source.ts";
import type { ColumnProfile } from "../../table.ts";
import { numberText } from "../../value-codes.ts";
import type { ReaderOptions } from "../reader.ts";
import { DuckSession, identifier, literal, pathLiteral } from "./duck-session.ts";
import { type ParquetColumn, parquetColumn } from "./parquet-column.ts";
import { type ChunkReader, chunkReaders } from "./parquet-reader.ts";

/** Distinct texts up to which DuckDB codes a column; past it its hash of them is slower than ours. */
const enumLimit = 60_000;

/** Opens a Parquet file: one query over every column for rows, missing values and sizes. */
export async function openParquet(disk: DiskFile, options: ReaderOptions): Promise<Source> {
  const { file, path } = disk;
  const hasher = disk.hasher();
  let tail = new Uint8Array(0);
  for await (const chunk of disk.raw((raw, fraction) => {
    hasher.update(raw);
    options.onProgress?.(fraction / 2);
  })) {
    if (options.signal?.aborted) break;
    tail = Uint8Array.of(...tail.subarray(-4), ...chunk.subarray(-4)).slice(-4);
  }
  if (String.fromCharCode(...tail) !== "PAR1" && !options.signal?.aborted) {
    throw dataError(file, null, "the Parquet file is cut short (its end mark is missing); copy or write it again");
  }
  // Half for DuckDB, half for what is read out of it.
  const session = await DuckSession.open(file, path, options.memoryBytes / 2);
  try {
    return await describe(disk, session, hasher.digest(), options);
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function describe(
  disk: DiskFile,
  session: DuckSession,
  digest: Digest,
  options: ReaderOptions,
): Promise<ParquetSource> {
  const { signal } = options;
  const from = `read_parquet(${pathLiteral(disk.path)})`;
  const described = (await session.rows(`DESCRIBE SELECT * FROM ${from}`, signal)).map((row) => ({
    name: String(row[0]),
    sqlType: String(row[1]),
  }));
  const wide = await wideColumns(session, from, described, signal);
  const named = nameColumns(await writtenNames(session, disk, described, signal));
  const columns = described.map(({ name, sqlType }) =>
    parquetColumn(name, sqlType, wide.has(name), options.source.missing),
  );
  const parts = columns.flatMap((column) => [
    `count(*) FILTER (${column.missing})`,
    column.form === "double" && column.type === "number" ? `count(*) FILTER (isinf(${column.number}))` : "0",
    column.form === "text" ? `approx_count_distinct(${column.text})` : "0",
  ]);
  const [counted] = await session.rows(`SELECT count(*), ${parts.join(", ")} FROM ${from}`, signal);
  options.onProgress?.(1);
  const rows = Number(counted?.[0] ?? 0);
  if (rows === 0)
    throw dataError(disk.file, null, "the file has columns but no row; give a file with at least one row");
  const conflicts = await findConflicts(session, from, described, named.copyOf, signal);
  return new ParquetSource({
    disk,
    session,
    digest,
    from,
    rows,
    sql: columns,
    distinct: columns.map((_, index) => Number(counted?.[3 + index * 3] ?? 0)),
    columns: columns.map((column, index): SourceColumn => {
      const conflict = conflicts.get(index);
      return {
        name: named.names[index] ?? "",
        type: column.type,
        missing: Number(counted?.[1 + index * 3] ?? 0),
        notNumber: Number(counted?.[2 + index * 3] ?? 0) > 0 ? { place: null, text: "Infinity" } : null,
        conflict: conflict ? { place: { row: conflict.row }, copy: named.names[conflict.copy] ?? "" } : null,
      };
    }),
    warnings: named.warnings,
    memoryBytes: options.memoryBytes / 2,
  });
}

interface Described {
  readonly name: string;
  readonly sqlType: string;
}

/** BIGINT columns with values that a double cannot hold. */
async function wideColumns(
  session: DuckSession,
  from: string,
  described: readonly Described[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const big = described.filter(({ sqlType }) => /^U?BIGINT$/.test(sqlType));
  if (big.length === 0) return new Set();
  const limit = Number.MAX_SAFE_INTEGER;
  const tests = big.map(
    ({ name }) => `coalesce(min(${identifier(name)}) < -${limit} OR max(${identifier(name)}) > ${limit}, false)`,
  );
  const [row] = await session.rows(`SELECT ${tests.join(", ")} FROM ${from}`, signal);
  return new Set(big.filter((_, index) => row?.[index] === true).map(({ name }) => name));
}

/** Column names as the file has them; DuckDB renames those that repeat. */
async function writtenNames(
  session: DuckSession,
  disk: DiskFile,
  described: readonly Described[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const sql = `SELECT name, num_children FROM parquet_schema(${pathLiteral(disk.path)})`;
  const nodes = await session.rows(sql, signal);
  const names: string[] = [];
  let skip = 0;
  // The schema is a tree in preorder: the root, then each column with what is nested in it.
  for (const node of nodes.slice(1)) {
    const children = Number(node[1] ?? 0);
    if (skip === 0) names.push(String(node[0]));
    else skip--;
    skip += children;
  }
  return names.length === described.length ? names : described.map(({ name }) => name);
}

async function findConflicts(
  session: DuckSession,
  from: string,
  described: readonly Described[],
  copyOf: readonly (number | null)[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, { readonly row: number; readonly copy: number }>> {
  const conflicts = new Map<number, { row: number; copy: number }>();
  for (const [copy, first] of copyOf.entries()) {
    if (first === null || conflicts.has(first)) continue;
    const a = identifier(described[first]?.name ?? "");
    const b = identifier(described[copy]?.name ?? "");
    const [found] = await session.rows(
      `SELECT min(place) FROM (SELECT row_number() OVER () AS place, ${a}::VARCHAR IS DISTINCT FROM ${b}::VARCHAR AS differs FROM ${from}) WHERE differs`,
      signal,
    );
    const row = found?.[0];
    if (row !== null && row !== undefined) conflicts.set(first, { row: Number(row), copy });
  }
  return conflicts;
}

class ParquetSource implements Source {
  readonly file: string;
  readonly digest: Digest;
  readonly format = "parquet";
  readonly encoding = "utf-8";
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
  readonly warnings: readonly LocalizedText[];
  readonly #session: DuckSession;
  readonly #from: string;
  readonly #sql: readonly ParquetColumn[];
  readonly #distinct: readonly number[];
  readonly #memoryBytes: number;
  #enumerations = 0;

  constructor(parts: {
    disk: DiskFile;
    session: DuckSession;
    digest: Digest;
    from: string;
    rows: number;
    sql: readonly ParquetColumn[];
    distinct: readonly number[];
    columns: readonly SourceColumn[];
    warnings: readonly LocalizedText[];
    memoryBytes: number;
  }) {
    this.file = parts.disk.file;
    this.digest = parts.digest;
    this.rows = parts.rows;
    this.columns = parts.columns;
    this.warnings = parts.warnings;
    this.#session = parts.session;
    this.#from = parts.from;
    this.#sql = parts.sql;
    this.#distinct = parts.distinct;
    this.#memoryBytes = parts.memoryBytes;
  }

  async read(needs: readonly ColumnNeed[], options: ReadOptions): Promise<readonly RawColumn[]> {
    const readers: { need: number; reader: ChunkReader }[] = [];
    for (const [index, need] of needs.entries()) {
      const column = this.#sql[need.index];
      if (!column) throw new Error(`parquet: no column ${need.index}`);
      const enumeration = need.texts ? await this.#enumerate(column, need.index, options.signal) : null;
      const limits = {
        file: this.file,
        name: this.columns[need.index]?.name ?? "",
        memoryBytes: this.#memoryBytes,
      };
      for (const reader of chunkReaders(column, need, this.rows, limits, enumeration))
        readers.push({ need: index, reader });
    }
    let base = 0;
    await this.#session.stream(
      `SELECT ${readers.map(({ reader }) => reader.sql).join(", ")} FROM ${this.#from}`,
      (chunk) => {
        const rows = chunk.rowCount;
        if (base + rows > this.rows) throw this.#changed();
        for (const [index, { reader }] of readers.entries()) reader.take(chunk.getColumnVector(index), rows, base);
        base += rows;
        options.onProgress?.(base / this.rows);
      },
      options.signal,
    );
    if (base !== this.rows) throw this.#changed();
    return needs.map((_, index) => {
      const column: RawColumn = { coded: null, numbers: null, missing: null };
      for (const { need, reader } of readers) if (need === index) Object.assign(column, reader.finish());
      return column;
    });
  }

  async profile(options: ReadOptions): Promise<readonly ColumnProfile[]> {
    const profiles: ColumnProfile[] = [];
    for (const [index, column] of this.columns.entries()) {
      const sql = this.#sql[index];
      if (!sql) throw new Error(`parquet: no column ${index}`);
      const value = sql.form === "double" ? sql.number : sql.text;
      const texts: string[] = [];
      const counts: number[] = [];
      await this.#session.stream(
        `SELECT value, count(*)::DOUBLE FROM (SELECT ${value} AS value FROM ${this.#from}) WHERE value IS NOT NULL GROUP BY value LIMIT ${profileLimit + 1}`,
        (chunk) => {
          const values = chunk.getColumnVector(0);
          const numbers = chunk.getColumnVector(1);
          for (let row = 0; row < chunk.rowCount; row++) {
            const item = values.getItem(row);
            texts.push(typeof item === "number" ? numberText(item) : String(item));
            counts.push(Number(numbers.getItem(row)));
          }
        },
        options.signal,
      );
      profiles.push(
        texts.length > profileLimit
          ? profileColumn(column, null, await this.#range(sql, options.signal))
          : profileColumn(column, { texts, counts }, null),
      );
      options.onProgress?.((index + 1) / this.columns.length);
    }
    return profiles;
  }

  place(row: number): Place {
    return { row: row + 1 };
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /** Makes an ENUM of a column's texts, where they are few: DuckDB then hands codes over instead of texts. */
  async #enumerate(
    column: ParquetColumn,
    index: number,
    signal: AbortSignal | undefined,
  ): Promise<{ sqlName: string; levels: readonly string[] } | null> {
    if (column.form !== "text" || (this.#distinct[index] ?? 0) > enumLimit) return null;
    const distinct = `SELECT DISTINCT ${column.text} AS value FROM ${this.#from}`;
    const levels = (await this.#session.rows(`SELECT value FROM (${distinct}) WHERE value IS NOT NULL`, signal)).map(
      (row) => String(row[0]),
    );
    if (levels.length === 0) return null;
    const sqlName = `levels_${this.#enumerations++}`;
    await this.#session.run(`CREATE TYPE ${sqlName} AS ENUM (${levels.map(literal).join(", ")})`, signal);
    return { sqlName, levels };
  }

  async #range(column: ParquetColumn, signal: AbortSignal | undefined): Promise<{ min: number; max: number } | null> {
    if (column.number === null) return null;
    const value = `${column.number}`;
    const [row] = await this.#session.rows(
      `SELECT min(value), max(value) FROM (SELECT ${value} AS value FROM ${this.#from}) WHERE isfinite(value)`,
      signal,
    );
    return { min: Number(row?.[0] ?? Number.NaN), max: Number(row?.[1] ?? Number.NaN) };
  }

  #changed(): Error {
    return dataError(this.file, null, "the file changed while it was read; run again when nothing writes to it");
  }
}
