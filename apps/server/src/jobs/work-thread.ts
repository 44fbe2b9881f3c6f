import { parentPort, workerData } from "node:worker_threads";
import { connect } from "@assay/db";
import { isAssayError } from "@assay/schema";
import { openBlobs } from "../storage/blobs.ts";
import { openTableCache } from "./open-tables.ts";
import { runComparison } from "./run-comparison.ts";
import { runPlan } from "./run-plan.ts";
import type { WorkReply, WorkRequest, WorkThreadStart } from "./work-thread-port.ts";

/**
 * The thread of a worker that runs plans and comparisons, one after another, so that the worker's own thread always answers:
 * it keeps the heartbeat and ends this thread the moment a job is cancelled.
 */
const start = workerData as WorkThreadStart;
const port = parentPort;
if (port === null) throw new Error("work-thread.js runs as a worker thread only");
const database = connect(start.databaseUrl, { connections: 4 });
const { signal } = new AbortController();
const { worker, device, endpoints, threads } = start;
const shared = {
  blobs: openBlobs(start.blobFolder),
  tables: openTableCache({ files: 2, bytes: 512 * 1024 * 1024 }),
  stores: database.stores,
  endpoints,
  threads,
  signal,
};

/** False where it was cancelled, removed or taken over meanwhile. */
function workOff(request: WorkRequest): Promise<boolean> {
  switch (request.kind) {
    case "run":
      return runPlan({ ...shared, work: request.work, worker, device });
    case "comparison":
      return runComparison({ ...shared, work: request.work });
  }
}

port.on("message", (request: WorkRequest) => {
  workOff(request)
    .then((completed): WorkReply => ({ kind: completed ? "completed" : "lost" }))
    .catch((error: unknown): WorkReply => {
      if (isAssayError(error)) {
        return { kind: "failed", error: { code: error.code, message: error.message, problems: error.problems } };
      }
      return { kind: "broke", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    })
    .then((reply) => port.postMessage(reply));
});
