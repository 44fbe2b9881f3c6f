import { parentPort, workerData } from "node:worker_threads";
import { openDevice } from "@assay/compute";
import { isAssayError, type SummaryValue } from "@assay/schema";
import type { Step } from "../define.ts";
import { preparePlan } from "../prepare.ts";
import { measureStep } from "../run.ts";
import { nodeMachine } from "./node-machine.ts";
import type { ThreadReply, ThreadStart } from "./threads.ts";

/** A worker thread of the `threads` executor: prepares the plan once, then measures the steps it is sent. */
const start = workerData as ThreadStart;
const prepared = preparePlan(start.plan, start.columns, { model: start.model ?? null });
const device = await openDevice("cpu");
const { signal } = new AbortController();
const machine = nodeMachine();
const port = parentPort;
if (port === null) throw new Error("thread.js runs as a worker thread only");

port.on("message", (step: Step) => {
  measureStep(step, start.table, { prepared, device, signal, machine })
    .then((summary): ThreadReply => ({ step: step.id, summary: compact(summary) }))
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

/** A view of a larger buffer takes the whole buffer with it when it is posted: copy what it shows. */
function compact(value: SummaryValue): SummaryValue {
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return value.byteLength === value.buffer.byteLength ? value : value.slice();
  if (Array.isArray(value)) return value.map(compact);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, compact(item)]));
}
