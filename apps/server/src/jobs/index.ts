export { openQueue, type Queue } from "./queue.ts";
export { openRunJob } from "./run-job.ts";
export { superviseWorkers, type Workers } from "./supervise.ts";
