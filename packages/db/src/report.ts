import { AssayError, type Digest } from "@assay/schema";
import type { PrismaClient } from "./generated/prisma/client.ts";

export interface ReportStore {
  /** The report's JSON text as it was stored. @throws AssayError not-found */
  json(runId: string): Promise<string>;
  /** Digest of a file beside the report. @throws AssayError not-found */
  artifact(runId: string, name: string): Promise<Digest>;
}

export function reportStore(client: PrismaClient): ReportStore {
  return {
    async json(runId) {
      const row = await client.report.findUnique({ where: { runId }, select: { json: true } });
      if (row) return row.json;
      const run = await client.run.findUnique({ where: { id: runId }, select: { status: true } });
      throw new AssayError(
        "not-found",
        run ? `the run has no report: it is ${run.status}` : `no run "${runId}"; it may have been removed`,
      );
    },
    async artifact(runId, name) {
      const row = await client.artifact.findUnique({ where: { runId_name: { runId, name } } });
      if (!row) throw new AssayError("not-found", `the run has no file "${name}"`);
      return row.digest as Digest;
    },
  };
}
