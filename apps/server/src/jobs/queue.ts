import type { SqlExecutor, UnfinishedRun } from "@assay/db";
import { PgBoss } from "pg-boss";

/** One queue for jobs of all kinds: a worker works off one at a time, whatever it is. */
const queueName = "run";
const retries = 1000;

export type JobKind = "comparison" | "run";

/** A job by its kind and the id of what it works on, which is its own id too. */
export interface QueuedJob {
  readonly kind: JobKind;
  readonly id: string;
}

/** Works off what has that id. Rejects where it was stopped in the middle and shall be taken up again. */
export type Job = (id: string, stop: AbortSignal) => Promise<void>;

export type UnfinishedJob = UnfinishedRun & QueuedJob;

export interface Queue {
  /** Puts a job into the transaction that makes what it works on. */
  enqueue(sql: SqlExecutor, job: QueuedJob): Promise<void>;
  /** Works off jobs one after another until stopped. The signal is aborted when the job is lost or the worker stops. */
  work(handler: (job: QueuedJob, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Gives the jobs whose worker is gone back to the queue, at once. */
  giveBack(jobs: readonly UnfinishedJob[]): Promise<void>;
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
  await boss.createQueue(queueName, {
    heartbeatSeconds: 10,
    retryLimit: retries,
    retryDelay: 0,
    expireInSeconds: 24 * 3600 - 1,
    notify: true,
  });
  return {
    async enqueue(sql, job) {
      await boss.send(queueName, payloadOf(job), { id: job.id, db: sql });
    },
    async work(handler) {
      await boss.work<Payload>(
        queueName,
        // A job that is announced while another is at work would otherwise wait for a poll half a minute away.
        { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, heartbeatRefreshSeconds: 3 },
        async (jobs) => {
          for (const job of jobs) await handler(jobOf(job.data), job.signal);
        },
      );
    },
    async giveBack(jobs) {
      for (const { id, kind, running } of jobs) {
        const payload = payloadOf({ kind, id });
        const job = (await boss.findJobs(queueName, { id }))[0];
        if (job === undefined) await boss.send(queueName, payload, { id });
        else if (job.state === "active" && running) await boss.fail(queueName, id, { message: "the worker is gone" });
        else if (job.state === "failed" || job.state === "cancelled" || job.state === "completed") {
          await boss.deleteJob(queueName, id);
          await boss.send(queueName, payload, { id });
        }
      }
    },
    async drain() {
      await boss.offWork(queueName, { wait: true });
    },
    stop: () => boss.stop({ graceful: false, close: true }),
  };
}

/** A job's data as the queue keeps them. */
type Payload = { readonly runId: string } | { readonly comparisonId: string };

function payloadOf({ kind, id }: QueuedJob): Payload {
  return kind === "run" ? { runId: id } : { comparisonId: id };
}

function jobOf(payload: Payload): QueuedJob {
  return "runId" in payload ? { kind: "run", id: payload.runId } : { kind: "comparison", id: payload.comparisonId };
}
