import { AuditId, pillars } from "@assay/schema";
import { z } from "zod";

const AuditText = z.object({
  name: z.string(),
  question: z.string(),
  method: z.string(),
  reading: z.string(),
  action: z.string(),
  limits: z.string(),
  settings: z.record(
    z.string(),
    z.object({ label: z.string(), help: z.string(), example: z.string().exactOptional() }),
  ),
});

export const AuditInfo = z.object({
  id: AuditId,
  version: z.number(),
  pillar: z.enum(pillars),
  needs: z.object({
    columns: z.array(z.union([z.string(), z.array(z.string())])),
    uses: z.array(z.string()),
    /** What it asks of the plan's model; null where it reads columns alone. */
    model: z.enum(["file", "gradient", "predict", "trees"]).nullable(),
  }),
  text: z.object({ en: AuditText, "zh-CN": AuditText }),
  references: z.array(z.object({ of: z.string(), citation: z.string(), url: z.string() })),
  /** JSON Schema of the settings. */
  input: z.record(z.string(), z.unknown()),
  defaults: z.record(z.string(), z.unknown()),
});
export type AuditInfo = z.output<typeof AuditInfo>;
