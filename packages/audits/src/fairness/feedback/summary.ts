import type { CodedTable } from "@assay/dataset";
import type { AuditContext } from "../../define.ts";
import { type GroupSummary, measureCells } from "../../groups/summary.ts";
import type { Input } from "./settings.ts";

/** Rows by every combination of protected values: the decisions that reports are set against. */
export type FeedbackSummary = GroupSummary;

/** Reports speak of people, and each row is one: weights are not read. */
export function measureDecisions(rows: CodedTable, context: AuditContext<Input>): Promise<FeedbackSummary> {
  const { roles } = context;
  const unjudged = { ...context, roles: { ...roles, decision: null, label: null } };
  return measureCells(rows, roles.protected, { weights: null, counts: rows.counts, weightless: 0 }, unjudged);
}
