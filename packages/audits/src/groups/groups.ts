import { exactToNumber } from "@assay/compute";
import type { Confusion, Metric } from "../metrics/index.ts";
import { cellsPerClass, type GroupSummary } from "./summary.ts";

/** The nine cells of decision × label of some rows: how many, and their weights where they carry any. */
export interface Cells {
  readonly counts: Float64Array;
  readonly weights: { readonly sums: Float64Array; readonly squares: Float64Array } | null;
}

/** Rows that share the values of some columns. */
export interface Group extends Cells {
  /** One text per column; null is unknown. */
  readonly values: readonly (string | null)[];
  readonly rows: number;
  /** No value is unknown. */
  readonly known: boolean;
}

/** Confusion tables of one group as a metric needs them: over the rows that have what the metric asks for. */
export interface Confusions {
  readonly counts: Confusion;
  readonly weights: { readonly sums: Confusion; readonly squares: Confusion } | null;
}

/** The summary's cells summed over everything but the named columns, in the order of their levels, unknown last. */
export function groupsOf(summary: GroupSummary, names: readonly string[]): Group[] {
  const width = summary.columns.length;
  const places = names.map((name) => summary.columns.findIndex((column) => column.name === name));
  const sums = summary.weights ? Float64Array.from(summary.weights.sums, exactToNumber) : null;
  const squares = summary.weights ? Float64Array.from(summary.weights.squares, exactToNumber) : null;
  const byKey = new Map<string, { codes: number[]; cells: Cells }>();
  for (let row = 0; row < summary.counts.length / cellsPerClass; row++) {
    const codes = places.map((place) => summary.codes[row * width + place] ?? 0);
    const key = codes.join();
    let held = byKey.get(key);
    if (!held) {
      held = { codes, cells: emptyCells(summary.weights !== null) };
      byKey.set(key, held);
    }
    for (let cell = 0; cell < cellsPerClass; cell++) {
      const from = row * cellsPerClass + cell;
      add(held.cells.counts, cell, summary.counts[from]);
      if (held.cells.weights) {
        add(held.cells.weights.sums, cell, sums?.[from]);
        add(held.cells.weights.squares, cell, squares?.[from]);
      }
    }
  }
  // Missing is code 0, yet stands last.
  const rank = (code: number): number => (code === 0 ? Number.MAX_SAFE_INTEGER : code);
  return [...byKey.values()]
    .sort((a, b) => {
      for (const [index, code] of a.codes.entries()) {
        const difference = rank(code) - rank(b.codes[index] ?? 0);
        if (difference !== 0) return difference;
      }
      return 0;
    })
    .map(({ codes, cells }) => {
      const values = codes.map((code, index) =>
        code === 0 ? null : (summary.columns[places[index] ?? 0]?.levels[code - 1] ?? null),
      );
      return {
        ...cells,
        values,
        rows: cells.counts.reduce((sum, count) => sum + count, 0),
        known: codes.every((code) => code !== 0),
      };
    });
}

/** All rows as one group. */
export function everyone(summary: GroupSummary): Group {
  return groupsOf(summary, [])[0] ?? { ...emptyCells(summary.weights !== null), values: [], rows: 0, known: true };
}

function emptyCells(weighted: boolean): Cells {
  return {
    counts: new Float64Array(cellsPerClass),
    weights: weighted ? { sums: new Float64Array(cellsPerClass), squares: new Float64Array(cellsPerClass) } : null,
  };
}

function add(into: Float64Array, index: number, value: number | undefined): void {
  into[index] = (into[index] ?? 0) + (value ?? 0);
}

/** The confusion table over the rows that a metric counts. */
export function confusionsOf(cells: Cells, needs: Metric["needs"]): Confusions {
  return {
    counts: collapse(cells.counts, needs),
    weights: cells.weights
      ? { sums: collapse(cells.weights.sums, needs), squares: collapse(cells.weights.squares, needs) }
      : null,
  };
}

/** Where only one of decision and label is needed, rows are told by that one alone. */
function collapse(cells: Float64Array, needs: Metric["needs"]): Confusion {
  const at = (decision: number, label: number): number => cells[decision * 3 + label] ?? 0;
  switch (needs) {
    case "both":
      return { tn: at(1, 1), fn: at(1, 2), fp: at(2, 1), tp: at(2, 2) };
    case "decision":
      return { tn: at(1, 0) + at(1, 1) + at(1, 2), fn: 0, fp: 0, tp: at(2, 0) + at(2, 1) + at(2, 2) };
    case "label":
      return { tn: at(0, 1) + at(1, 1) + at(2, 1), fn: 0, fp: 0, tp: at(0, 2) + at(1, 2) + at(2, 2) };
    case "rows":
      return { tn: cells.reduce((sum, cell) => sum + cell, 0), fn: 0, fp: 0, tp: 0 };
  }
}
