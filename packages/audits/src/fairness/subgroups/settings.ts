import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const metrics = ["error-rate", "false-negative-rate", "false-positive-rate", "selection-rate"] as const;

export const input = z.strictObject({
  /** Weight of a slice's error rate against its size in the score. */
  alpha: z.number().gt(0).max(1).default(0.95),
  /** Most bins of a number column. */
  bins: z.int().min(2).max(20).default(5),
  /** Columns to search; none: features and protected columns. */
  columns: z.array(z.string().min(1)).max(200).default([]),
  confidence,
  /** Most columns that describe a group. */
  depth: z.int().min(1).max(4).default(3),
  /** Share of rows kept apart to confirm what the others showed. */
  hold_out: z.number().min(0.1).max(0.9).default(0.5),
  /** Groups to report. */
  k: z.int().min(1).max(50).default(10),
  /** Most values of a text column with a group of their own. */
  levels: z.int().min(1).max(60).default(30),
  metric: z.enum(metrics).default("error-rate"),
  min_count: z.int().min(1).default(30),
  min_share: z.number().min(0).max(0.5).default(0.01),
  /** Share of people in common (Jaccard) from which on two groups are one. */
  overlap: z.number().min(0.5).max(1).default(0.8),
});
export type Input = z.output<typeof input>;
