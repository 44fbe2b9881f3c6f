import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const input = z.strictObject({
  /** People asked about at most; more are drawn by the seed. */
  asked: z.int().min(100).max(1_000_000).default(10_000),
  confidence,
  /** Nearest neighbours of each. */
  k: z.int().min(1).max(100).default(5),
  min_count: z.int().min(0).default(30),
  /** People who may be neighbours at most; more are drawn by the seed. */
  neighbours: z.int().min(1000).max(2_000_000).default(100_000),
  /** Rows that the model is asked about anew at most, for each other value of a protected column. */
  rows: z.int().min(100).max(10_000_000).default(100_000),
  /** Protected columns among the features say how alike people are, too. */
  with_protected: z.boolean().default(false),
});
export type Input = z.output<typeof input>;
