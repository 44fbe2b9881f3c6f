import type { CodedTable } from "@assay/dataset";
import { binRows, binsOf } from "../../binning/binning.ts";
import type { Step } from "../../define.ts";
import { heldOutCounts, heldOutRows } from "../../hold-out.ts";
import type { Roles } from "../../roles.ts";
import { errorsOf, out } from "./kinds.ts";
import type { Progress } from "./progress.ts";
import type { SearchedColumn } from "./searched-columns.ts";
import type { Input } from "./settings.ts";

/** Philox streams of this audit. */
const streams = { holdOut: 3_601, holdOutCounts: 3_602 } as const;

/** A step's rows that count, in their outcome: 0 and 1 right and wrong to find in, 2 and 3 the same held out. */
export interface OutcomeRows {
  readonly rows: number;
  readonly outcomes: Uint8Array;
  /** Times each stands for; null: once. */
  readonly times: Float64Array | null;
  /** Where each stands in the step; null: all of them, in order. */
  readonly places: Uint32Array | null;
}

/** A line of a table of counts comes twice where people of it fall on both sides. */
export function outcomeRows(rows: CodedTable, step: Step, input: Input, roles: Roles, seed: number): OutcomeRows {
  const { errors } = errorsOf(rows, input, roles);
  const share = input.hold_out;
  if (rows.counts !== null) {
    const held = heldOutCounts(step.start, rows.counts, share, seed, streams.holdOutCounts);
    const places: number[] = [];
    const outcomes: number[] = [];
    const times: number[] = [];
    for (const [row, error] of errors.entries()) {
      if (error === out) continue;
      const apart = held[row] ?? 0;
      for (const [side, count] of [(rows.counts[row] ?? 0) - apart, apart].entries()) {
        if (count === 0) continue;
        places.push(row);
        outcomes.push(side * 2 + error);
        times.push(count);
      }
    }
    return {
      rows: places.length,
      outcomes: Uint8Array.from(outcomes),
      times: Float64Array.from(times),
      places: Uint32Array.from(places),
    };
  }
  const held = heldOutRows(step.start, rows.rows, share, seed, streams.holdOut);
  let used = 0;
  for (let row = 0; row < errors.length; row++) if (errors[row] !== out) used++;
  const outcomes = new Uint8Array(used);
  if (used === rows.rows) {
    for (let row = 0; row < used; row++) outcomes[row] = (held[row] ?? 0) * 2 + (errors[row] ?? 0);
    return { rows: used, outcomes, times: null, places: null };
  }
  const places = new Uint32Array(used);
  for (let row = 0, place = 0; row < errors.length; row++) {
    if (errors[row] === out) continue;
    places[place] = row;
    outcomes[place++] = (held[row] ?? 0) * 2 + (errors[row] ?? 0);
  }
  return { rows: used, outcomes, times: null, places };
}

/** Bins of a column in the rows that count. */
export function binCodes(
  table: CodedTable,
  rows: OutcomeRows,
  column: SearchedColumn,
  progress: Progress,
  index: number,
): { readonly codes: Uint8Array; readonly size: number } {
  const bins = progress.columns[index];
  if (!bins) return { codes: new Uint8Array(rows.rows), size: 1 };
  const all = binRows(table, column, bins.binning, false);
  const size = binsOf(bins.binning);
  const { places } = rows;
  if (places === null && all instanceof Uint8Array) return { codes: all, size };
  const codes = new Uint8Array(rows.rows);
  for (let row = 0; row < codes.length; row++) codes[row] = all[places?.[row] ?? row] ?? 0;
  return { codes, size };
}

/** Kept bins alone, from 1; 0 for every other. */
export function keptCodes(
  { codes, size }: { readonly codes: Uint8Array; readonly size: number },
  kept: readonly number[],
): { readonly codes: Uint8Array; readonly size: number } {
  const places = new Uint8Array(size);
  for (const [index, bin] of kept.entries()) places[bin] = index + 1;
  const found = new Uint8Array(codes.length);
  for (let row = 0; row < found.length; row++) found[row] = places[codes[row] ?? 0] ?? 0;
  return { codes: found, size: kept.length + 1 };
}
