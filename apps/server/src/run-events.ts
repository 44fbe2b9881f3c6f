import { EventEmitter } from "node:events";
import { listenToRuns } from "@assay/db";

/** Without word from the database a watcher looks for itself this often. */
const lookEveryMs = 2000;

export interface RunEvents {
  /** Yields at once, then whenever the run may have changed. Several changes at a time are one. */
  changes(runId: string, signal: AbortSignal): AsyncIterable<void>;
  close(): Promise<void>;
}

export function openRunEvents(url: string): RunEvents {
  const emitter = new EventEmitter().setMaxListeners(0);
  const listener = listenToRuns(url, (id) => emitter.emit(id ?? "all"));
  return {
    async *changes(runId, signal) {
      let changed = true;
      let wake: () => void = () => {};
      const onChange = (): void => {
        changed = true;
        wake();
      };
      emitter.on(runId, onChange);
      emitter.on("all", onChange);
      signal.addEventListener("abort", onChange);
      try {
        while (!signal.aborted) {
          if (changed) {
            changed = false;
            yield;
            continue;
          }
          const timer = setTimeout(onChange, lookEveryMs);
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (changed) resolve();
          });
          clearTimeout(timer);
        }
      } finally {
        emitter.off(runId, onChange);
        emitter.off("all", onChange);
        signal.removeEventListener("abort", onChange);
      }
    },
    close: () => listener.close(),
  };
}
