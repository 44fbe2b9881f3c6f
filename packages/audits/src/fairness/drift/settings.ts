import { z } from "zod";
import { confidence } from "../../confidence.ts";
import { periodKinds } from "./periods.ts";

export const input = z.strictObject({
  /** How many first periods are the baseline, where `baseline_until` is not given. */
  baseline_periods: z.int().min(1).max(1000).default(1),
  /** The baseline ends with the period that holds this day. */
  baseline_until: z
    .string()
    .regex(/^(\d{4}-\d{2}-\d{2})?$/, "a day such as 2026-06-30")
    .default(""),
  confidence,
  /** Groups of fewer rows in the baseline are not tested. */
  min_count: z.int().min(0).default(30),
  period: z.enum(periodKinds).default("month"),
});
export type Input = z.output<typeof input>;
