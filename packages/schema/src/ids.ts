import { z } from "zod";

/** A text in every language the product speaks; both are always complete. */
export const LocalizedText = z.strictObject({ en: z.string(), "zh-CN": z.string() });
export type LocalizedText = z.infer<typeof LocalizedText>;

/** `sha256:` and 64 lower-case hex digits. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "expected sha256:<64 hex digits>");
export type Digest = z.infer<typeof Digest>;

/** `<pillar>.<name>`, both kebab case. */
export const AuditId = z
  .string()
  .regex(
    /^(efficiency|explainability|fairness|impact|privacy)\.[a-z][a-z0-9-]*$/,
    "expected <pillar>.<name>, such as fairness.group-metrics",
  );
export type AuditId = z.infer<typeof AuditId>;

/** Kebab case, the field's usual name: `false-positive-rate`. */
export const MetricName = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "expected kebab case");
export type MetricName = z.infer<typeof MetricName>;
