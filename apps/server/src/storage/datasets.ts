import type { Services } from "@assay/api";
import type { KnownColumn } from "@assay/audits";
import { whereProblems } from "@assay/dataset";
import type { Reading, Stores } from "@assay/db";
import { type DataSource, digestJson } from "@assay/schema";
import type { Blobs } from "./blobs.ts";
import { readColumns } from "./read-columns.ts";
import type { Uploads } from "./uploads.ts";

const columnsKept = 64;

/** Makes datasets of finished uploads, and tells how a plan reads their columns. */
export function datasetService(options: {
  readonly blobs: Blobs;
  readonly stores: Stores;
  readonly uploads: Uploads;
}): Services["datasets"] {
  const { blobs, stores, uploads } = options;
  const known = new Map<string, Promise<readonly KnownColumn[]>>();
  return {
    async create({ userId, projectId, upload: uploadId, name, counts, delimiter, header }) {
      const upload = await uploads.finished(uploadId, { id: userId });
      const reading: Reading = { counts, delimiter, header };
      const same = await stores.datasets.findSame(projectId, upload.digest, reading);
      if (same) return same;
      const told = await readColumns({
        path: blobs.path(upload.digest),
        fileName: upload.fileName,
        source: sourceOf(reading),
        profile: true,
      });
      return stores.datasets.add({
        project: projectId,
        name,
        fileName: upload.fileName,
        digest: upload.digest,
        sizeBytes: upload.sizeBytes,
        rows: told.rows,
        format: told.format,
        encoding: told.encoding,
        columns: told.profile.map((column) => ({ ...column, top: [...column.top] })),
        warnings: [...told.warnings],
        reading,
      });
    },
    async columns(dataset, plan) {
      const { file: _file, counts, where: _where, ...rest } = plan;
      const source = { ...rest, counts: counts !== undefined };
      if (digestJson(source) === digestJson(sourceOf(dataset.reading))) return dataset.columns;
      const key = digestJson({ digest: dataset.digest, fileName: dataset.fileName, source });
      let columns = known.get(key);
      if (columns === undefined) {
        const oldest = known.keys().next();
        if (known.size >= columnsKept && oldest.done !== true) known.delete(oldest.value);
        columns = readColumns({
          path: blobs.path(dataset.digest),
          fileName: dataset.fileName,
          source,
          profile: false,
        }).then((told) => told.columns);
        known.set(key, columns);
        columns.catch(() => known.delete(key));
      }
      return columns;
    },
    checkWhere: (where, columns) =>
      whereProblems(
        where,
        columns.map((column) => column.name),
      ),
  };
}

/** How a dataset is read before any plan speaks. */
function sourceOf(reading: Reading): Omit<DataSource, "file" | "counts" | "where"> & { counts: boolean } {
  return {
    missing: [""],
    counts: reading.counts,
    ...(reading.delimiter === null ? {} : { delimiter: reading.delimiter }),
    ...(reading.header.length === 0 ? {} : { header: [...reading.header] }),
  };
}
