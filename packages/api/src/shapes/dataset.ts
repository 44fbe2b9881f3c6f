import type { DatasetRow as StoredDatasetRow } from "@assay/db";
import { Digest, LocalizedText, ReportColumn } from "@assay/schema";
import { z } from "zod";

export const DatasetRow = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  fileName: z.string(),
  digest: Digest,
  sizeBytes: z.number(),
  rows: z.number(),
  format: z.string(),
  encoding: z.string(),
  counts: z.boolean(),
  createdAt: z.iso.datetime(),
}) satisfies z.ZodType<StoredDatasetRow>;
export type DatasetRow = z.output<typeof DatasetRow>;

export const ColumnProfile = z.object({
  ...ReportColumn.shape,
  missing: z.number(),
  top: z.array(z.object({ value: z.string(), count: z.number() })),
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type ColumnProfile = z.output<typeof ColumnProfile>;

export const DatasetDetail = z.object({
  ...DatasetRow.shape,
  columns: z.array(ColumnProfile),
  warnings: z.array(LocalizedText),
});
export type DatasetDetail = z.output<typeof DatasetDetail>;
