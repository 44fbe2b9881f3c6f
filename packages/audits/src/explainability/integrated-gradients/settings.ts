import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const integratedGradientsInput = z.strictObject({
  /** mean: of each input over the rows. zero: of all inputs. */
  baseline: z.enum(["mean", "zero"]).default("mean"),
  confidence,
  /** Rows, counted from 0, whose decision is shown step by step. */
  decisions: z.array(z.int().min(0)).max(20).default([]),
  /** Rows whose values go into integrated-gradients.csv: the first so many. */
  rows: z.int().min(0).max(1_000_000).default(20_000),
  /** The most that a row's values may miss its output by, relative to how far that lies from the baseline's where this is above 1. */
  tolerance: z.number().min(1e-5).max(1).default(0.001),
});
export type IntegratedGradientsInput = z.output<typeof integratedGradientsInput>;
