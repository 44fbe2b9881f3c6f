import { z } from "zod";
import { AuditId, Digest, LocalizedText, MetricName } from "./ids.ts";
import { Finding, Measure } from "./report.ts";

export const comparisonFormat = "assay.comparison";

/**
 * What a comparison says of one number. `changed`: the data show a difference in a metric that has no better side.
 * `no-evidence`: a difference is not shown, which is not the same as shown to be none.
 */
export const comparedVerdicts = ["improved", "regressed", "changed", "no-evidence", "unknown"] as const;
export type ComparedVerdict = (typeof comparedVerdicts)[number];

/** What a report calls this number of one side. */
const SideNumber = Measure.pick({ value: true, low: true, high: true, n: true, reason: true });

/** One number of both sides. */
export const ComparedMeasure = z.strictObject({
  /** The audit that gave it; left out where rows were paired. */
  audit: AuditId.exactOptional(),
  metric: MetricName,
  ...Measure.pick({
    group: true,
    by: true,
    class: true,
    feature: true,
    column: true,
    split: true,
    stratum: true,
    threshold: true,
    version: true,
    unit: true,
  }).shape,
  a: SideNumber,
  b: SideNumber,
  /** b − a. */
  difference: z.number().nullable(),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
  confidence: z.number().exactOptional(),
  p: z.number().exactOptional(),
  p_adjusted: z.number().exactOptional(),
  /** Rows that the comparison stands on. */
  n: z.number().exactOptional(),
  /** How low, high and p were found. */
  method: z.string().exactOptional(),
  verdict: z.enum(comparedVerdicts),
  reason: z.string().exactOptional(),
});
export type ComparedMeasure = z.infer<typeof ComparedMeasure>;

/** One of the two that are compared. */
export const ComparedSide = z.strictObject({
  name: z.string(),
  project: z.string(),
  /** Of the report; null where a plan was recomputed. */
  report: Digest.nullable(),
  data: Digest,
  model: Digest.nullable(),
});
export type ComparedSide = z.infer<typeof ComparedSide>;

/** How rows of the two were found to be the same. */
export const Pairing = z.discriminatedUnion("kind", [
  /** By the values of a column, or by their place in one file. */
  z.strictObject({
    kind: z.enum(["id", "row"]),
    column: z.string().nullable(),
    rows: z.number(),
    /** Rows of one side alone, and rows whose label, group or weight is not the same on both. */
    onlyA: z.number(),
    onlyB: z.number(),
    disagree: z.number(),
  }),
  z.strictObject({ kind: z.literal("none"), reason: LocalizedText }),
]);
export type Pairing = z.infer<typeof Pairing>;

/** Two versions or runs, number by number. */
export const Comparison = z.strictObject({
  format: z.literal(comparisonFormat),
  version: z.literal(1),
  a: ComparedSide,
  b: ComparedSide,
  pairing: Pairing,
  confidence: z.number(),
  /** Draws of the paired tests; null where none were made. */
  replicates: z.number().nullable(),
  seed: z.number(),
  /** same: every number is. mixed: some improved, some regressed. */
  verdict: z.enum(["same", "improved", "regressed", "mixed", "changed", "no-evidence"]),
  measures: z.array(ComparedMeasure),
  findings: z.array(Finding),
});
export type Comparison = z.infer<typeof Comparison>;
