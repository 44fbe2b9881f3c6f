import { AssayError, type Digest, type LocalizedText } from "@assay/schema";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { BlobFile } from "../../browser/blob-file.ts";
import { nameColumns } from "../../column-names.ts";
import { dataError, type Place, shown } from "../../data-error.ts";
import { type Preview, previewOf, previewRows } from "../../preview.ts";
import type { ColumnNeed, RawColumn, ReadOptions, Source, SourceColumn } from "../../source.ts";
import type { ColumnProfile } from "../../table.ts";
import type { ReaderOptions } from "../reader.ts";
import { type FlatPage, isFlat, readFlatChunk } from "./flat-chunk.ts";
import { footerMissing } from "./footer-missing.ts";
import {
  type HeldColumn,
  type Holder,
  type HoldOptions,
  heldBytes,
  heldProfile,
  holder,
  isWide,
  rawColumn,
} from "./held-column.ts";
import { isWideCandidate, type ParquetKind, parquetKind, type Raw, untyped, wide } from "./parquet-values.ts";

/** Another thread that decodes columns of the same file. */
export interface ColumnHelper {
  /** Null where the thread is no more, or never was. @throws AssayError as decoding here */
  decode(index: number, rows: "all" | "some"): Promise<HeldColumn | null>;
  end(): void;
}

/** Rows of the file that lie together, from `start` on. */
interface Stretch {
  readonly group: RowGroup;
  readonly start: number;
}

/**
 * Opens a Parquet file in a browser: its footer and its digest. Columns are decoded when they are asked for, where a helper can be had
 * two at a time.
 */
export async function openParquet(
  file: BlobFile,
  options: ReaderOptions,
  startHelper: (file: BlobFile, options: ReaderOptions) => ColumnHelper | null = () => null,
): Promise<Source> {
  throwIfAborted(options.signal);
  const digest = await file.digest((fraction) => {
    throwIfAborted(options.signal);
    options.onProgress?.(fraction * 0.3);
  });
  const source = await openFooter(file, digest, options, () => startHelper(file, options));
  // A table of counts is small, and is checked before anything is asked of it.
  if (options.source.counts === true) await source.settle(new Set(), options);
  return source;
}

/** The same without the digest, which whoever helps has no need of. */
export async function openFooter(
  file: BlobFile,
  digest: Digest,
  options: ReaderOptions,
  startHelper: () => ColumnHelper | null,
): Promise<BlobParquet> {
  const end = await file.part(Math.max(0, file.sizeBytes - 4), file.sizeBytes);
  if (String.fromCharCode(...end) !== "PAR1") {
    throw dataError(file.file, null, "the Parquet file is cut short (its end mark is missing); copy or write it again");
  }
  const slice = async (start: number, stop: number): Promise<ArrayBuffer> => {
    const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(stop) && start >= 0 && start <= stop;
    if (!isRange || stop > file.sizeBytes) {
      throw dataError(
        file.file,
        null,
        `the file points at bytes ${start} to ${stop} of its ${file.sizeBytes}; copy or write it again`,
      );
    }
    return (await file.part(start, stop)).buffer;
  };
  const buffer: AsyncBuffer = {
    byteLength: file.sizeBytes,
    slice: (start, stop = file.sizeBytes) => {
      const bytes = slice(start, stop);
      // The library asks for parts ahead, and may not wait for those that it turns out not to need.
      bytes.catch(() => undefined);
      return bytes;
    },
  };
  try {
    const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
    return new BlobParquet(file, buffer, metadata, digest, options, startHelper);
  } catch (error) {
    throw fault(file.file, error);
  }
}

export class BlobParquet implements Source {
  readonly file: string;
  readonly digest: Digest;
  readonly format = "parquet";
  readonly encoding = "utf-8";
  readonly rows: number;
  readonly warnings: readonly LocalizedText[];
  columns: readonly SourceColumn[];
  readonly #elements: readonly { readonly element: SchemaElement; readonly kind: ParquetKind | null }[];
  readonly #names: readonly string[];
  readonly #metadata: FileMetaData;
  readonly #stretches: readonly Stretch[];
  readonly #buffer: AsyncBuffer;
  readonly #options: ReaderOptions;
  /** Columns decoded before, as many as fit in half of the memory. */
  readonly #held = new Map<number, HeldColumn>();
  /** Columns whose values were read, so that all is known of them. */
  readonly #settled = new Set<number>();
  /** Columns of 64-bit integers that no double holds. */
  readonly #wide = new Set<number>();
  #heldBytes = 0;
  readonly #startHelper: () => ColumnHelper | null;
  #helper: ColumnHelper | null = null;

  constructor(
    file: BlobFile,
    buffer: AsyncBuffer,
    metadata: FileMetaData,
    digest: Digest,
    options: ReaderOptions,
    startHelper: () => ColumnHelper | null,
  ) {
    this.#startHelper = startHelper;
    this.file = file.file;
    this.digest = digest;
    this.rows = Number(metadata.num_rows);
    this.#buffer = buffer;
    this.#options = options;
    if (this.rows === 0) {
      throw dataError(file.file, null, "the file has columns but no row; give a file with at least one row");
    }
    this.#elements = parquetSchema(metadata).children.map(({ element, children }) => ({
      element,
      kind: children.length > 0 || element.repetition_type === "REPEATED" ? null : parquetKind(element),
    }));
    const names = this.#elements.map(({ element }) => element.name);
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    if (repeated !== undefined) {
      throw new AssayError(
        "not-supported",
        `${file.file}: two columns are called ${shown(repeated)}, which only the reader outside the browser tells apart; rename one of them`,
      );
    }
    const named = nameColumns(names);
    this.#names = named.names;
    this.warnings = named.warnings;
    this.columns = this.#elements.map(({ kind }, index) => ({
      name: named.names[index] ?? "",
      type: kind?.type ?? "text",
      missing: 0,
      notNumber: null,
      conflict: null,
    }));
    // Values come as the file has them; what their types say is said here, exactly.
    this.#metadata = { ...metadata, schema: metadata.schema.map(untyped) };
    let start = 0;
    this.#stretches = metadata.row_groups.map((group) => {
      const stretch = { group, start };
      start += Number(group.num_rows);
      return stretch;
    });
    if (start !== this.rows) {
      throw dataError(file.file, null, `its parts have ${start} of ${this.rows} rows; write or copy the file again`);
    }
  }

  async settle(wanted: ReadonlySet<number>, options: ReadOptions): Promise<void> {
    const open = [...this.columns.keys()].filter((index) => !this.#settled.has(index));
    // Those that are kept come first, as there may not be room for all.
    open.sort((a, b) => Number(wanted.has(b)) - Number(wanted.has(a)));
    const columns = [...this.columns];
    const toDecode: number[] = [];
    for (const index of open) {
      const column = columns[index];
      const own = this.#elements[index];
      if (column === undefined || own === undefined || own.kind === null) continue;
      const told = wanted.has(index)
        ? null
        : footerMissing(this.#metadata.row_groups, own.element, own.kind, this.#options.source.missing);
      if (told === null) toDecode.push(index);
      else columns[index] = { ...column, missing: told };
    }
    let done = 0;
    await this.#columns(toDecode, "all", options, (index, held) => {
      const column = columns[index];
      if (column === undefined) return;
      columns[index] = {
        ...column,
        missing: held.missing,
        notNumber: held.form === "double" && held.infinite ? { place: null, text: "Infinity" } : null,
      };
      this.#settled.add(index);
      if (wanted.has(index)) this.#keep(index, held);
      options.onProgress?.(++done / toDecode.length);
    });
    this.columns = columns;
  }

  async read(needs: readonly ColumnNeed[], options: ReadOptions): Promise<readonly RawColumn[]> {
    const columns: RawColumn[] = [];
    for (const [done, need] of needs.entries()) {
      const held = await this.#column(need.index, options.signal);
      columns.push(rawColumn(held, need, this.#limits(need.index)));
      options.onProgress?.((done + 1) / needs.length);
    }
    return columns;
  }

  async profile(options: ReadOptions): Promise<readonly ColumnProfile[]> {
    return this.#profile("all", options);
  }

  async preview(options: ReadOptions): Promise<Preview> {
    const rows = rowsOf(someOf(this.#stretches));
    return previewOf(await this.#profile(rows === this.rows ? "all" : "some", options), rows, this.rows);
  }

  async #profile(rows: "all" | "some", options: ReadOptions): Promise<readonly ColumnProfile[]> {
    const profiles = this.columns.map(
      ({ name, type }): ColumnProfile => ({ name, type, distinct: null, missing: 0, top: [], min: null, max: null }),
    );
    const flat = [...this.columns.keys()].filter((index) => this.#elements[index]?.kind !== null);
    let done = 0;
    await this.#columns(flat, rows, options, (index, held) => {
      const column = this.columns[index];
      if (column !== undefined) profiles[index] = heldProfile(held, { ...column, missing: held.missing });
      if (rows === "all") this.#keep(index, held);
      options.onProgress?.(0.3 + (0.7 * ++done) / flat.length);
    });
    return profiles;
  }

  place(row: number): Place {
    return { row: row + 1 };
  }

  async close(): Promise<void> {
    this.#helper?.end();
    this.#helper = null;
    this.#held.clear();
    this.#heldBytes = 0;
  }

  #limits(index: number): HoldOptions {
    const { memoryBytes, source } = this.#options;
    return {
      file: this.file,
      name: this.#names[index] ?? "",
      rows: this.rows,
      memoryBytes: memoryBytes / 2,
      missing: source.missing,
    };
  }

  /** All values of a column, kept for the next question where there is room. */
  async #column(index: number, signal: AbortSignal | undefined): Promise<HeldColumn> {
    const known = this.#held.get(index);
    if (known !== undefined) return known;
    const held = await this.values(index, "all", signal);
    this.#keep(index, held);
    return held;
  }

  #keep(index: number, held: HeldColumn): void {
    const bytes = heldBytes(held);
    if (this.#held.has(index) || this.#heldBytes + bytes > this.#options.memoryBytes / 2) return;
    this.#held.set(index, held);
    this.#heldBytes += bytes;
  }

  /** Decodes columns, this thread and a helper each one after the other; in any order. */
  async #columns(
    indexes: readonly number[],
    rows: "all" | "some",
    { signal }: ReadOptions,
    take: (index: number, held: HeldColumn) => void,
  ): Promise<void> {
    const waiting = [...indexes];
    const work = async (decode: (index: number) => Promise<HeldColumn>): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        try {
          take(index, (rows === "all" ? this.#held.get(index) : undefined) ?? (await decode(index)));
        } catch (error) {
          waiting.length = 0;
          throw error;
        }
      }
    };
    const here = (index: number) => this.values(index, rows, signal);
    if (indexes.length > 1 && this.rows > fewRows) this.#helper ??= this.#startHelper();
    const helper = this.#helper;
    await Promise.all([
      work(here),
      helper === null ? null : work(async (index) => (await helper.decode(index, rows)) ?? here(index)),
    ]);
  }

  /** A column's values in all rows, or in those of a preview. */
  async values(index: number, rows: "all" | "some", signal: AbortSignal | undefined): Promise<HeldColumn> {
    const from = rows === "all" ? this.#stretches : someOf(this.#stretches);
    const own = this.#elements[index];
    const name = this.#names[index] ?? "";
    if (own === undefined || own.kind === null) {
      throw new AssayError(
        "not-supported",
        `${this.file}: column ${shown(name)} holds lists or structures, which are not read in a browser; leave it out of the plan, or flatten it`,
      );
    }
    let held: HeldColumn | null;
    try {
      held = this.#wide.has(index)
        ? null
        : await this.#decode(index, own.kind, isWideCandidate(own.element, own.kind), signal, from);
      if (held === null) {
        this.#wide.add(index);
        held = await this.#decode(index, wide, false, signal, from);
      }
    } catch (error) {
      throw fault(this.file, error);
    }
    if (held === null) throw new AssayError("internal", `parquet: column ${index} was not decoded`);
    return held;
  }

  /** Takes a row group's column from its pages as they lie; what is written in rarer ways is left to the library. */
  async #takeFlat(
    group: RowGroup,
    column: string,
    element: SchemaElement | undefined,
    into: Holder,
    base: number,
  ): Promise<"taken" | "unknown" | "wide"> {
    const about = group.columns.find(({ meta_data: data }) => data?.path_in_schema[0] === column)?.meta_data;
    if (element === undefined || about === undefined || about.path_in_schema.length !== 1) return "unknown";
    if (!isFlat(element) || about.num_values !== group.num_rows) return "unknown";
    const start = Number(about.dictionary_page_offset || about.data_page_offset);
    const bytes = await this.#buffer.slice(start, start + Number(about.total_compressed_size));
    const pages: FlatPage[] = [];
    if (!readFlatChunk(new Uint8Array(bytes), about, element, (page) => pages.push(page))) return "unknown";
    let at = base;
    for (const page of pages) {
      if (!into.takePage(page, at)) return "wide";
      at += page.rows;
    }
    return "taken";
  }

  /** Decodes a column stretch by stretch; null where a whole number is met that no double holds. */
  async #decode(
    index: number,
    kind: ParquetKind,
    watchWide: boolean,
    signal: AbortSignal | undefined,
    from: readonly Stretch[],
  ): Promise<HeldColumn | null> {
    const column = this.#elements[index]?.element.name ?? "";
    const scan = await parquetScan({
      file: this.#buffer,
      metadata: this.#metadata,
      columns: [column],
      compressors,
      utf8: false,
      geoparquet: false,
      parsers: { stringFromBytes: textOfBytes },
    });
    const all = rowsOf(from);
    const into = holder(kind, { ...this.#limits(index), rows: all }, watchWide);
    const element = this.#metadata.schema.find(({ name }) => name === column);
    let base = 0;
    for (const { group, start } of from) {
      throwIfAborted(signal);
      const rows = Number(group.num_rows);
      const taken = await this.#takeFlat(group, column, element, into, base);
      if (taken === "wide") return null;
      if (taken === "unknown") {
        const values = (await scan.readColumn({ column, rowStart: start, rowEnd: start + rows })) as ArrayLike<Raw>;
        if (watchWide && hasWide(values)) return null;
        into.take(values, base);
        base += values.length;
      } else {
        base += rows;
      }
    }
    if (base !== all) {
      throw dataError(
        this.file,
        null,
        `column ${shown(column)} has ${base} values for ${all} rows; write the file again`,
      );
    }
    return into.finish();
  }
}

/** Rows up to which a helper would take longer to begin than it helps. */
const fewRows = 200_000;

/** Stretches of a preview, however large: rows that lie together are often of one kind. */
const fewest = 3;

/** A few stretches from all over the file, or all where there are few rows. */
function someOf(all: readonly Stretch[]): readonly Stretch[] {
  const rows = rowsOf(all);
  const count = Math.max(fewest, Math.floor((all.length * previewRows) / rows));
  if (rows <= previewRows || count >= all.length) return all;
  return all.filter(
    (_, place) => Math.floor(((place + 1) * count) / all.length) > Math.floor((place * count) / all.length),
  );
}

function rowsOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { group }) => sum + Number(group.num_rows), 0);
}

const decoder = new TextDecoder();

function textOfBytes(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : decoder.decode(bytes);
}

function hasWide(values: ArrayLike<Raw>): boolean {
  for (let row = 0; row < values.length; row++) if (isWide(values[row])) return true;
  return false;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AssayError("cancelled", "reading the data was cancelled");
}

function fault(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "AssayError") return error;
  if (error instanceof RangeError && /allocation|array length/i.test(error.message)) {
    return new AssayError(
      "data-too-large",
      `${file}: reading it needs more memory than this tab has; close other tabs, leave columns out, or run it with assay run`,
      { cause: error },
    );
  }
  return dataError(
    file,
    null,
    `the file cannot be read: ${error.message.split("\n")[0]}; write or copy it again`,
    error,
  );
}
