import type {
  FeedbackEventRow,
  FeedbackDetail as StoredDetail,
  FeedbackFormRow as StoredForm,
  FeedbackRow as StoredRow,
} from "@assay/db";
import { feedbackEventKinds } from "@assay/db";
import { AuditId, FeedbackCell, FeedbackForm, feedbackStates, locales } from "@assay/schema";
import { z } from "zod";
import { kept } from "./kept.ts";

export const FeedbackState = z.enum(feedbackStates);

export const FeedbackFormShape = z.object({
  project: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  /** The last part of the form's address, `/f/<token>`. */
  token: z.string(),
  isOpen: z.boolean(),
  settings: kept(FeedbackForm),
  /** Signs what is sent to the webhook. */
  webhookSecret: z.string(),
  updatedAt: z.iso.datetime(),
}) satisfies z.ZodType<StoredForm>;
export type FeedbackFormShape = z.output<typeof FeedbackFormShape>;

export const FeedbackRow = z.object({
  /** Counts up inside its project. */
  number: z.number(),
  project: z.string(),
  receivedAt: z.iso.datetime(),
  locale: z.enum(locales),
  /** Empty after it was withdrawn or erased. */
  what: z.string(),
  decision: z.string().nullable(),
  decisionReference: z.string(),
  /** Protected column → group, of the questions that were answered. */
  group: z.record(z.string(), z.string()).readonly(),
  contact: z.string(),
  state: FeedbackState,
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  run: z.object({ id: z.string(), number: z.number() }).nullable(),
  /** Of the run's report: the audit, and the finding inside it. */
  finding: z.object({ audit: z.string(), id: z.string() }).nullable(),
  rowId: z.string(),
  closedAt: z.iso.datetime().nullable(),
  erasedAt: z.iso.datetime().nullable(),
}) satisfies z.ZodType<StoredRow>;
export type FeedbackRow = z.output<typeof FeedbackRow>;

export const FeedbackEvent = z.object({
  at: z.iso.datetime(),
  /** Null: the sender, or the server. */
  user: z.object({ id: z.string(), name: z.string() }).nullable(),
  kind: z.enum(feedbackEventKinds),
  detail: z.string(),
  note: z.string(),
}) satisfies z.ZodType<FeedbackEventRow>;
export type FeedbackEvent = z.output<typeof FeedbackEvent>;

/** A report's number in its project, as PostgreSQL's integers hold it. */
export const FeedbackNumber = z.coerce.number().int().min(1).max(2_147_483_647);

export const FeedbackDetail = z.object({
  ...FeedbackRow.shape,
  /** Oldest first. */
  events: z.array(FeedbackEvent).readonly(),
}) satisfies z.ZodType<StoredDetail>;
export type FeedbackDetail = z.output<typeof FeedbackDetail>;

export const FeedbackFinding = z.object({ audit: AuditId, id: z.string().min(1).max(300) });

export const FeedbackCounts = z.object({
  states: z.object(
    Object.fromEntries(feedbackStates.map((state) => [state, z.number()])) as Record<
      z.output<typeof FeedbackState>,
      z.ZodNumber
    >,
  ),
  /** What the report counts: by month, state, decision and group, without what was withdrawn or is spam. */
  cells: z.array(kept(FeedbackCell)),
});
export type FeedbackCounts = z.output<typeof FeedbackCounts>;
