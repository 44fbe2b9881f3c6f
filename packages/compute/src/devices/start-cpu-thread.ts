import type { ThreadMessage, ThreadStart } from "./cpu-thread.js";

/** A started thread, in Node or in a browser. */
export interface CpuThread {
  /** Whether the thread keeps the process alive; a browser has no such thing. */
  hold(alive: boolean): void;
  end(): void;
}

export interface ThreadListener {
  message(message: ThreadMessage): void;
  /** The thread ended, or could not be started. */
  death(why: string): void;
}

// Not imported, so that bundles for browsers stay free of Node's modules.
const node = globalThis.process?.getBuiltinModule?.("node:worker_threads");

/** How many threads the cpu device can have here, and why no more than one where that is so. */
export function threadLimit(): { readonly most: number; readonly reason: string | null } {
  if (node) return { most: process.getBuiltinModule("node:os").availableParallelism(), reason: null };
  if (typeof Worker !== "function") return { most: 1, reason: "this host has no workers" };
  if (globalThis.crossOriginIsolated !== true) {
    return { most: 1, reason: "the page is not cross-origin isolated, so threads cannot share memory" };
  }
  return { most: Math.max(1, navigator.hardwareConcurrency), reason: null };
}

/** Starts cpu-thread.js. The listener hears of everything that happens to it until it is ended. */
export function startCpuThread(start: ThreadStart, listener: ThreadListener): CpuThread {
  return node ? startInNode(node, start, listener) : startInBrowser(start, listener);
}

function startInNode(
  { Worker: NodeWorker }: typeof import("node:worker_threads"),
  start: ThreadStart,
  listener: ThreadListener,
): CpuThread {
  // Without the flags of the parent: a loader of TypeScript, say, has no business in there.
  const worker = new NodeWorker(new URL("./cpu-thread.js", import.meta.url), { execArgv: [] });
  let ended = false;
  const death = (why: string): void => {
    if (!ended) listener.death(why);
  };
  worker.on("message", (message: ThreadMessage) => listener.message(message));
  worker.on("error", (error: unknown) => death(String(error)));
  worker.on("exit", (code) => death(`it exited with code ${code}`));
  worker.postMessage(start);
  return {
    hold: (alive) => (alive ? worker.ref() : worker.unref()),
    end() {
      ended = true;
      void worker.terminate();
    },
  };
}

function startInBrowser(start: ThreadStart, listener: ThreadListener): CpuThread {
  // In this form, the address within the call, bundlers see that the file is a worker.
  const worker = new Worker(new URL("./cpu-thread.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<ThreadMessage>) => listener.message(data);
  worker.onerror = (event) => {
    event.preventDefault();
    listener.death(event.message || "its script could not be loaded");
  };
  worker.postMessage(start);
  return { hold() {}, end: () => worker.terminate() };
}
