import { Worker } from "node:worker_threads";
import type { CodedTable } from "@assay/dataset";
import { AssayError, type Plan, reviveError, type SummaryValue } from "@assay/schema";
import type { Step } from "../define.ts";
import type { KnownModel } from "../model-roles.ts";
import type { KnownColumn } from "../roles.ts";
import type { Executor } from "../run.ts";

/** What a thread is started with. Tables over shared memory cross without a copy. */
export interface ThreadStart {
  readonly plan: Plan;
  readonly columns: readonly KnownColumn[];
  /** What the plan's model says of itself; threads read its answers, and never run it. */
  readonly model?: KnownModel | null;
  readonly table: CodedTable;
}

export type ThreadReply =
  | { readonly step: string; readonly summary: SummaryValue }
  | { readonly step: string; readonly error: { code: string; message: string; problems?: [] } };

export interface ThreadPool extends Executor {
  close(): Promise<void>;
}

/**
 * Measures steps on `count` worker threads, each with its own cpu device. The caller closes the pool.
 * @throws AssayError internal when a thread dies
 */
export function threads(count: number, start: ThreadStart): ThreadPool {
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL("./thread.js", import.meta.url), { workerData: start }),
  );
  return {
    async *run(steps, signal) {
      const waiting = [...steps];
      const ready: { step: Step; summary: SummaryValue }[] = [];
      let failure: AssayError | null = null;
      let left = steps.length;
      let wake: () => void = () => {};
      const give = (worker: Worker): void => {
        const step = waiting.shift();
        if (step) worker.postMessage(step);
      };
      const byId = new Map(steps.map((step) => [step.id, step]));
      const listeners = workers.map((worker) => {
        const onMessage = (reply: ThreadReply): void => {
          const step = byId.get(reply.step);
          if ("error" in reply) failure ??= reviveError(reply.error);
          else if (step) ready.push({ step, summary: reply.summary });
          give(worker);
          wake();
        };
        const onError = (cause: unknown): void => {
          const message = cause instanceof Error ? cause.message : String(cause);
          failure ??= new AssayError("internal", `a worker thread died: ${message}`, { cause });
          wake();
        };
        const onExit = (code: number): void => onError(`exit code ${code}`);
        worker.on("message", onMessage).on("error", onError).on("exit", onExit);
        return () => worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      });
      const onAbort = (): void => wake();
      signal.addEventListener("abort", onAbort);
      try {
        for (const worker of workers) give(worker);
        while (left > 0) {
          if (signal.aborted) throw new AssayError("cancelled", "cancelled");
          if (failure) throw failure;
          const next = ready.shift();
          if (next) {
            left--;
            yield next;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (ready.length > 0 || failure !== null || signal.aborted) resolve();
            });
          }
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
        for (const remove of listeners) remove();
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
