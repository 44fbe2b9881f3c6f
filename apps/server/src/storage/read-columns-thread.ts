import { parentPort, workerData } from "node:worker_threads";
import { openDataset } from "@assay/dataset/node";
import { isAssayError } from "@assay/schema";
import type { ColumnsReply, ColumnsRequest } from "./read-columns.ts";

/** Opens one file, tells its columns, and ends. */
const { path, fileName, source, profile } = workerData as ColumnsRequest;

async function read(): Promise<ColumnsReply> {
  const dataset = await openDataset(path, { name: fileName, source });
  try {
    return {
      told: {
        rows: dataset.rowsRead,
        format: dataset.format,
        encoding: dataset.encoding,
        columns: dataset.columns.map(({ name, type }) => ({ name, type })),
        profile: profile ? await dataset.profile() : [],
        warnings: dataset.warnings,
      },
    };
  } finally {
    await dataset.close();
  }
}

read()
  .catch((error: unknown): ColumnsReply => {
    if (isAssayError(error)) return { error: { code: error.code, message: error.message, problems: error.problems } };
    return {
      error: { code: "internal", message: error instanceof Error ? error.message : String(error), problems: [] },
    };
  })
  .then((reply) => parentPort?.postMessage(reply));
