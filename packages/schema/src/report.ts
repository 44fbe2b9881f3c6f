import { z } from "zod";
import { Figure, Table } from "./figure.ts";
import { AuditId, Digest, LocalizedText, MetricName } from "./ids.ts";
import { devices } from "./names.ts";
import { Plan, Policy, Rule } from "./plan.ts";

/** One number. A number that cannot be known has `value: null` and a `reason`. */
export const Measure = z.strictObject({
  metric: MetricName,
  value: z.number().nullable(),
  /** column → the file's text; null is the unknown group. */
  group: z.record(z.string(), z.string().nullable()).exactOptional(),
  /** Columns whose groups this number is about, all together. */
  by: z.array(z.string()).min(1).exactOptional(),
  class: z.string().exactOptional(),
  feature: z.string().exactOptional(),
  column: z.string().exactOptional(),
  split: z.string().exactOptional(),
  /** Stratum of a control column: column → the file's text. */
  stratum: z.record(z.string(), z.string().nullable()).exactOptional(),
  threshold: z.number().exactOptional(),
  version: z.string().exactOptional(),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
  confidence: z.number().exactOptional(),
  /** The rate's denominator. */
  n: z.number().exactOptional(),
  p: z.number().exactOptional(),
  p_adjusted: z.number().exactOptional(),
  unit: z.string().exactOptional(),
  method: z.string().exactOptional(),
  reference: z.string().exactOptional(),
  reason: z.string().exactOptional(),
});
export type Measure = z.infer<typeof Measure>;

export const verdicts = ["pass", "fail", "indeterminate", "info"] as const;
export type Verdict = (typeof verdicts)[number];

/** `text` opens with the claim in `**bold**`; no other mark-up stands in it. */
export const Finding = z.strictObject({
  id: z.string().min(1),
  verdict: z.enum(verdicts),
  severity: z.enum(["high", "medium", "low"]),
  text: LocalizedText,
  /** Indexes into the audit's measures. */
  measures: z.array(z.int().min(0)),
  /** Ids of the figure and table that show it. */
  figure: z.string().exactOptional(),
  table: z.string().exactOptional(),
});
export type Finding = z.infer<typeof Finding>;

export const Artifact = z.strictObject({ name: z.string().min(1), digest: Digest });
export type Artifact = z.infer<typeof Artifact>;

export const AuditResult = z.strictObject({
  id: AuditId,
  version: z.int().min(1),
  status: z.enum(["completed", "failed", "skipped"]),
  /** Why it failed or was skipped. */
  reason: LocalizedText.exactOptional(),
  /** It measured the machine: its numbers differ from run to run, and the report's digest does not cover them. */
  volatile: z.literal(true).exactOptional(),
  summary: Digest.nullable(),
  measures: z.array(Measure),
  findings: z.array(Finding),
  figures: z.array(Figure),
  tables: z.array(Table),
  artifacts: z.array(Artifact),
});
export type AuditResult = z.infer<typeof AuditResult>;

export const GateRule = z.strictObject({
  rule: Rule,
  /** `plan`, or the id of the policy the rule came from. */
  source: z.string(),
  verdict: z.enum(["pass", "fail", "indeterminate"]),
  text: LocalizedText,
  measures: z.array(z.strictObject({ audit: AuditId, index: z.int().min(0) })),
  /** It speaks of what the machine does: the gate's verdict holds it, and the report's digest does not cover it. */
  volatile: z.literal(true).exactOptional(),
});
export type GateRule = z.infer<typeof GateRule>;

export const Gate = z.strictObject({
  verdict: z.enum(["pass", "fail", "indeterminate", "none"]),
  rules: z.array(GateRule),
  /** The policies of the plan that have clauses, as they stood when it ran: laws move. */
  policies: z.array(Policy).exactOptional(),
});
export type Gate = z.infer<typeof Gate>;

export const ReportColumn = z.strictObject({
  name: z.string(),
  type: z.enum(["text", "integer", "number", "boolean", "date"]),
  distinct: z.number().nullable(),
  /** Null: withheld, since it or the rest is fewer than the plan's `suppress_below`. */
  missing: z.number().nullable(),
});
export type ReportColumn = z.infer<typeof ReportColumn>;

export const ReportData = z.strictObject({
  /** Rows used, after `where`; of a table of counts: their sum. */
  rows: z.number(),
  /** Rows in the file, before `where`; null where what the filter leaves out is withheld. */
  rowsRead: z.number().nullable(),
  /** SHA-256 of the file's bytes. */
  digest: Digest,
  format: z.string(),
  encoding: z.string(),
  columns: z.array(ReportColumn),
  warnings: z.array(LocalizedText),
});
export type ReportData = z.infer<typeof ReportData>;

export const modelOutputs = ["label", "probabilities", "score", "value"] as const;

/** What was audited: the file's own facts, none of the machine that ran it. */
/** What can run a model: an address, our kernels, ONNX Runtime, TensorFlow.js, or Transformers.js on ONNX Runtime. */
export const modelRuntimes = ["endpoint", "kernels", "onnxruntime", "tensorflow", "transformers"] as const;
export type ModelRuntime = (typeof modelRuntimes)[number];

export const ReportModel = z.strictObject({
  /** SHA-256 of the file's bytes. */
  digest: Digest,
  /** The file's base name. */
  file: z.string(),
  /** Files beside it that it is read from, such as its weights: paths from the file's folder, sorted. */
  files: z.array(z.strictObject({ name: z.string(), sizeBytes: z.number(), digest: Digest })).optional(),
  format: z.string(),
  sizeBytes: z.number(),
  /** Learned numbers, where the format tells them. */
  parameters: z.number().nullable(),
  /** In the order they are given: a column each. */
  inputs: z.array(z.strictObject({ name: z.string(), kind: z.enum(["category", "number"]) })),
  output: z.enum(modelOutputs),
  /** Its output has gradients by all of its inputs; absent where it has none. */
  differentiable: z.literal(true).optional(),
  /** What it is made of; `other` is run by a general runtime. */
  structure: z.enum(["network", "other", "trees"]),
  /** Of trees: what follows the sums of their leaves, where it is one of these; the last two speak of several sums together. */
  link: z.enum(["identity", "logistic", "logistic-share", "softmax"]).nullable(),
  /** The classes of a classifier, in the order of its outputs. */
  classes: z.array(z.string()).nullable(),
});
export type ReportModel = z.infer<typeof ReportModel>;

export const Environment = z.strictObject({
  assay: z.string(),
  /** What all audits were measured on, as asked for or chosen. */
  device: z.enum(devices),
  /** What kernels ran on, where it is known: those with which a GPU cannot win run on the processor beside it. */
  ran: z.array(z.enum(devices)).optional(),
  kernels: z.record(z.string(), z.string()),
  /** What ran the plan's model. */
  modelRuntime: z.enum(modelRuntimes).optional(),
  seed: z.number(),
  threads: z.int().min(1),
  shards: z.int().min(1),
  host: z.enum(["node", "browser", "server"]),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
});
export type Environment = z.infer<typeof Environment>;

/** What was audited. The digest covers it but for what is volatile: nothing that it covers depends on time or machine. */
export const ReportBody = z.strictObject({
  plan: Plan,
  data: ReportData,
  model: ReportModel.nullable(),
  audits: z.array(AuditResult),
  gate: Gate,
});
export type ReportBody = z.infer<typeof ReportBody>;

export const Report = z.strictObject({
  format: z.literal("assay.report"),
  version: z.literal(1),
  ...ReportBody.shape,
  environment: Environment,
  sections: z.strictObject({
    plan: Digest,
    data: Digest,
    model: Digest,
    audits: z.record(AuditId, Digest),
    gate: Digest,
  }),
  digest: Digest,
  signature: z.null(),
});
export type Report = z.infer<typeof Report>;
