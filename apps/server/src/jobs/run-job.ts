import { Worker } from "node:worker_threads";
import { type Listener, listenToRuns, type Stores, type Work } from "@assay/db";
import { AssayError } from "@assay/schema";
import type { RunReply, RunRequest, RunThreadStart } from "./run-thread-port.ts";

const heartbeatEveryMs = 2000;
/** A run whose workers die again and again is ended, not tried for ever. */
const mostAttempts = 20;

export interface RunJobOptions extends RunThreadStart {
  readonly stores: Stores;
  readonly log: (message: string) => void;
}

export interface RunJob {
  /** Runs one run to its end. Rejects where it was stopped in the middle and shall be taken up again. */
  run(runId: string, stop: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A worker's side of runs: takes them, keeps their heartbeat, watches for cancels, ends them. */
export function openRunJob(options: RunJobOptions): RunJob {
  const { stores, log, ...start } = options;
  let thread: Worker | null = null;
  let check: (() => void) | null = null;
  let current: string | null = null;
  const listener: Listener = listenToRuns(start.databaseUrl, (id) => {
    if (id === null || id === current) check?.();
  });
  const dropThread = async (): Promise<void> => {
    const dropped = thread;
    thread = null;
    await dropped?.terminate();
  };

  const inThread = (work: Work, stop: AbortSignal): Promise<RunReply | { readonly kind: "stopped" }> =>
    new Promise((resolve) => {
      const used = thread ?? new Worker(new URL("./run-thread.js", import.meta.url), { workerData: start });
      thread = used;
      let beating = false;
      const beat = async (): Promise<void> => {
        if (beating) return;
        beating = true;
        try {
          if (!(await stores.work.heartbeat(work.runId, work.attempt))) await end({ kind: "lost" }, true);
        } catch (error) {
          log(`run ${work.runId}: no heartbeat: ${String(error)}`);
        } finally {
          beating = false;
        }
      };
      const timer = setInterval(() => void beat(), heartbeatEveryMs);
      current = work.runId;
      check = () => void beat();
      const onMessage = (reply: RunReply): void => void end(reply, false);
      const onError = (error: unknown): void => {
        const told = new AssayError("internal", tellThreadError(error));
        void end({ kind: "failed", error: told.toJSON() }, true);
      };
      const onExit = (): void => onError(new Error("it ended"));
      const onStop = (): void => void end({ kind: "stopped" }, true);
      const end = async (reply: RunReply | { readonly kind: "stopped" }, drop: boolean): Promise<void> => {
        clearInterval(timer);
        check = null;
        current = null;
        used.off("message", onMessage).off("error", onError).off("exit", onExit);
        used.on("error", () => {});
        stop.removeEventListener("abort", onStop);
        if (drop) await dropThread();
        resolve(reply);
      };
      used.on("message", onMessage).on("error", onError).on("exit", onExit);
      stop.addEventListener("abort", onStop);
      if (stop.aborted) onStop();
      else used.postMessage({ work } satisfies RunRequest);
    });

  return {
    async run(runId, stop) {
      const work = await stores.work.take(runId, start.worker);
      if (work === null) return;
      if (work.attempt > mostAttempts) {
        const message = `the run was taken up ${mostAttempts} times and its worker ended each time; the data may be too large for this machine`;
        await stores.work.fail(runId, work.attempt, { code: "internal", message, problems: [] });
        return;
      }
      const reply = await inThread(work, stop);
      switch (reply.kind) {
        case "completed":
        case "lost":
          return;
        case "failed":
          await stores.work.fail(runId, work.attempt, { ...reply.error, problems: [...reply.error.problems] });
          return;
        case "broke": {
          log(`run ${runId}: ${reply.message}`);
          const message = "the server met an error of its own while it ran this; its log tells more";
          await stores.work.fail(runId, work.attempt, { code: "internal", message, problems: [] });
          return;
        }
        case "stopped":
          throw new Error("the worker stops; the run goes on with the next");
      }
    },
    async close() {
      await listener.close();
      await dropThread();
    },
  };
}

function tellThreadError(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return "the run needs more memory than its worker may take; start the server with a larger --max-old-space-size (NODE_OPTIONS), or audit fewer columns";
  }
  return `the thread that ran this ended: ${error instanceof Error ? error.message : String(error)}`;
}
