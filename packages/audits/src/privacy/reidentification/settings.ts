import { z } from "zod";

export const input = z.strictObject({
  /** People a class should hold at least. */
  k: z.int().min(2).max(1000).default(5),
  /** Different sensitive values a class should hold at least. */
  l: z.int().min(2).max(100).default(2),
});
export type Input = z.output<typeof input>;
