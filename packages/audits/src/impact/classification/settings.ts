import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const classificationInput = z.strictObject({
  bins: z.int().min(2).max(1000).default(15),
  confidence,
  replicates: z.int().min(200).max(1_000_000).default(10_000),
});
export type ClassificationInput = z.output<typeof classificationInput>;
