import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const input = z.strictObject({
  confidence,
  /** Share of the people used under which a category is left out of the ratios. */
  exclude_under: z.number().min(0).max(0.5).default(0.02),
  /** Words for the published summary; this audit has no clock and knows no source of its own. */
  audit_date: z.string().max(100).default(""),
  auditor: z.string().max(200).default(""),
  data_dates: z.string().max(200).default(""),
  data_explanation: z.string().max(2000).default(""),
  data_source: z.string().max(500).default(""),
  distribution_date: z.string().max(100).default(""),
  exclusion_reason: z.string().max(1000).default(""),
  tool: z.string().max(200).default(""),
});
export type Input = z.output<typeof input>;
