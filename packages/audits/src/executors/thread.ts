import { parentPort, workerData } from "node:worker_threads";
import { openDevice } from "@assay/compute";
import { encodeSummary, isAssayError } from "@assay/schema";
import type { Step } from "../define.ts";
import { preparePlan } from "../prepare.ts";
import { measureStep } from "../run.ts";
import type { ThreadReply, ThreadStart } from "./threads.ts";

/** A worker thread of the `threads` executor: prepares the plan once, then measures the steps it is sent. */
const start = workerData as ThreadStart;
const prepared = preparePlan(start.plan, start.columns);
const device = await openDevice("cpu");
const { signal } = new AbortController();
const port = parentPort;
if (port === null) throw new Error("thread.js runs as a worker thread only");

port.on("message", (step: Step) => {
  measureStep(step, start.table, { prepared, device, signal })
    .then((summary): ThreadReply => ({ step: step.id, summary: encodeSummary(summary) }))
    .catch(
      (error: unknown): ThreadReply => ({
        step: step.id,
        error: isAssayError(error)
          ? { code: error.code, message: error.message }
          : { code: "internal", message: error instanceof Error ? error.message : String(error) },
      }),
    )
    .then((reply) => port.postMessage(reply));
});
