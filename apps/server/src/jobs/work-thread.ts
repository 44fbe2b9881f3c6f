import { parentPort, workerData } from "node:worker_threads";
import { connect } from "@assay/db";
import { isAssayError } from "@assay/schema";
import { openBlobs } from "../storage/blobs.ts";
import { openTableCache } from "./open-tables.ts";
import { runPlan } from "./run-plan.ts";
import type { RunReply, RunRequest, RunThreadStart } from "./run-thread-port.ts";

/**
 * The thread of a worker that runs plans, one after another, so that the worker's own thread always answers: it keeps
 * the heartbeat and ends this thread the moment a run is cancelled.
 */
const start = workerData as RunThreadStart;
const port = parentPort;
if (port === null) throw new Error("run-thread.js runs as a worker thread only");
const database = connect(start.databaseUrl, { connections: 4 });
const blobs = openBlobs(start.blobFolder);
const tables = openTableCache({ files: 2, bytes: 512 * 1024 * 1024 });
const { signal } = new AbortController();

port.on("message", ({ work }: RunRequest) => {
  const { worker, device, endpoints, threads } = start;
  runPlan({ work, blobs, tables, signal, worker, device, endpoints, threads, stores: database.stores })
    .then((completed): RunReply => ({ kind: completed ? "completed" : "lost" }))
    .catch((error: unknown): RunReply => {
      if (isAssayError(error)) {
        return { kind: "failed", error: { code: error.code, message: error.message, problems: error.problems } };
      }
      return { kind: "broke", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    })
    .then((reply) => port.postMessage(reply));
});
