import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const shapleyInput = z.strictObject({
  /** Rows drawn by the seed, or a data file read as the plan's own. */
  background: z.union([z.int().min(1).max(1_000_000), z.string().min(1)]).default(100),
  confidence,
  /** Rows, counted from 0, whose decision is shown step by step. */
  decisions: z.array(z.int().min(0)).max(20).default([]),
  kind: z.enum(["interventional", "path-dependent"]).default("interventional"),
  output: z.enum(["log-odds", "probability"]).default("probability"),
  /** Rows whose values go into shapley-values.csv: the first so many. */
  rows: z.int().min(0).max(1_000_000).default(20_000),
});
export type ShapleyInput = z.output<typeof shapleyInput>;
