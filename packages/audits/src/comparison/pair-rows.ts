import { type CodedTable, coded } from "@assay/dataset";
import { AssayError, type Digest, type LocalizedText, type Plan } from "@assay/schema";
import type { Prepared } from "../prepare.ts";
import { idRequest } from "./requests.ts";

/** One of two plans, with the columns of `forComparison` read and its model asked. */
export interface ComparedRun {
  /** In messages. */
  readonly name: string;
  readonly prepared: Prepared;
  readonly table: CodedTable;
  /** Of the data file. */
  readonly data: Digest;
}

/** Rows of both that are the same: u32[rows] places in each table. */
export interface PairedRows {
  readonly kind: "id" | "row";
  readonly column: string | null;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly onlyA: number;
  readonly onlyB: number;
}

/** What is known of a side before any row is read. */
export interface PairSubject {
  readonly plan: Plan;
  /** Of the data file. */
  readonly data: Digest;
}

/**
 * Why the rows of two plans cannot be paired, as far as that can be told before any is read: both name an id column, or both
 * read the same rows of the same file. Null where nothing stands against it.
 */
export function whyUnpaired(a: PairSubject, b: PairSubject): LocalizedText | null {
  if (a.plan.data.counts !== undefined || b.plan.data.counts !== undefined) {
    return {
      en: "a table of counts has no rows that could be paired",
      "zh-CN": "计数表没有可以配对的行",
    };
  }
  if (a.plan.suppress_below !== undefined || b.plan.suppress_below !== undefined) {
    return {
      en: "a plan withholds small cells (suppress_below), and rows in pairs would tell of fewer people",
      "zh-CN": "有计划隐去小格（suppress_below），而逐行配对会透露更少人的情况",
    };
  }
  if (idRequest(a) !== null && idRequest(b) !== null) return null;
  if (a.data !== b.data) {
    return {
      en: "the data files differ and the plans name no id column on both sides: give columns.id to pair rows",
      "zh-CN": "两份数据文件不同，且两份计划没有都指定 id 列：请给出 columns.id 以便逐行配对",
    };
  }
  return sameReading(a.plan, b.plan) ? null : otherRows;
}

const otherRows: LocalizedText = {
  en: "the plans read different rows of the file: give columns.id to pair rows",
  "zh-CN": "两份计划读取了文件中不同的行：请给出 columns.id 以便逐行配对",
};

/**
 * Finds the rows that two runs share: by the id column where both plans name one, else by place where both read the same
 * rows of the same file. A text where they cannot be paired.
 * @throws AssayError data-invalid for an id that two rows have
 */
export function pairRows(a: ComparedRun, b: ComparedRun): PairedRows | LocalizedText {
  const why = whyUnpaired({ plan: a.prepared.plan, data: a.data }, { plan: b.prepared.plan, data: b.data });
  if (why !== null) return why;
  const [idA, idB] = [idRequest(a.prepared), idRequest(b.prepared)];
  if (idA === null || idB === null) {
    if (a.table.rows !== b.table.rows) return otherRows;
    const rows = Uint32Array.from({ length: a.table.rows }, (_, row) => row);
    return { kind: "row", column: null, a: rows, b: rows, onlyA: 0, onlyB: 0 };
  }
  const [columnA, columnB] = [coded(a.table, idA), coded(b.table, idB)];
  const rowsA = rowsById(columnA, a);
  const rowsB = rowsById(columnB, b);
  const pairs: [number, number][] = [];
  for (const [id, row] of rowsA) {
    const other = rowsB.get(id);
    if (other !== undefined) pairs.push([row, other]);
  }
  if (pairs.length === 0) {
    return {
      en: `no value of "${idA.column}" stands in both data sets`,
      "zh-CN": `两份数据没有共同的“${idA.column}”值`,
    };
  }
  return {
    kind: "id",
    column: idA.column,
    a: Uint32Array.from(pairs, ([row]) => row),
    b: Uint32Array.from(pairs, ([, row]) => row),
    onlyA: a.table.rows - pairs.length,
    onlyB: b.table.rows - pairs.length,
  };
}

/** A filter may ask whether a value is missing, so what means missing decides which rows pass it. */
function sameReading(a: Plan, b: Plan): boolean {
  const reading = ({ data: { header, where = "", missing } }: Plan): string =>
    JSON.stringify([header ?? null, where, where === "" ? null : missing]);
  return reading(a) === reading(b);
}

/** A row without an id is nobody's: it is paired with none. */
function rowsById(
  { codes, levels }: { readonly codes: ArrayLike<number>; readonly levels: readonly string[] },
  run: ComparedRun,
): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = 0; row < run.table.rows; row++) {
    const code = codes[row] ?? 0;
    if (code === 0) continue;
    const id = levels[code - 1] ?? "";
    const before = rows.get(id);
    if (before !== undefined) {
      throw new AssayError(
        "data-invalid",
        `${run.name}: rows ${before + 1} and ${row + 1} of those used have the same id; the column "${run.prepared.plan.columns.id}" must tell rows apart`,
      );
    }
    rows.set(id, row);
  }
  return rows;
}
