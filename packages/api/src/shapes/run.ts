import { runSorts } from "@assay/db";
import { Digest } from "@assay/schema";
import { z } from "zod";
import { ErrorBody, ProblemShape } from "./error.ts";

export const RunStatus = z.enum(["queued", "running", "completed", "failed", "cancelled"]);
export type RunStatus = z.output<typeof RunStatus>;
/** Whether nothing changes any more. */
export function isFinal(status: RunStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}
export const RunVerdict = z.enum(["pass", "fail", "indeterminate", "none"]);
export type RunVerdict = z.output<typeof RunVerdict>;
export const RunSort = z.enum(runSorts);

/** `stage` where it is at no audit: the model is asked about every row. */
export const RunProgress = z.object({
  done: z.number(),
  total: z.number(),
  audit: z.string().nullable(),
  stage: z.enum(["predicting"]).nullable(),
});

export const RunRow = z.object({
  id: z.string(),
  number: z.number(),
  project: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  dataset: z
    .object({ id: z.string(), name: z.string(), digest: Digest, rows: z.number(), counts: z.boolean() })
    .nullable(),
  model: z
    .object({
      /** The version's id. */
      id: z.string(),
      /** The model's id and name. */
      model: z.string(),
      name: z.string(),
      number: z.number(),
      fileName: z.string(),
      digest: Digest,
    })
    .nullable(),
  status: RunStatus,
  verdict: RunVerdict.nullable(),
  origin: z.enum(["server", "pushed"]),
  /** The run whose plan this one's was made from, such as the audit that a mitigation answers. */
  source: z.object({ id: z.string(), number: z.number() }).nullable(),
  /** The schedule that made it; null where people did, or it was removed. */
  schedule: z.object({ id: z.string(), name: z.string() }).nullable(),
  progress: RunProgress,
  error: ErrorBody.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  title: z.string(),
  counts: z.object({ fail: z.number(), indeterminate: z.number(), pass: z.number(), info: z.number() }),
});
export type RunRow = z.output<typeof RunRow>;

export const RunDetail = z.object({
  ...RunRow.shape,
  planYaml: z.string(),
  problems: z.array(ProblemShape),
  steps: z.object({ done: z.number(), total: z.number() }),
});
export type RunDetail = z.output<typeof RunDetail>;

export const RunEvent = z.object({ status: RunStatus, progress: RunProgress, verdict: RunVerdict.nullable() });
export type RunEvent = z.output<typeof RunEvent>;

export const StepLogRow = z.object({
  id: z.string(),
  audit: z.string(),
  round: z.number(),
  index: z.number(),
  attempt: z.number(),
  worker: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type StepLogRow = z.output<typeof StepLogRow>;
