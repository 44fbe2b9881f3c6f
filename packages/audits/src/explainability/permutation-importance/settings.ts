import { z } from "zod";
import { confidence } from "../../confidence.ts";
import { importanceScores } from "./scores/index.ts";

const names = importanceScores.map((score) => score.name);

export const importanceInput = z.strictObject({
  confidence,
  /** Features shuffled together, by the name they are told under; the rest are shuffled one by one. */
  groups: z.record(z.string().min(1), z.array(z.string().min(1)).min(1)).default({}),
  repeats: z.int().min(2).max(1000).default(10),
  score: z.enum(["auto", ...names] as [string, ...string[]]).default("auto"),
});
export type ImportanceInput = z.output<typeof importanceInput>;
