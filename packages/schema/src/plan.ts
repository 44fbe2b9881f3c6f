import { z } from "zod";
import { Clause, LawDate, lawStatuses } from "./clause.ts";
import { Endpoint } from "./endpoint.ts";
import { PlanFeedback } from "./feedback/in-plan.ts";
import { ColumnName, FileText } from "./file-text.ts";
import { AuditId, LocalizedText, MetricName } from "./ids.ts";

export const DataSource = z
  .strictObject({
    file: z.string().min(1).exactOptional(),
    counts: z.string().min(1).exactOptional(),
    /** One character, or `\t`; found by itself where it is not given. */
    delimiter: z.string().length(1, "one character").exactOptional(),
    /** Column names of a file that has no header line. */
    header: z.array(ColumnName).min(1).exactOptional(),
    where: z.string().min(1).exactOptional(),
    missing: z.array(FileText).default([""]),
  })
  .refine((data) => (data.file === undefined) !== (data.counts === undefined), {
    message: "give exactly one of file and counts",
  });
export type DataSource = z.infer<typeof DataSource>;

/** `at_least` alone cuts the model's score. */
export const Decision = z.union([
  ColumnName,
  z.strictObject({ at_least: z.number() }),
  z.strictObject({ column: ColumnName, at_least: z.number() }),
  z.strictObject({ column: ColumnName, equals: FileText }),
]);
export type Decision = z.infer<typeof Decision>;

/** `age`, or `{ column: age, breaks: [25, 45] }` for the bands `<25`, `25–44`, `≥45`. */
export const Protected = z.union([
  ColumnName,
  z.strictObject({
    column: ColumnName,
    breaks: z
      .array(z.number())
      .min(1)
      .refine((breaks) => breaks.every((value, index) => index === 0 || value > (breaks[index - 1] ?? 0)), {
        message: "breaks must rise",
      }),
  }),
]);
export type Protected = z.infer<typeof Protected>;

export const Columns = z.strictObject({
  id: ColumnName.exactOptional(),
  label: ColumnName.exactOptional(),
  positive: FileText.exactOptional(),
  decision: Decision.exactOptional(),
  favourable: z.enum(["positive", "negative"]).default("positive"),
  score: ColumnName.exactOptional(),
  prediction: ColumnName.exactOptional(),
  /** Which ranked list a row belongs to; without it all rows are one list. */
  query: ColumnName.exactOptional(),
  protected: z.array(Protected).default([]),
  intersections: z.int().min(1).max(4).default(2),
  reference: z.record(ColumnName, FileText).default({}),
  control: z.array(ColumnName).default([]),
  quasi_identifiers: z.array(ColumnName).default([]),
  identifiers: z.array(ColumnName).default([]),
  sensitive: z.array(ColumnName).default([]),
  features: z.array(ColumnName).default([]),
  weight: ColumnName.exactOptional(),
  /** When a row came about: `2026-06-30`, with or without a time of day, `2026-06` or `2026`. */
  time: ColumnName.exactOptional(),
});
export type Columns = z.infer<typeof Columns>;

export const Rule = z
  .strictObject({
    metric: MetricName,
    by: z.union([ColumnName.transform((name) => [name]), z.array(ColumnName).min(1)]).exactOptional(),
    /** Of metrics that are told feature by feature: the one that is meant. */
    feature: z.string().min(1).exactOptional(),
    at_least: z.number().exactOptional(),
    at_most: z.number().exactOptional(),
  })
  .refine((rule) => (rule.at_least === undefined) !== (rule.at_most === undefined), {
    message: "give exactly one of at_least and at_most",
  });
export type Rule = z.infer<typeof Rule>;

/** A policy file: rules with a name, or a built-in one. `gate: none` reports without a verdict. */
export const Policy = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/),
    title: LocalizedText,
    gate: z.enum(["rules", "none"]).default("rules"),
    /** `by: protected` in a policy stands for every protected column of the plan, one by one. */
    rules: z.array(Rule).default([]),
    /** Audits that the policy speaks of: a plan under it must run them. */
    audits: z.array(AuditId).default([]),
    source: z.string().exactOptional(),
    /** How the source is cited, such as an act with its number. */
    citation: z.string().min(1).exactOptional(),
    /** Where it applies. */
    jurisdiction: LocalizedText.exactOptional(),
    status: z.enum(lawStatuses).default("own"),
    dates: z.array(LawDate).exactOptional(),
    checkedOn: z.iso.date().exactOptional(),
    /** What was read for the check, and how old it was. */
    checkedAgainst: LocalizedText.exactOptional(),
    /** What the check found, and what stays open. */
    note: LocalizedText.exactOptional(),
    /** Its provisions, with what of a report speaks to each. */
    clauses: z.array(Clause).exactOptional(),
  })
  .refine((policy) => policy.gate === "rules" || policy.rules.length === 0, {
    message: "gate: none gives no verdict, so leave rules out",
  });
export type Policy = z.infer<typeof Policy>;

/** A built-in policy's id, a policy file's path, or the policy itself: what a file's path becomes in a report. */
const PolicyChoice = z.union([z.string().min(1), Policy]);

/**
 * The model to audit, from a file or behind an address. Its inputs are `columns.features`, in order. A text column that an
 * input takes as a number is coded by `categories`: the place of its text in the column's list, from 0; or a JSON file
 * that holds these lists.
 */
export const ModelSource = z
  .strictObject({
    file: z.string().min(1).exactOptional(),
    endpoint: Endpoint.exactOptional(),
    categories: z.union([z.string().min(1), z.record(ColumnName, z.array(FileText).min(1))]).exactOptional(),
  })
  .refine((model) => (model.file === undefined) !== (model.endpoint === undefined), {
    message: "give exactly one of file and endpoint",
  });
export type ModelSource = z.infer<typeof ModelSource>;

const AuditSettings = z.record(z.string(), z.unknown());

export const Plan = z.strictObject({
  version: z.literal(1),
  project: z.string().min(1).max(100).default("audit"),
  data: DataSource,
  columns: Columns,
  model: ModelSource.exactOptional(),
  /** What people affected reported; `fairness.feedback` counts it. */
  feedback: PlanFeedback.exactOptional(),
  /** Omitted: every audit whose needs the plan meets. */
  audits: z
    .record(AuditId, z.union([AuditSettings, z.null().transform((): Record<string, unknown> => ({}))]))
    .exactOptional(),
  policy: z.union([PolicyChoice.transform((one) => [one]), z.array(PolicyChoice)]).default([]),
  rules: z.array(Rule).default([]),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  /** No report tells a number from which fewer people than this could be read. */
  suppress_below: z.int().min(2).max(1000).exactOptional(),
});
export type Plan = z.infer<typeof Plan>;
/** A plan as people write it, defaults left out. */
export type PlanInput = z.input<typeof Plan>;

/** Settings of contracts.md that this version does not run; named so that the refusal is plain. */
export const plannedKeys = {
  transform: "`assay anonymize` is not part of this version",
  plugins: "plugins are not part of this version",
  "data.manifest": "text, image and audio manifests are not read by this version",
  "columns.cluster": "resampling by cluster is not part of this version",
} as const;
