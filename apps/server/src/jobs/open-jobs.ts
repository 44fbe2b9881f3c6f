import type { Stores } from "@assay/db";
import { comparisonJob } from "./comparison-job.ts";
import type { JobKind, QueuedJob } from "./queue.ts";
import { runJob } from "./run-job.ts";
import { openThreadHost } from "./thread-host.ts";
import type { WorkThreadStart } from "./work-thread-port.ts";

export interface Jobs {
  /** Works off one job to its end. Rejects where it was stopped in the middle and shall be taken up again. */
  work(job: QueuedJob, stop: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A worker's side of all jobs, one at a time: they share the thread that works, and what it has read. */
export function openJobs(
  options: WorkThreadStart & { readonly stores: Stores; readonly log: (message: string) => void },
): Jobs {
  const { stores, log, ...start } = options;
  const host = openThreadHost(start, log);
  const jobs = {
    comparison: comparisonJob(host, stores, start.worker),
    run: runJob(host, stores, start.worker),
  } as const satisfies Record<JobKind, unknown>;
  return { work: ({ kind, id }, stop) => jobs[kind](id, stop), close: host.close };
}
