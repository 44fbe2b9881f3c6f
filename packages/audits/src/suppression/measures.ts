import type { AuditId, Measure, Plan } from "@assay/schema";
import { aboutOf, type Cell } from "./cells.ts";
import { baseOf, layerOf } from "./layers.ts";
import type { WithheldCells } from "./withheld-cells.ts";
import { measureReason } from "./words.ts";

/** Rates that a joint number is the worse of. */
const joint: Readonly<Record<string, readonly string[]>> = {
  "demographic-parity": ["selection-rate"],
  "equalized-odds": ["false-positive-rate", "true-positive-rate"],
  "impact-ratio": ["selection-rate"],
  "scoring-impact-ratio": ["scoring-rate"],
};
const compares = /-(difference|ratio)(-(corrected|pooled|to-reference))?$/;

/**
 * An audit's measures without those of withheld cells, and without what compares with such a cell: a gap or ratio stays where two
 * groups that are told give it, and then without what was drawn from all groups.
 */
export function withholdMeasures(
  id: AuditId,
  measures: readonly Measure[],
  withheld: WithheldCells,
  cells: ReadonlyMap<string, Cell>,
  plan: Plan,
  below: number,
): Measure[] {
  const own = measures.map((measure) =>
    withheld.hides(aboutOf(measure), layerOf(measure.metric, id)) && measure.by === undefined
      ? blank(measure, below)
      : measure,
  );
  const least = leastOf(plan, id);
  const compared = own.map((measure): Measure => {
    if (measure.value === null) return measure;
    const isRatio = baseOf(measure.metric) in joint && measure.group !== undefined;
    if (
      measure.by === undefined &&
      !isRatio &&
      !(measure.group && compares.test(measure.metric) && isReferred(measure))
    )
      return measure;
    const columns = measure.by ?? Object.keys(measure.group ?? {});
    const base = baseOf(measure.metric);
    const rates = joint[base] ?? [base];
    const hidden = [...cells.values()].filter(
      (cell) => isOf(cell, columns) && rates.some((rate) => withheld.has(cell.key, layerOf(rate, id))),
    );
    if (hidden.length === 0) return measure;
    const given = rates.some((rate) => isGiven(measure, rate, own, columns));
    if (!given) return blank(measure, below);
    const drawn = hidden.some((cell) => (rowsOf(cell, id) ?? least) >= least);
    if (measure.by === undefined || !drawn) return measure;
    const {
      low: _low,
      high: _high,
      p: _p,
      p_adjusted: _adjusted,
      confidence: _confidence,
      method: _,
      ...rest
    } = measure;
    return rest;
  });
  if (compared.every((measure, place) => measure === measures[place])) return compared;
  return compared.map(withoutBorrowedP);
}

/** Compared with a group, not with everyone else. */
function isReferred({ metric }: Measure): boolean {
  return !metric.endsWith("-to-rest");
}

/** Withheld: what it is about stays, and its numbers go. */
export function blank(measure: Measure, below: number): Measure {
  const { low: _low, high: _high, n: _n, p: _p, p_adjusted: _adjusted, ...rest } = measure;
  return { ...rest, value: null, reason: measureReason(below) };
}

function isOf(cell: Cell, columns: readonly string[]): boolean {
  return columns.every((name) => name in cell.about) && Object.keys(cell.about).length >= columns.length;
}

/** The rows that the audit compares groups from on: those under it stand outside its gaps. */
function leastOf(plan: Plan, id: AuditId): number {
  const told = plan.audits?.[id]?.min_count;
  return typeof told === "number" ? told : 30;
}

function rowsOf(cell: Cell, id: AuditId): number | null {
  const count = cell.quantities.get(JSON.stringify([id, "count", null, "value"]));
  return count?.people ?? null;
}

/** Two groups that are told give it: as their difference or ratio. */
function isGiven(measure: Measure, rate: string, all: readonly Measure[], columns: readonly string[]): boolean {
  const { value } = measure;
  if (value === null) return true;
  const told = all.flatMap((one) =>
    one.metric === rate &&
    one.value !== null &&
    one.group !== undefined &&
    Object.keys(one.group).length === columns.length &&
    columns.every((name) => name in (one.group ?? {})) &&
    one.split === measure.split &&
    one.version === measure.version &&
    one.class === measure.class
      ? [one.value]
      : [],
  );
  return told.some((a) => told.some((b) => same(Math.abs(a - b), Math.abs(value)) || (b !== 0 && same(a / b, value))));
}

function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));
}

/** An adjusted p that is another hypothesis's, passed on by a step-down method, may be that of a withheld one. */
function withoutBorrowedP(measure: Measure): Measure {
  const { p, p_adjusted: adjusted } = measure;
  if (adjusted === undefined) return measure;
  const times = p === undefined || p === 0 ? 0 : adjusted / p;
  if (adjusted === 1 || adjusted === p || (times > 0 && same(times, Math.round(times)))) return measure;
  const { p_adjusted: _, ...rest } = measure;
  return rest;
}
