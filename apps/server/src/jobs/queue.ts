import type { SqlExecutor, UnfinishedRun } from "@assay/db";
import { PgBoss } from "pg-boss";

export const runQueue = "run";
const retries = 1000;

export interface Queue {
  /** Puts a run's job into the transaction that makes the run; the job has the run's id. */
  enqueue(sql: SqlExecutor, runId: string): Promise<void>;
  /** Works off jobs one after another until stopped. The signal is aborted when the job is lost or the worker stops. */
  work(handler: (runId: string, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Gives the jobs of runs whose worker is gone back to the queue, at once. */
  giveBack(runs: readonly UnfinishedRun[]): Promise<void>;
  /** Takes no more jobs and waits until the one at work is settled. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * pg-boss on the same database. A job whose worker gives no sign of life for ten seconds, the least it allows, is given
 * to another.
 */
export async function openQueue(options: {
  readonly url: string;
  readonly role: "server" | "worker";
  readonly onError: (error: unknown) => void;
}): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: `assay ${options.role} jobs`,
    max: 4,
    schedule: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    useListenNotify: true,
    openTelemetry: { enabled: false },
  });
  boss.on("error", options.onError);
  await boss.start();
  await boss.createQueue(runQueue, {
    heartbeatSeconds: 10,
    retryLimit: retries,
    retryDelay: 0,
    expireInSeconds: 24 * 3600 - 1,
    notify: true,
  });
  return {
    async enqueue(sql, runId) {
      await boss.send(runQueue, { runId }, { id: runId, db: sql });
    },
    async work(handler) {
      await boss.work<{ runId: string }>(
        runQueue,
        // A job that is announced while another is at work would otherwise wait for a poll half a minute away.
        { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, heartbeatRefreshSeconds: 3 },
        async (jobs) => {
          for (const job of jobs) await handler(job.data.runId, job.signal);
        },
      );
    },
    async giveBack(runs) {
      for (const { id, running } of runs) {
        const job = (await boss.findJobs(runQueue, { id }))[0];
        if (job === undefined) await boss.send(runQueue, { runId: id }, { id });
        else if (job.state === "active" && running) await boss.fail(runQueue, id, { message: "the worker is gone" });
        else if (job.state === "failed" || job.state === "cancelled" || job.state === "completed") {
          await boss.deleteJob(runQueue, id);
          await boss.send(runQueue, { runId: id }, { id });
        }
      }
    },
    async drain() {
      await boss.offWork(runQueue, { wait: true });
    },
    stop: () => boss.stop({ graceful: false, close: true }),
  };
}
