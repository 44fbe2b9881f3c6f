export { openJobs } from "./open-jobs.ts";
export { openQueue, type Queue } from "./queue.ts";
export { superviseWorkers, type Workers } from "./supervise.ts";
export { unfinishedJobs } from "./unfinished-jobs.ts";
