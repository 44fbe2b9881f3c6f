import { z } from "zod";

export const classificationInput = z.strictObject({
  bins: z.int().min(2).max(1000).default(15),
  confidence: z.number().gt(0.5).lt(1).default(0.95),
  replicates: z.int().min(200).max(1_000_000).default(10_000),
});
export type ClassificationInput = z.output<typeof classificationInput>;
