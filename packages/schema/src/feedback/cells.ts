import { z } from "zod";
import { digestJson } from "../digest.ts";
import { ColumnName } from "../file-text.ts";
import type { Digest } from "../ids.ts";
import { countedFeedback } from "./states.ts";

/** How many reports share a month, a state, a kind of decision and what their senders said of themselves. */
export const FeedbackCell = z.strictObject({
  /** `2026-11`, UTC; null where it is not known. */
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "write a month as 2026-11")
    .nullable(),
  state: z.enum(countedFeedback),
  /** Which decision it is about, in the form's own words; null where the form does not ask or nothing was chosen. */
  decision: z.string().nullable(),
  /** Protected column → the group's text as the data have it; a column that is not answered is absent. */
  group: z.record(ColumnName, z.string()),
  count: z.int().min(1),
});
export type FeedbackCell = z.infer<typeof FeedbackCell>;

/** Most cells that a plan takes. */
export const mostFeedbackCells = 100_000;

/** Equal cells added up, in one order: the same reports are the same cells, whoever counted them. */
export function gatherFeedback(cells: readonly FeedbackCell[]): FeedbackCell[] {
  const byKey = new Map<string, FeedbackCell>();
  for (const cell of cells) {
    const group = Object.fromEntries(Object.entries(cell.group).sort(([a], [b]) => (a < b ? -1 : 1)));
    const key = JSON.stringify([cell.month, cell.state, cell.decision, Object.entries(group)]);
    const held = byKey.get(key);
    byKey.set(key, { ...cell, group, count: cell.count + (held?.count ?? 0) });
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}

/** Digest of what was counted: the same for the same reports in any order. */
export function digestFeedback(cells: readonly FeedbackCell[]): Digest {
  return digestJson(gatherFeedback(cells));
}

export function countFeedback(cells: readonly FeedbackCell[]): number {
  return cells.reduce((sum, cell) => sum + cell.count, 0);
}
