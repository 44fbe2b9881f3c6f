import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const associationsInput = z.strictObject({
  bins: z.int().min(2).max(50).default(10),
  confidence,
  depth: z.int().min(1).max(4).default(3),
  hold_out: z.number().min(0.05).max(0.9).default(0.3),
  levels: z.int().min(1).max(200).default(20),
  min_leaf: z.int().min(1).default(20),
  replicates: z.int().min(200).max(1_000_000).default(10_000),
});
export type AssociationsInput = z.output<typeof associationsInput>;
