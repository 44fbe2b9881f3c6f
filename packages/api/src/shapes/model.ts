import type { ModelVersionRow, ModelDetail as StoredModelDetail, ModelRow as StoredModelRow } from "@assay/db";
import { Digest, ReportModel } from "@assay/schema";
import { z } from "zod";
import { nameOf } from "./name.ts";

/** PostgreSQL keeps no U+0000. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((value) => !value.includes("\u0000"), "holds a NUL character");

export const ModelName = nameOf("a model", 200);

export const ModelCard = z.object({
  /** What it is for, and what it is not. */
  purpose: text(4000),
  /** Who answers for it. */
  owner: text(200),
  licence: text(200),
  notes: text(20_000),
});

export const ModelVersion = z.object({
  id: z.string(),
  model: z.object({ id: z.string(), name: z.string() }),
  project: z.string(),
  /** Counts up inside its model. */
  number: z.number(),
  /** Of its own file, as are digest and size. */
  fileName: z.string(),
  digest: Digest,
  sizeBytes: z.number(),
  /** Files beside it that it is read from, by their paths from it, sorted. */
  files: z.array(z.object({ name: z.string(), digest: Digest, sizeBytes: z.number() })).readonly(),
  format: z.string(),
  /** What the file says of itself. Without inputs where it leaves open how many columns it takes. */
  about: ReportModel,
  card: z.object({ purpose: z.string(), owner: z.string(), licence: z.string(), notes: z.string() }),
  /** The dataset it was trained on. */
  trainedOn: z.object({ id: z.string(), name: z.string(), digest: Digest }).nullable(),
  /** The run that made it, where one did, such as a mitigation. */
  madeBy: z.object({ id: z.string(), number: z.number() }).nullable(),
  uploader: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** How many runs used it. */
  runs: z.number(),
}) satisfies z.ZodType<ModelVersionRow>;
export type ModelVersion = z.output<typeof ModelVersion>;

export const ModelRow = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  /** How many. */
  versions: z.number(),
  latest: ModelVersion,
}) satisfies z.ZodType<StoredModelRow>;
export type ModelRow = z.output<typeof ModelRow>;

export const ModelDetail = z.object({
  ...ModelRow.shape,
  /** Newest first. */
  versions: z.array(ModelVersion),
}) satisfies z.ZodType<StoredModelDetail>;
export type ModelDetail = z.output<typeof ModelDetail>;
