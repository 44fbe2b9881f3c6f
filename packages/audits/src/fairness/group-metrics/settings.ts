import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const input = z.strictObject({
  /** Equal-width bins of the calibration error. */
  bins: z.int().min(2).max(1000).default(15),
  confidence,
  replicates: z.int().min(199).max(1_000_000).default(10_000),
  min_count: z.int().min(0).default(30),
});
export type Input = z.output<typeof input>;
