import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const input = z.strictObject({
  /** Equal-width bins of the score. */
  bins: z.int().min(2).max(1000).default(15),
  confidence,
  min_count: z.int().min(0).default(30),
  replicates: z.int().min(199).max(100_000).default(2000),
});
export type Input = z.output<typeof input>;
