import { AssayError } from "@assay/schema";
import type { PrismaClient } from "./generated/prisma/client.ts";

export interface ReportStore {
  /** The report's JSON text as it was stored. @throws AssayError not-found */
  json(runId: string): Promise<string>;
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
  };
}
