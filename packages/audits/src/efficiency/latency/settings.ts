import { devices } from "@assay/schema";
import { z } from "zod";
import { confidence } from "../../confidence.ts";

export const latencyInput = z.strictObject({
  /** Rows of a call; the first is the one that rules without a split speak of. */
  batches: z.array(z.int().min(1).max(1_000_000)).min(1).max(12).default([1, 16, 256, 4096]),
  confidence,
  /** Empty: the run's own. */
  devices: z.array(z.enum(devices)).default([]),
  roofline: z.boolean().default(true),
  /** For each batch size on each device. */
  seconds: z.number().min(0.05).max(600).default(2),
});
export type LatencyInput = z.output<typeof latencyInput>;
