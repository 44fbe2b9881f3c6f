import type { Comparison, Digest, ErrorCode, Problem } from "@assay/schema";
import type { ComparisonSettings, ComparisonStage } from "./comparison.ts";
import type { PrismaClient } from "./generated/prisma/client.ts";
import { toWorkFiles, type UnfinishedRun, type WorkFiles, workInclude } from "./work.ts";

/** One of the two runs that a worker compares. */
export interface ComparisonSide extends WorkFiles {
  readonly number: number;
  /** The digest of its report. */
  readonly report: Digest | null;
}

/** What a worker needs to compare two runs. */
export interface ComparisonWork {
  readonly id: string;
  /** Which taking this is. It fences: a worker that lost the comparison can no longer change it. */
  readonly attempt: number;
  readonly from: ComparisonSide;
  readonly to: ComparisonSide;
  readonly settings: ComparisonSettings;
}

export interface ComparisonWorkStore {
  /** Takes one that is queued or whose worker was lost; null where it is finished or gone. */
  take(id: string, worker: string): Promise<ComparisonWork | null>;
  /** False where it is no longer this attempt's: cancelled, removed or taken over. */
  heartbeat(id: string, attempt: number): Promise<boolean>;
  /** `done` of a hundred. */
  progress(
    id: string,
    attempt: number,
    progress: { readonly done: number; readonly stage: ComparisonStage },
  ): Promise<void>;
  /** Stores the result and finishes it, both or neither; false where it is no longer this attempt's. */
  complete(id: string, attempt: number, result: Comparison): Promise<boolean>;
  /** Ends an unfinished one with an error; false where it is already finished. */
  fail(
    id: string,
    attempt: number,
    error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] },
  ): Promise<boolean>;
  /** Those not finished, oldest first. */
  unfinished(): Promise<UnfinishedRun[]>;
}

export function comparisonWorkStore(client: PrismaClient): ComparisonWorkStore {
  const side = { include: { ...workInclude, report: { select: { digest: true } } } } as const;
  return {
    async take(id, worker) {
      const now = new Date();
      const { count } = await client.comparison.updateMany({
        where: { id, status: { in: ["queued", "running"] } },
        data: { status: "running", attempt: { increment: 1 }, worker, heartbeatAt: now },
      });
      if (count === 0) return null;
      await client.comparison.updateMany({ where: { id, startedAt: null }, data: { startedAt: now } });
      const row = await client.comparison.findUnique({ where: { id }, include: { from: side, to: side } });
      if (row?.status !== "running" || row.worker !== worker) return null;
      const sideOf = (run: typeof row.from): ComparisonSide => ({
        ...toWorkFiles(run),
        number: run.number,
        report: (run.report?.digest ?? null) as Digest | null,
      });
      return {
        id,
        attempt: row.attempt,
        from: sideOf(row.from),
        to: sideOf(row.to),
        settings: { confidence: row.confidence, replicates: row.replicates, seed: Number(row.seed) },
      };
    },
    async heartbeat(id, attempt) {
      const { count } = await client.comparison.updateMany({
        where: { id, attempt, status: "running" },
        data: { heartbeatAt: new Date() },
      });
      return count > 0;
    },
    async progress(id, attempt, { done, stage }) {
      await client.comparison.updateMany({
        where: { id, attempt, status: "running" },
        data: { done, stage, heartbeatAt: new Date() },
      });
    },
    async complete(id, attempt, result) {
      const { pairing, verdict } = result;
      const { count } = await client.comparison.updateMany({
        where: { id, attempt, status: "running" },
        data: {
          status: "completed",
          done: 100,
          stage: null,
          verdict,
          rows: pairing.kind === "none" ? null : BigInt(pairing.rows),
          json: JSON.stringify(result),
          finishedAt: new Date(),
        },
      });
      return count > 0;
    },
    async fail(id, attempt, error) {
      const { count } = await client.comparison.updateMany({
        where: { id, attempt, status: { in: ["queued", "running"] } },
        data: {
          status: "failed",
          stage: null,
          errorCode: error.code,
          errorMessage: error.message,
          problemsJson: JSON.stringify(error.problems),
          finishedAt: new Date(),
        },
      });
      return count > 0;
    },
    async unfinished() {
      const rows = await client.comparison.findMany({
        where: { status: { in: ["queued", "running"] } },
        select: { id: true, status: true, worker: true },
        orderBy: { createdAt: "asc" },
      });
      return rows.map(({ id, status, worker }) => ({ id, running: status === "running", worker }));
    },
  };
}
