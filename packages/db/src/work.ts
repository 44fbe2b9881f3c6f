import type { Digest, ErrorCode, Problem } from "@assay/schema";
import type { Reading } from "./dataset.ts";
import type { Dataset, Prisma, PrismaClient } from "./generated/prisma/client.ts";
import { type ModelFileRow, toFiles } from "./model.ts";
import { countColumns, type FindingCounts, type RunStage, type RunVerdict } from "./run.ts";

/** A run's plan, and the stored files that it reads. */
export interface WorkFiles {
  readonly planYaml: string;
  readonly dataset: WorkFile | null;
  /** What the plan's model stood for when the run was made. */
  readonly model: WorkModel | null;
  /** Rows that an audit explains the model against. */
  readonly background: WorkFile | null;
}

/** What a worker needs to run a plan. */
export interface Work extends WorkFiles {
  readonly runId: string;
  /** Which taking this is. It fences: a worker that lost the run can no longer change it. */
  readonly attempt: number;
  readonly shards: number | null;
  readonly startedAt: Date;
}

/** A stored file that a run reads. */
export interface WorkFile {
  readonly id: string;
  readonly fileName: string;
  readonly digest: Digest;
  readonly reading: Reading;
}

/** A model's own file, and those beside it. */
export interface WorkModel extends Omit<WorkFile, "reading"> {
  readonly files: readonly ModelFileRow[];
}

export interface UnfinishedRun {
  readonly id: string;
  readonly running: boolean;
  /** Who took it last. */
  readonly worker: string | null;
}

export interface WorkStore {
  /** Takes a run that is queued or whose worker was lost; null where it is finished or gone. */
  take(runId: string, worker: string): Promise<Work | null>;
  /** False where the run is no longer this attempt's: cancelled, removed or taken over. */
  heartbeat(runId: string, attempt: number): Promise<boolean>;
  progress(
    runId: string,
    attempt: number,
    progress: {
      readonly done: number;
      readonly total: number;
      readonly audit: string | null;
      readonly stage?: RunStage | null;
    },
  ): Promise<void>;
  /** Stores the report and finishes the run, both or neither; false where the run is no longer this attempt's. */
  complete(
    runId: string,
    attempt: number,
    result: {
      readonly report: { readonly digest: Digest; readonly json: string };
      readonly verdict: RunVerdict;
      readonly counts: FindingCounts;
      readonly artifacts: readonly { readonly name: string; readonly digest: Digest }[];
    },
  ): Promise<boolean>;
  /** Ends an unfinished run with an error; false where it is already finished. `attempt` null: whoever holds it. */
  fail(
    runId: string,
    attempt: number | null,
    error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] },
  ): Promise<boolean>;
  /** Runs not finished, oldest first. */
  unfinished(): Promise<UnfinishedRun[]>;
}

export function workStore(client: PrismaClient): WorkStore {
  return {
    async take(runId, worker) {
      const now = new Date();
      const { count } = await client.run.updateMany({
        where: { id: runId, status: { in: ["queued", "running"] } },
        data: { status: "running", attempt: { increment: 1 }, worker, heartbeatAt: now },
      });
      if (count === 0) return null;
      await client.run.updateMany({ where: { id: runId, startedAt: null }, data: { startedAt: now } });
      const run = await client.run.findUnique({ where: { id: runId }, include: workInclude });
      if (run?.status !== "running" || run.worker !== worker) return null;
      return { runId, attempt: run.attempt, shards: run.shards, startedAt: run.startedAt ?? now, ...toWorkFiles(run) };
    },
    async heartbeat(runId, attempt) {
      const { count } = await client.run.updateMany({
        where: { id: runId, attempt, status: "running" },
        data: { heartbeatAt: new Date() },
      });
      return count > 0;
    },
    async progress(runId, attempt, { done, total, audit, stage = null }) {
      await client.run.updateMany({
        where: { id: runId, attempt, status: "running" },
        data: { stepsDone: done, stepsTotal: total, audit, stage, heartbeatAt: new Date() },
      });
    },
    complete: (runId, attempt, { report, verdict, counts, artifacts }) =>
      client.$transaction(async (transaction) => {
        const run = await transaction.run.findUnique({ where: { id: runId }, select: { startedAt: true } });
        const now = new Date();
        const { count } = await transaction.run.updateMany({
          where: { id: runId, attempt, status: "running" },
          data: {
            ...countColumns(counts),
            status: "completed",
            verdict,
            audit: null,
            stage: null,
            finishedAt: now,
            durationMs: now.getTime() - (run?.startedAt ?? now).getTime(),
          },
        });
        if (count === 0) return false;
        await transaction.report.create({ data: { runId, ...report } });
        await transaction.artifact.createMany({ data: artifacts.map((artifact) => ({ runId, ...artifact })) });
        return true;
      }),
    async fail(runId, attempt, error) {
      const { count } = await client.run.updateMany({
        where: { id: runId, status: { in: ["queued", "running"] }, ...(attempt === null ? {} : { attempt }) },
        data: {
          status: "failed",
          errorCode: error.code,
          errorMessage: error.message,
          problemsJson: JSON.stringify(error.problems),
          audit: null,
          stage: null,
          finishedAt: new Date(),
        },
      });
      return count > 0;
    },
    async unfinished() {
      const rows = await client.run.findMany({
        where: { status: { in: ["queued", "running"] } },
        select: { id: true, status: true, worker: true },
        orderBy: { createdAt: "asc" },
      });
      return rows.map(({ id, status, worker }) => ({ id, running: status === "running", worker }));
    },
  };
}

export const workInclude = {
  plan: true,
  dataset: true,
  modelVersion: { include: { files: true } },
  background: true,
} as const satisfies Prisma.RunInclude;

export function toWorkFiles(run: Prisma.RunGetPayload<{ include: typeof workInclude }>): WorkFiles {
  return {
    planYaml: run.plan.yaml,
    dataset: run.dataset && toFile(run.dataset),
    model: run.modelVersion && {
      id: run.modelVersion.id,
      fileName: run.modelVersion.fileName,
      digest: run.modelVersion.digest as Digest,
      files: toFiles(run.modelVersion.files),
    },
    background: run.background && toFile(run.background),
  };
}

function toFile(dataset: Dataset): WorkFile {
  const { id, fileName, digest, counts, delimiter, header } = dataset;
  return { id, fileName, digest: digest as Digest, reading: { counts, delimiter, header } };
}
