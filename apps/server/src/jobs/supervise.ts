import { type ChildProcess, spawn } from "node:child_process";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Stores } from "@assay/db";
import type { Queue } from "./queue.ts";
import { unfinishedJobs } from "./unfinished-jobs.ts";

const longestPauseMs = 30_000;
const stopTimeoutMs = 10_000;

export interface Workers {
  /** Process ids of the workers alive. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

/** How a worker is named in runs and step logs. */
export function workerName(pid: number): string {
  return `${hostname()}:${pid}`;
}

/**
 * Starts worker processes and starts them again when they die; what a dead one was running goes back to the queue at
 * once instead of after its missed heartbeats.
 */
export function superviseWorkers(options: {
  readonly count: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly stores: Stores;
  readonly queue: Queue;
  readonly log: (message: string) => void;
}): Workers {
  const { count, environment, stores, queue, log } = options;
  const script = fileURLToPath(new URL("../worker.js", import.meta.url));
  const alive = new Set<ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  let stopping = false;

  const giveBack = async (pid: number): Promise<void> => {
    const lost = (await unfinishedJobs(stores)).filter((job) => job.running && job.worker === workerName(pid));
    await queue.giveBack(lost);
  };
  const start = (pauseMs: number): void => {
    const began = Date.now();
    const child = spawn(process.execPath, [...process.execArgv, script], {
      env: environment,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    alive.add(child);
    child.on("error", (error) => log(`a worker could not be started: ${error.message}`));
    child.on("exit", (code, signal) => {
      alive.delete(child);
      if (stopping) return;
      log(`worker ${child.pid ?? "?"} ended (${signal ?? `code ${code}`}); starting another`);
      if (child.pid !== undefined) giveBack(child.pid).catch((error: unknown) => log(String(error)));
      const next = Date.now() - began > longestPauseMs ? 0 : Math.min(longestPauseMs, Math.max(250, pauseMs * 2));
      const timer = setTimeout(() => {
        timers.delete(timer);
        start(next);
      }, pauseMs);
      timers.add(timer);
    });
  };
  for (let index = 0; index < count; index++) start(0);

  return {
    pids: () => [...alive].map((child) => child.pid).filter((pid) => pid !== undefined),
    async stop() {
      stopping = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(
        [...alive].map(
          (child) =>
            new Promise<void>((resolve) => {
              const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
              child.once("exit", () => {
                clearTimeout(timer);
                resolve();
              });
              if (child.connected) child.send("stop");
              else child.kill("SIGKILL");
            }),
        ),
      );
    },
  };
}
