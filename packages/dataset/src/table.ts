import type { ReportColumn } from "@assay/schema";

/**
 * What may be asked of a file's column. A request is data: the same request gives the same codes in Node, in a worker
 * thread and in the browser.
 */
export type FileRequest =
  /** The file's text, dictionary coded. */
  | { readonly kind: "text"; readonly column: string }
  /** Parsed as a number; NaN where missing. */
  | { readonly kind: "number"; readonly column: string }
  /** 1 where the text equals one of `equals`, else 0. */
  | { readonly kind: "equals"; readonly column: string; readonly equals: readonly string[] }
  /** 1 where the number is at least the bound, else 0. */
  | { readonly kind: "at-least"; readonly column: string; readonly bound: number }
  /** Intervals cut at `breaks`, closed below: `<25`, `25–44` (integers) or `25–<45`, `≥45`. */
  | { readonly kind: "bands"; readonly column: string; readonly breaks: readonly number[] };

/**
 * What the plan's model gives for a row: a decision is "0" or "1", a prediction the name of a class. Of a model that gives the
 * probability of each class also: that of the row's label (`label-probability`), the largest (`top-probability`), and the squared
 * distance of all of them from the label, Σ (probability − [class is the label])² (`squared-distance`). NaN without a label.
 */
export interface ModelRequest {
  readonly kind: "model";
  readonly output: "decision" | "label-probability" | "prediction" | "score" | "squared-distance" | "top-probability";
}

/** What an audit may ask for. A file answers `FileRequest`s; a model's answers are added to the table that was read. */
export type ColumnRequest = FileRequest | ModelRequest;

/** The key a request's column has in a table: equal requests share one column. */
export function requestKey(request: ColumnRequest): string {
  switch (request.kind) {
    case "text":
    case "number":
      return JSON.stringify([request.kind, request.column]);
    case "equals":
      return JSON.stringify([request.kind, request.column, request.equals]);
    case "at-least":
      return JSON.stringify([request.kind, request.column, request.bound]);
    case "bands":
      return JSON.stringify([request.kind, request.column, request.breaks]);
    case "model":
      return JSON.stringify([request.kind, request.output]);
  }
}

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/**
 * A coded column of n rows. Code 0 is missing; code i + 1 is `levels[i]`.
 * Levels are ordered by value: numerically where every level is a number, else by Unicode code point.
 * Binary requests always have the levels `["0", "1"]`; bands have every band in order, empty ones too.
 */
export interface CodedColumn {
  readonly kind: "coded";
  readonly levels: readonly string[];
  /** Length n; over shared memory where the host has it. */
  readonly codes: Codes;
}

/** A number column of n rows; NaN is missing. */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
}

export type Column = CodedColumn | NumberColumn;

/** Columns of the rows that passed `where`. Structured-clone safe, so that it crosses to worker threads without copies. */
export interface CodedTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
  /** Times each row stands for (a table of counts); null for row data. Integers. */
  readonly counts: Float64Array | null;
}

/** Rows [start, end) of a table, as views without copies. */
export function sliceTable(table: CodedTable, start: number, end: number): CodedTable {
  return {
    rows: end - start,
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([key, column]): [string, Column] => [
        key,
        column.kind === "coded"
          ? { ...column, codes: column.codes.subarray(start, end) }
          : { ...column, values: column.values.subarray(start, end) },
      ]),
    ),
    counts: table.counts?.subarray(start, end) ?? null,
  };
}

export function coded(table: CodedTable, request: ColumnRequest): CodedColumn {
  const column = table.columns[requestKey(request)];
  if (column?.kind !== "coded") throw new Error(`table: no coded column for ${requestKey(request)}`);
  return column;
}

export function numbers(table: CodedTable, request: ColumnRequest): NumberColumn {
  const column = table.columns[requestKey(request)];
  if (column?.kind !== "number") throw new Error(`table: no number column for ${requestKey(request)}`);
  return column;
}

/** What is known of a file's columns before any audit asks. */
export interface ColumnProfile extends ReportColumn {
  readonly missing: number;
  /** Most frequent texts, at most 20, with their rows. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
  readonly min: number | null;
  readonly max: number | null;
}
