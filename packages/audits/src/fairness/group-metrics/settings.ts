import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const input = z.strictObject({
  /** Equal-width bins of the calibration error. */
  bins: z.int().min(2).max(1000).default(15),
  confidence,
  replicates: z.int().min(199).max(1_000_000).default(10_000),
  min_count: z.int().min(0).default(30),
  /** What `columns.prediction` holds: classes, or values (numbers); auto goes by the columns' types. */
  output: z.enum(["auto", "classes", "values"]).default("auto"),
  /** First places of a ranked list that groups are counted in. */
  top: z.int().min(1).max(100_000).default(10),
});
export type Input = z.output<typeof input>;
