import {
  comparisonStages,
  type ComparisonDetail as StoredComparisonDetail,
  type ComparisonRow as StoredComparisonRow,
} from "@assay/db";
import { Comparison } from "@assay/schema";
import { z } from "zod";
import { ErrorBody } from "./error.ts";
import { kept } from "./kept.ts";
import { RunRow, RunStatus } from "./run.ts";

const ComparedRun = RunRow.pick({ id: true, number: true, title: true });

/** `done` of a hundred. `stage`: it reads, asks a model about the rows, or compares. */
export const ComparisonProgress = z.object({
  done: z.number(),
  total: z.number(),
  stage: z.enum(comparisonStages).nullable(),
});

export const ComparisonSettings = z.object({
  /** Level of intervals and tests. */
  confidence: z.number().gt(0.5).lt(1),
  /** Draws of the paired tests. */
  replicates: z.int().min(100).max(1_000_000),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
});

export const ComparisonRow = z.object({
  id: z.string(),
  project: RunRow.shape.project,
  /** How it was. */
  from: ComparedRun,
  /** How it is now. */
  to: ComparedRun,
  status: RunStatus,
  verdict: Comparison.shape.verdict.nullable(),
  /** Rows that were paired; null until it is completed, and where they could not be. */
  rows: z.number().nullable(),
  settings: ComparisonSettings,
  progress: ComparisonProgress,
  error: ErrorBody.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
}) satisfies z.ZodType<StoredComparisonRow>;
export type ComparisonRow = z.output<typeof ComparisonRow>;

export const ComparisonDetail = z.object({
  ...ComparisonRow.shape,
  /** Null until it is completed. */
  result: kept(Comparison).nullable(),
}) satisfies z.ZodType<Omit<StoredComparisonDetail, "revision">>;
export type ComparisonDetail = z.output<typeof ComparisonDetail>;

export const ComparisonEvent = z.object({
  status: RunStatus,
  progress: ComparisonProgress,
  verdict: Comparison.shape.verdict.nullable(),
});
export type ComparisonEvent = z.output<typeof ComparisonEvent>;
