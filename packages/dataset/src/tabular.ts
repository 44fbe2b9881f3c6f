import { AssayError, type LocalizedText, nearestName, type ReportColumn, type ReportData } from "@assay/schema";
import { buildColumn, needOf } from "./build-column.ts";
import { dataError, shown } from "./data-error.ts";
import type { Dataset, OpenOptions } from "./dataset.ts";
import { type Preview, previewOf } from "./preview.ts";
import { sharedNumbers } from "./shared-memory.ts";
import type { ColumnNeed, RawColumn, ReadOptions, Source, SourceColumn } from "./source.ts";
import { type CodedTable, type Column, type ColumnProfile, type FileRequest, requestKey } from "./table.ts";
import { evaluateWhere } from "./where/evaluate.ts";
import { parseWhere } from "./where/parser.ts";
import { type Where, whereNeeds } from "./where/syntax.ts";

/** Column that holds how many times each row stands, in a table of counts. */
export const countColumn = "count";

/** A dataset over any source: filter, requests and the report's data section, the same for every format and host. */
export class TabularDataset implements Dataset {
  readonly #source: Source;
  readonly #where: Where | null;
  readonly #counts: SourceColumn | null;
  readonly #options: ReadOptions;
  #closed = false;

  /** @throws AssayError plan-invalid for a filter that cannot be run, data-invalid for a table of counts without counts */
  constructor(source: Source, options: OpenOptions) {
    this.#source = source;
    this.#options = { signal: options.signal, onProgress: options.onProgress };
    const names = source.columns.map((column) => column.name);
    this.#where = options.source.where === undefined ? null : parseWhere(options.source.where, names);
    this.#counts = options.source.counts === true ? checkedCounts(source) : null;
  }

  get digest(): Dataset["digest"] {
    return this.#source.digest;
  }

  get format(): Dataset["format"] {
    return this.#source.format;
  }

  get encoding(): string {
    return this.#source.encoding;
  }

  get rowsRead(): number {
    return this.#source.rows;
  }

  get columns(): Dataset["columns"] {
    return this.#source.columns.map(({ name, type }) => ({ name, type }));
  }

  get warnings(): readonly LocalizedText[] {
    return this.#source.warnings;
  }

  async profile(): Promise<readonly ColumnProfile[]> {
    this.#checkOpen();
    return this.#source.profile(this.#options);
  }

  async preview(): Promise<Preview> {
    this.#checkOpen();
    const source = this.#source;
    return source.preview?.(this.#options) ?? previewOf(await source.profile(this.#options), source.rows, source.rows);
  }

  async load(requests: readonly FileRequest[]): Promise<{ table: CodedTable; data: ReportData }> {
    this.#checkOpen();
    await this.#source.settle?.(this.#wanted(requests), this.#options);
    const needs = this.#needs(requests);
    const list = [...needs.values()];
    const read = list.length === 0 ? [] : await this.#source.read(list, this.#options);
    const raw = new Map<string, RawColumn>();
    for (const [index, name] of [...needs.keys()].entries()) {
      const column = read[index];
      if (column) raw.set(name, column);
    }
    const keep = this.#keep(raw);
    const rows = keep === null ? this.#source.rows : keep.length;
    const counts = this.#readCounts(raw, keep, rows);

    const columns: Record<string, Column> = {};
    for (const request of requests) {
      const key = requestKey(request);
      columns[key] ??= buildColumn(request, this.#column(request.column), rawOf(raw, request.column), keep, rows);
    }
    const table: CodedTable = { rows, columns, counts };
    return { table, data: this.#report(table, raw, keep) };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#source.close();
  }

  #checkOpen(): void {
    if (this.#closed) throw new Error("dataset: it is closed");
  }

  /** The columns that requests, filter and counts read. */
  #wanted(requests: readonly FileRequest[]): Set<number> {
    const names = [
      ...requests.map(({ column }) => this.#column(column).name),
      ...(this.#where === null ? [] : whereNeeds(this.#where).map(({ column }) => column)),
      ...(this.#counts === null ? [] : [this.#counts.name]),
    ];
    return new Set(names.map((name) => this.#source.columns.findIndex((column) => column.name === name)));
  }

  /** What must be read of which columns, for the requests, the filter, the counts and the report. */
  #needs(requests: readonly FileRequest[]): Map<string, ColumnNeed> {
    const needs = new Map<string, ColumnNeed>();
    const add = (name: string, more: Partial<ColumnNeed>): void => {
      const index = this.#source.columns.findIndex((column) => column.name === name);
      const known = needs.get(name) ?? { index, texts: false, numbers: false, missing: false };
      needs.set(name, { ...known, ...more });
    };
    for (const request of requests) {
      const column = this.#column(request.column);
      this.#checkConflict(column);
      this.#checkNumeric(column, request);
      add(request.column, needOf(request));
    }
    if (this.#where !== null) {
      for (const need of whereNeeds(this.#where)) {
        this.#checkConflict(this.#column(need.column));
        const { texts, numbers, missing } = need;
        add(need.column, { ...(texts && { texts }), ...(numbers && { numbers }), ...(missing && { missing }) });
      }
    }
    if (this.#counts !== null) add(this.#counts.name, { numbers: true });
    // Missing values of the rows that stay, of columns that nobody else reads.
    if (this.#where !== null || this.#counts !== null) {
      for (const column of this.#source.columns) {
        if (column.missing > 0 && !needs.get(column.name)?.texts) add(column.name, { missing: true });
      }
    }
    return needs;
  }

  #column(name: string): SourceColumn {
    const column = this.#source.columns.find((candidate) => candidate.name === name);
    if (column) return column;
    const near = nearestName(
      name,
      this.#source.columns.map((candidate) => candidate.name),
    );
    const message = `no column ${shown(name)} in data${near === null ? "" : `; did you mean ${shown(near)}?`}`;
    throw new AssayError("plan-invalid", `${this.#source.file}: ${message}`, {
      problems: [{ at: this.#source.file, message }],
    });
  }

  #checkConflict(column: SourceColumn): void {
    if (column.conflict === null) return;
    const { place, copy } = column.conflict;
    throw dataError(
      this.#source.file,
      place,
      `the column name ${shown(column.name)} is repeated and its columns differ here for the first time; rename one of them in the file's header (unrenamed, the later one is called ${shown(copy)})`,
    );
  }

  #checkNumeric(column: SourceColumn, request: FileRequest): void {
    if (request.kind === "text" || request.kind === "equals") return;
    const found = column.notNumber;
    const numeric = column.type === "integer" || column.type === "number";
    if ((numeric && found === null) || column.missing === this.#source.rows) return;
    throw dataError(
      this.#source.file,
      found?.place ?? null,
      `column ${shown(column.name)} is needed as numbers but holds ${found ? shown(found.text) : column.type}; correct the values, or name the texts that mean missing in data.missing`,
    );
  }

  /** Row indexes that pass the filter; null for all. */
  #keep(raw: ReadonlyMap<string, RawColumn>): Uint32Array | null {
    if (this.#where === null) return null;
    const columns = new Map(
      [...raw].map(([name, column]) => [
        name,
        {
          ...(column.coded && { coded: column.coded }),
          ...(column.numbers && { numbers: column.numbers }),
          ...(column.missing && { missing: column.missing }),
        },
      ]),
    );
    const mask = evaluateWhere(this.#where, columns, this.#source.rows);
    let rows = 0;
    for (let row = 0; row < mask.length; row++) rows += mask[row] ?? 0;
    if (rows === 0) {
      throw dataError(
        this.#source.file,
        null,
        `no row of ${this.#source.rows} passes data.where; check the filter's values against the file`,
      );
    }
    const keep = new Uint32Array(rows);
    for (let row = 0, next = 0; row < mask.length; row++) if (mask[row]) keep[next++] = row;
    return keep;
  }

  #readCounts(raw: ReadonlyMap<string, RawColumn>, keep: Uint32Array | null, rows: number): Float64Array | null {
    if (this.#counts === null) return null;
    const values = rawOf(raw, this.#counts.name).numbers;
    if (values === null) throw new Error("dataset: counts were not read");
    const counts = sharedNumbers(rows);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const index = keep === null ? row : (keep[row] ?? 0);
      const value = values[index] ?? Number.NaN;
      if (!Number.isInteger(value) || value < 0) {
        throw dataError(
          this.#source.file,
          this.#source.place(index),
          `the count is ${Number.isNaN(value) ? "missing" : value}; a table of counts needs a whole number ≥ 0 in column "${countColumn}" of every row`,
        );
      }
      counts[row] = value;
      total += value;
    }
    if (!Number.isSafeInteger(total)) {
      throw dataError(this.#source.file, null, `the counts add up to ${total}, more than can be counted exactly`);
    }
    if (total === 0) throw dataError(this.#source.file, null, "every count is 0; there is nobody to audit");
    return counts;
  }

  #report(table: CodedTable, raw: ReadonlyMap<string, RawColumn>, keep: Uint32Array | null): ReportData {
    const { counts, rows } = table;
    const weigh = (isMissing: (row: number) => boolean): number => {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        if (isMissing(keep === null ? row : (keep[row] ?? 0))) sum += counts === null ? 1 : (counts[row] ?? 0);
      }
      return sum;
    };
    const columns = this.#source.columns.map((column): ReportColumn => {
      const read = raw.get(column.name);
      const codes = read?.coded?.codes;
      const flags = read?.missing;
      const text = table.columns[requestKey({ kind: "text", column: column.name })];
      return {
        name: column.name,
        type: column.type,
        distinct: text?.kind === "coded" ? text.levels.length : null,
        missing:
          column.missing === 0 || (keep === null && counts === null)
            ? column.missing
            : flags
              ? weigh((row) => flags[row] === 1)
              : weigh((row) => codes?.[row] === 0),
      };
    });
    return {
      rows: counts === null ? rows : counts.reduce((sum, count) => sum + count, 0),
      rowsRead: this.#source.rows,
      digest: this.#source.digest,
      format: this.#source.format,
      encoding: this.#source.encoding,
      columns,
      warnings: [...this.#source.warnings],
    };
  }
}

function rawOf(raw: ReadonlyMap<string, RawColumn>, name: string): RawColumn {
  const column = raw.get(name);
  if (!column) throw new Error(`dataset: column "${name}" was not read`);
  return column;
}

function checkedCounts(source: Source): SourceColumn {
  const column = source.columns.find((candidate) => candidate.name === countColumn);
  if (!column) {
    const names = source.columns.map((candidate) => shown(candidate.name)).join(", ");
    throw dataError(
      source.file,
      null,
      `a table of counts needs a column "${countColumn}", and there are only ${names}; rename the column that holds the counts, or give the file as data.file`,
    );
  }
  if (column.type !== "integer" && column.type !== "number" && column.missing < source.rows) {
    throw dataError(
      source.file,
      column.notNumber?.place ?? null,
      `column "${countColumn}" holds ${shown(column.notNumber?.text ?? "")}; a table of counts needs a whole number ≥ 0 in every row`,
    );
  }
  return column;
}
