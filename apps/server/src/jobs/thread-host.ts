import { Worker } from "node:worker_threads";
import { type Listener, listenToRuns } from "@assay/db";
import { AssayError, type ErrorCode, type Problem } from "@assay/schema";
import type { WorkReply, WorkRequest, WorkThreadStart } from "./work-thread-port.ts";

const heartbeatEveryMs = 2000;
/** What makes its workers die again and again is ended, not tried for ever. */
const mostAttempts = 20;

/** One taking of a job, and what is written down of it. */
export interface Taken {
  /** `run`, `comparison`: in messages. */
  readonly name: string;
  readonly id: string;
  readonly attempt: number;
  readonly request: WorkRequest;
  /** False where it is no longer this attempt's: cancelled, removed or taken over. */
  readonly heartbeat: () => Promise<boolean>;
  readonly fail: (error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly problems: readonly Problem[];
  }) => Promise<unknown>;
}

export interface ThreadHost {
  /** Works off one job to its end. Rejects where it was stopped in the middle and shall be taken up again. */
  work(taken: Taken, stop: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The worker's own thread beside the one that works: keeps the heartbeat, watches for cancels, tells ends. */
export function openThreadHost(start: WorkThreadStart, log: (message: string) => void): ThreadHost {
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

  const inThread = (
    { name, id, request, heartbeat }: Taken,
    stop: AbortSignal,
  ): Promise<WorkReply | { readonly kind: "stopped" }> =>
    new Promise((resolve) => {
      const used = thread ?? new Worker(new URL("./work-thread.js", import.meta.url), { workerData: start });
      thread = used;
      let beating = false;
      const beat = async (): Promise<void> => {
        if (beating) return;
        beating = true;
        try {
          if (!(await heartbeat())) await end({ kind: "lost" }, true);
        } catch (error) {
          log(`${name} ${id}: no heartbeat: ${String(error)}`);
        } finally {
          beating = false;
        }
      };
      const timer = setInterval(() => void beat(), heartbeatEveryMs);
      current = id;
      check = () => void beat();
      const onMessage = (reply: WorkReply): void => void end(reply, false);
      const onError = (error: unknown): void => {
        const told = new AssayError("internal", tellThreadError(name, error));
        void end({ kind: "failed", error: told.toJSON() }, true);
      };
      const onExit = (): void => onError(new Error("it ended"));
      const onStop = (): void => void end({ kind: "stopped" }, true);
      const end = async (reply: WorkReply | { readonly kind: "stopped" }, drop: boolean): Promise<void> => {
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
      else used.postMessage(request);
    });

  return {
    async work(taken, stop) {
      const { name, id, attempt, fail } = taken;
      if (attempt > mostAttempts) {
        const message = `the ${name} was taken up ${mostAttempts} times and its worker ended each time; the data may be too large for this machine`;
        await fail({ code: "internal", message, problems: [] });
        return;
      }
      const reply = await inThread(taken, stop);
      switch (reply.kind) {
        case "completed":
        case "lost":
          return;
        case "failed":
          await fail(reply.error);
          return;
        case "broke": {
          log(`${name} ${id}: ${reply.message}`);
          const message = "the server met an error of its own while it ran this; its log tells more";
          await fail({ code: "internal", message, problems: [] });
          return;
        }
        case "stopped":
          throw new Error(`the worker stops; the ${name} goes on with the next`);
      }
    },
    async close() {
      await listener.close();
      await dropThread();
    },
  };
}

function tellThreadError(name: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const fewer = name === "run" ? "audit fewer columns" : "compare fewer rows";
    return `the ${name} needs more memory than its worker may take; start the server with a larger --max-old-space-size (NODE_OPTIONS), or ${fewer}`;
  }
  return `the thread that ran this ended: ${error instanceof Error ? error.message : String(error)}`;
}
