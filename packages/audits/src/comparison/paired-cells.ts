import { type CodedTable, coded, numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { Metric } from "../metrics/index.ts";
import type { Cell, Confusion } from "../metrics/metric.ts";
import type { Roles } from "../roles.ts";
import { readWeights } from "../row-weights.ts";
import type { ComparedRun, PairedRows } from "./pair-rows.ts";

/** Label (missing, negative, positive) × decision of a × decision of b, row-major. */
export const pairedCells = 12;

/** Rows that share the values of the protected columns, by label and by both decisions. */
export interface PairedGroup {
  /** One text per protected column; null is unknown. */
  readonly values: readonly (string | null)[];
  /** f64[12]. */
  readonly counts: Float64Array;
  /** Σw and Σw² of each cell; null where rows carry no weight. */
  readonly weights: { readonly sums: Float64Array; readonly squares: Float64Array } | null;
}

export interface PairedTable {
  readonly columns: readonly string[];
  readonly groups: readonly PairedGroup[];
  readonly rows: number;
  /** Rows whose label, group or weight is not the same on both sides, and rows that one side decides nothing for. */
  readonly disagree: number;
  readonly undecided: number;
}

/** Counts paired rows. Both plans must give a decision, and the same protected columns. */
export function pairTables(a: ComparedRun, b: ComparedRun, pairs: PairedRows): PairedTable {
  const columns = sharedColumns(a.prepared.roles, b.prepared.roles);
  const sides = [readSide(a, columns), readSide(b, columns)] as const;
  const [left, right] = sides;
  const weighted = left.weights !== null && right.weights !== null;
  const groups = new Map<string, PairedGroup>();
  let disagree = 0;
  let undecided = 0;
  for (let pair = 0; pair < pairs.a.length; pair++) {
    const [rowA, rowB] = [pairs.a[pair] ?? 0, pairs.b[pair] ?? 0];
    const values = left.valuesOf(rowA);
    const key = JSON.stringify(values);
    const [labelA, labelB] = [left.label?.[rowA] ?? 0, right.label?.[rowB] ?? 0];
    const [weightA, weightB] = [left.weights?.[rowA] ?? 1, right.weights?.[rowB] ?? 1];
    if (labelA !== labelB || weightA !== weightB || key !== JSON.stringify(right.valuesOf(rowB))) {
      disagree++;
      continue;
    }
    const [ofA, ofB] = [left.decision[rowA] ?? 0, right.decision[rowB] ?? 0];
    if (ofA === 0 || ofB === 0 || (weighted && left.isWeightless(rowA))) {
      undecided++;
      continue;
    }
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        values,
        counts: new Float64Array(pairedCells),
        weights: weighted ? { sums: new Float64Array(pairedCells), squares: new Float64Array(pairedCells) } : null,
      };
      groups.set(key, group);
    }
    const cell = labelA * 4 + (ofA - 1) * 2 + (ofB - 1);
    add(group.counts, cell, 1);
    if (group.weights !== null) {
      add(group.weights.sums, cell, weightA);
      add(group.weights.squares, cell, weightA * weightA);
    }
  }
  return {
    columns,
    groups: [...groups.entries()].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, group]) => group),
    rows: pairs.a.length - disagree - undecided,
    disagree,
    undecided,
  };
}

/** Protected columns that both plans have, in the order of the first. */
export function sharedColumns(a: Roles, b: Roles): readonly string[] {
  return a.protected.map(({ name }) => name).filter((name) => b.protected.some((role) => role.name === name));
}

function readSide({ name, prepared: { roles }, table }: ComparedRun, columns: readonly string[]) {
  if (roles.decision === null) {
    throw new AssayError(
      "plan-invalid",
      `${name}: rows are compared by their decisions; give columns.decision, or a model`,
    );
  }
  const groups = columns.map((column) => groupColumn(table, roles, column));
  const { weights } = readWeights(table, roles);
  const raw = roles.weight === null ? null : numbers(table, roles.weight).values;
  return {
    label: roles.label === null ? null : coded(table, roles.label).codes,
    decision: coded(table, roles.decision).codes,
    weights,
    isWeightless: (row: number) => Number.isNaN(raw?.[row] ?? 1),
    valuesOf: (row: number): (string | null)[] =>
      groups.map(({ codes, levels }) => {
        const code = codes[row] ?? 0;
        return code === 0 ? null : (levels[code - 1] ?? null);
      }),
  };
}

export function groupColumn(table: CodedTable, roles: Roles, column: string) {
  const role = roles.protected.find((one) => one.name === column);
  if (role === undefined) throw new AssayError("internal", `comparison: "${column}" is not a protected column`);
  return coded(table, role.request);
}

/** Sums the groups that agree in some of the columns; unknown values keep a group of their own, left out by the caller. */
export function groupsBy(table: PairedTable, names: readonly string[]): readonly PairedGroup[] {
  const places = names.map((name) => table.columns.indexOf(name));
  const byKey = new Map<string, PairedGroup>();
  for (const group of table.groups) {
    const values = places.map((place) => group.values[place] ?? null);
    const key = JSON.stringify(values);
    const held = byKey.get(key);
    if (held === undefined) {
      byKey.set(key, {
        values,
        counts: group.counts.slice(),
        weights:
          group.weights === null ? null : { sums: group.weights.sums.slice(), squares: group.weights.squares.slice() },
      });
      continue;
    }
    for (let cell = 0; cell < pairedCells; cell++) {
      add(held.counts, cell, group.counts[cell] ?? 0);
      if (held.weights !== null && group.weights !== null) {
        add(held.weights.sums, cell, group.weights.sums[cell] ?? 0);
        add(held.weights.squares, cell, group.weights.squares[cell] ?? 0);
      }
    }
  }
  return [...byKey.values()];
}

export type Side = "a" | "b";

/** Whether the decision of a side is positive in a cell. */
function isPositive(cell: number, side: Side): boolean {
  return side === "a" ? (cell & 2) !== 0 : (cell & 1) !== 0;
}

/** Where a cell of paired counts stands in one side's confusion table; null where the metric cannot count it. */
export function cellOf(cell: number, side: Side, needs: Metric["needs"]): Cell | null {
  const label = cell >> 2;
  const positive = isPositive(cell, side);
  if (needs === "decision") return positive ? "tp" : "tn";
  if (label === 0) return null;
  if (label === 2) return positive ? "tp" : "fn";
  return positive ? "fp" : "tn";
}

/** One side's confusion table of paired counts. */
export function confusionOf(cells: ArrayLike<number>, side: Side, needs: Metric["needs"], start = 0): Confusion {
  const table = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let cell = 0; cell < pairedCells; cell++) {
    const place = cellOf(cell, side, needs);
    if (place !== null) table[place] += cells[start + cell] ?? 0;
  }
  return table;
}

function add(into: Float64Array, index: number, value: number): void {
  into[index] = (into[index] ?? 0) + value;
}
