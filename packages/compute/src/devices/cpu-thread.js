// A thread of the cpu device: waits for a dispatch, does its part, and waits again, until it is terminated. It never goes
// back to its event loop, as waking it over shared memory takes microseconds and by message ten times that.
import {
  ACTIVE,
  callerOf,
  claimRanges,
  ENTRY,
  FAILED,
  functionNames,
  GENERATION,
  OPEN,
  readArguments,
  WAITING,
} from "./cpu-ranges.js";

/**
 * What a thread is started with.
 * @typedef {{
 *   readonly module: WebAssembly.Module,
 *   readonly memory: WebAssembly.Memory,
 *   readonly control: Int32Array,
 *   readonly threads: number,
 *   readonly scratch: number,
 * }} ThreadStart
 */

/**
 * What a thread tells: that it waits, that it was the last in a dispatch, or that a kernel stopped in it.
 * @typedef {{ readonly told: "ready" } | { readonly told: "last" } | { readonly told: "stopped", readonly why: string }} ThreadMessage
 */

/**
 * @typedef {{
 *   onmessage: ((event: { readonly data: ThreadStart }) => void) | null,
 *   postMessage(message: ThreadMessage): void,
 * }} Port
 */

const inNode = globalThis.process?.getBuiltinModule?.("node:worker_threads")?.parentPort;
const port = /** @type {Port} */ (/** @type {unknown} */ (inNode ?? globalThis));

port.onmessage = ({ data: { module, memory, control, threads, scratch } }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const entries = functionNames(module).map((name) => /** @type {Function} */ (exports[name]));
  /** @type {Function} */ (exports.startThread)(scratch);
  // Read before the device is told: it begins no dispatch before every thread is ready.
  let seen = Atomics.load(control, GENERATION);
  port.postMessage({ told: "ready" });
  for (;;) {
    Atomics.wait(control, GENERATION, seen);
    seen = Atomics.load(control, GENERATION);
    Atomics.add(control, ACTIVE, 1);
    // Only now: a dispatch that is open after this thread stands among the active ones waits for it.
    if (Atomics.load(control, OPEN) === 1) {
      const entry = /** @type {Function} */ (entries[Atomics.load(control, ENTRY)]);
      try {
        claimRanges(control, threads, callerOf(entry, readArguments(control)));
      } catch (error) {
        port.postMessage({ told: "stopped", why: String(error) });
        Atomics.store(control, FAILED, 1);
      }
    }
    if (Atomics.sub(control, ACTIVE, 1) === 1) {
      Atomics.notify(control, ACTIVE);
      if (Atomics.load(control, WAITING) === 1) port.postMessage({ told: "last" });
    }
  }
};
