import { AssayError, type Digest, type LocalizedText } from "@assay/schema";
import { nameColumns } from "../../column-names.ts";
import { dataError, type Place } from "../../data-error.ts";
import type { Format, OpenOptions } from "../../dataset.ts";
import type { ColumnNeed, RawColumn, ReadOptions, Source, SourceColumn } from "../../source.ts";
import type { ColumnProfile } from "../../table.ts";
import { ColumnReader } from "./column-reader.ts";
import { BadUtf8, badUtf8Error, type Encoding, firstGuess, toUtf8 } from "./encoding.ts";
import type { FileBytes } from "./file-bytes.ts";
import { FirstScan } from "./first-scan.ts";
import { isGb18030 } from "./gb18030.ts";
import { MissingTexts } from "./missing-texts.ts";
import { ProfileScan } from "./profile-scan.ts";
import type { RecordBatch, RecordScanner } from "./record-batch.ts";

export type TextFormat = Extract<Format, "csv" | "tsv" | "jsonl">;

/** Hashes the file's bytes as they pass; the host has the fast implementation. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Digest;
}

export interface TextOpenOptions extends ReadOptions {
  readonly source: OpenOptions["source"];
  readonly hasher: () => Hasher;
  /** The most memory that the distinct texts of the columns read may take, in bytes. */
  readonly memoryBytes: number;
}

const sampleBytes = 1 << 18;

/**
 * Opens a text file: one way through it for encoding, faults, types, missing values and digest. Rows are read by
 * going through it again, for the columns asked only.
 */
export async function openText(
  bytes: FileBytes,
  format: TextFormat,
  scanners: ScannerMaker,
  options: TextOpenOptions,
): Promise<Source> {
  const head = await readHead(bytes, options);
  const guess = firstGuess(head.bytes);
  try {
    return await scanText(bytes, format, scanners, guess, options);
  } catch (error) {
    if (!(error instanceof BadUtf8)) throw error;
    if (error.byte !== 0 && (await isGb18030(watched(bytes.chunks(), options.signal)))) {
      return scanText(bytes, format, scanners, "gb18030", options);
    }
    throw await badUtf8Error(bytes.file, error, watched(bytes.chunks(), options.signal));
  }
}

async function scanText(
  bytes: FileBytes,
  format: TextFormat,
  scanners: ScannerMaker,
  encoding: Encoding,
  options: TextOpenOptions,
): Promise<Source> {
  const { file } = bytes;
  const sample = await readSample(bytes, encoding, options);
  const makeScanner = scanners({ file, sample: sample.bytes, whole: sample.whole, source: options.source });
  const missing = new MissingTexts(options.source.missing);
  const scan = new FirstScan(missing);
  const hasher = options.hasher();
  let names: ReturnType<typeof nameColumns> | null = null;
  const scanner = makeScanner((batch) => {
    if (names === null) {
      names = nameColumns(scanner.columns);
      for (const [copy, first] of names.copyOf.entries()) if (first !== null) scan.compare(first, copy);
    }
    scan.take(batch);
  });
  const raw = (chunk: Uint8Array, fraction: number): void => {
    hasher.update(chunk);
    options.onProgress?.(fraction);
  };
  for await (const chunk of toUtf8(file, watched(bytes.chunks(raw), options.signal), encoding)) scanner.push(chunk);
  scanner.finish();
  if (scan.rows === 0) {
    throw dataError(file, null, "there is a header line but no row under it; give a file with at least one row");
  }
  const named = nameColumns(scanner.columns);
  const columns = scan.columns(named.names);
  return new TextSource({
    bytes,
    format,
    encoding,
    digest: hasher.digest(),
    scan,
    columns,
    warnings: [...named.warnings, ...scanner.warnings, ...headerWarnings(columns, options.source.header !== undefined)],
    makeScanner,
    missing,
    memoryBytes: options.memoryBytes,
  });
}

type MakeScanner = (onBatch: (batch: RecordBatch) => void) => RecordScanner;

/** Settles how a file is cut, from its first bytes as UTF-8 (`whole`: they are all of it), before any way through it. */
export type ScannerMaker = (context: {
  readonly file: string;
  readonly sample: Uint8Array;
  readonly whole: boolean;
  readonly source: OpenOptions["source"];
}) => MakeScanner;

/** A file without a header line, read as if it had one, shows by numbers for names. */
function headerWarnings(columns: readonly SourceColumn[], given: boolean): readonly LocalizedText[] {
  if (given) return [];
  const numbers = columns.filter((column) => /^[+-]?\d+(\.\d+)?$/.test(column.name));
  const like = numbers.filter((column) => column.type === "integer" || column.type === "number");
  if (like.length === 0 || numbers.length === columns.length) return [];
  return [
    {
      en: `The first line is read as column names, yet some of them are numbers (such as ${like[0]?.name}); if the file has no header line, name the columns with data.header.`,
      "zh-CN": `第一行被当作列名，但其中有数字（如 ${like[0]?.name}）；如果文件没有表头行，请用 data.header 给出列名。`,
    },
  ];
}

class TextSource implements Source {
  readonly file: string;
  readonly digest: Digest;
  readonly format: Format;
  readonly encoding: string;
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
  readonly warnings: readonly LocalizedText[];
  readonly #bytes: FileBytes;
  readonly #encoding: Encoding;
  readonly #scan: FirstScan;
  readonly #makeScanner: MakeScanner;
  readonly #missing: MissingTexts;
  readonly #memoryBytes: number;

  constructor(parts: {
    bytes: FileBytes;
    format: Format;
    encoding: Encoding;
    digest: Digest;
    scan: FirstScan;
    columns: readonly SourceColumn[];
    warnings: readonly LocalizedText[];
    makeScanner: MakeScanner;
    missing: MissingTexts;
    memoryBytes: number;
  }) {
    this.file = parts.bytes.file;
    this.digest = parts.digest;
    this.format = parts.format;
    this.encoding = parts.encoding;
    this.rows = parts.scan.rows;
    this.columns = parts.columns;
    this.warnings = parts.warnings;
    this.#bytes = parts.bytes;
    this.#encoding = parts.encoding;
    this.#scan = parts.scan;
    this.#makeScanner = parts.makeScanner;
    this.#missing = parts.missing;
    this.#memoryBytes = parts.memoryBytes;
  }

  async read(needs: readonly ColumnNeed[], options: ReadOptions): Promise<readonly RawColumn[]> {
    const readers = needs.map((need) => ({ need, reader: new ColumnReader(need, this.rows, this.#missing) }));
    let row = 0;
    await this.#eachBatch(options, (batch) => {
      if (row + batch.rows > this.rows) throw this.#changed();
      let dictionaryBytes = 0;
      for (const { need, reader } of readers) {
        reader.take(batch, row);
        dictionaryBytes += reader.dictionaryBytes;
        if (dictionaryBytes > this.#memoryBytes) {
          throw new AssayError(
            "data-too-large",
            `${this.file}: the distinct texts of column ${JSON.stringify(this.columns[need.index]?.name)} do not fit in ${Math.round(this.#memoryBytes / 2 ** 20)} MB; leave the column out of the plan, or give the reader more memory`,
          );
        }
      }
      row += batch.rows;
    });
    if (row !== this.rows) throw this.#changed();
    return readers.map(({ reader }) => reader.column);
  }

  async profile(options: ReadOptions): Promise<readonly ColumnProfile[]> {
    const scan = new ProfileScan(this.columns, this.#missing);
    await this.#eachBatch(options, (batch) => scan.take(batch));
    return scan.profiles();
  }

  place(row: number): Place {
    return this.#scan.place(row);
  }

  async close(): Promise<void> {}

  async #eachBatch(options: ReadOptions, onBatch: (batch: RecordBatch) => void): Promise<void> {
    const scanner = this.#makeScanner(onBatch);
    const raw = (_: Uint8Array, fraction: number): void => options.onProgress?.(fraction);
    const chunks = watched(this.#bytes.chunks(raw), options.signal);
    for await (const chunk of toUtf8(this.file, chunks, this.#encoding)) scanner.push(chunk);
    scanner.finish();
  }

  #changed(): Error {
    return dataError(this.file, null, "the file changed while it was read; run again when nothing writes to it");
  }
}

async function readHead(bytes: FileBytes, options: ReadOptions): Promise<{ bytes: Uint8Array }> {
  for await (const chunk of watched(bytes.chunks(), options.signal)) {
    if (chunk.length > 0) return { bytes: chunk.slice(0, sampleBytes) };
  }
  throw dataError(bytes.file, null, "the file is empty; give a file with a header line and at least one row");
}

/** The first bytes of the file as UTF-8, and whether they are all of it. */
async function readSample(
  bytes: FileBytes,
  encoding: Encoding,
  options: ReadOptions,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let whole = true;
  for await (const chunk of toUtf8(bytes.file, watched(bytes.chunks(), options.signal), encoding)) {
    parts.push(chunk.slice());
    length += chunk.length;
    if (length >= sampleBytes) {
      whole = false;
      break;
    }
  }
  const sample = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    sample.set(part, at);
    at += part.length;
  }
  return { bytes: sample, whole };
}

/** Chunks as long as nobody asks to stop. */
async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  throwIfAborted(signal);
  for await (const chunk of chunks) {
    throwIfAborted(signal);
    yield chunk;
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AssayError("cancelled", "reading the data was cancelled");
}
