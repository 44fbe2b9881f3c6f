import { decodeSummary, encodeSummary, type SummaryValue } from "@assay/schema";
import type { PrismaClient } from "./generated/prisma/client.ts";

export interface StepIdentity {
  readonly id: string;
  readonly audit: string;
  readonly round: number;
  readonly index: number;
}

/** One try at a step. */
export interface StepLogRow extends StepIdentity {
  readonly attempt: number;
  readonly worker: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface StepStore {
  /** Summaries of the steps already finished, by id. */
  finished(runId: string, ids: readonly string[]): Promise<ReadonlyMap<string, SummaryValue>>;
  started(runId: string, attempt: number, worker: string, step: StepIdentity): Promise<void>;
  /** Commits a step once by its id; a second commit changes nothing. */
  commit(runId: string, attempt: number, id: string, summary: SummaryValue): Promise<void>;
  /** Every try at every step, in the order they began. */
  log(runId: string): Promise<StepLogRow[]>;
}

export function stepStore(client: PrismaClient): StepStore {
  return {
    async finished(runId, ids) {
      const rows = await client.step.findMany({
        where: { runId, id: { in: [...ids] } },
        select: { id: true, summary: true },
      });
      return new Map(rows.map((row) => [row.id, decodeSummary(row.summary)]));
    },
    async started(runId, attempt, worker, { id, audit, round, index }) {
      const startedAt = new Date();
      await client.stepAttempt.upsert({
        where: { runId_stepId_attempt: { runId, stepId: id, attempt } },
        create: { runId, stepId: id, attempt, audit, round, index, worker, startedAt },
        update: { worker, startedAt, finishedAt: null },
      });
    },
    async commit(runId, attempt, id, summary) {
      await client.$transaction([
        client.step.createMany({ data: [{ runId, id, summary: encodeSummary(summary) }], skipDuplicates: true }),
        client.stepAttempt.updateMany({ where: { runId, stepId: id, attempt }, data: { finishedAt: new Date() } }),
      ]);
    },
    async log(runId) {
      const rows = await client.stepAttempt.findMany({
        where: { runId },
        orderBy: [{ startedAt: "asc" }, { audit: "asc" }, { round: "asc" }, { index: "asc" }, { attempt: "asc" }],
      });
      return rows.map((row) => ({
        id: row.stepId,
        audit: row.audit,
        round: row.round,
        index: row.index,
        attempt: row.attempt,
        worker: row.worker,
        startedAt: row.startedAt.toISOString(),
        finishedAt: row.finishedAt?.toISOString() ?? null,
      }));
    },
  };
}
