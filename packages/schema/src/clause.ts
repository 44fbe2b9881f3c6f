import { z } from "zod";
import { AuditId, LocalizedText, MetricName } from "./ids.ts";

/**
 * One provision of a law or standard: what it asks, which numbers of a report speak to it, and what no number shows. Nothing
 * here says that a provision is met.
 */
export const Clause = z.strictObject({
  /** Where it stands: `6 RCNY § 5-301(b)`. */
  cite: z.string().min(1),
  asks: LocalizedText,
  /** Audits whose numbers speak to it, and which of their metrics; without metrics, all of them. */
  evidence: z
    .array(z.strictObject({ audit: AuditId, metrics: z.array(MetricName).min(1).exactOptional() }))
    .exactOptional(),
  /** What remains to be documented, whatever the numbers. */
  document: z.array(LocalizedText).exactOptional(),
});
export type Clause = z.infer<typeof Clause>;

/** A day that matters to a law: when it came, moved or begins to apply. */
export const LawDate = z.strictObject({ on: z.iso.date(), what: LocalizedText });
export type LawDate = z.infer<typeof LawDate>;

/** What a law is, on the day it was checked. enacted: passed, and not yet applied; delayed: so, and once moved. */
export const lawStatuses = ["in-force", "enacted", "delayed", "proposed", "rescinded", "guidance", "own"] as const;
export type LawStatus = (typeof lawStatuses)[number];
