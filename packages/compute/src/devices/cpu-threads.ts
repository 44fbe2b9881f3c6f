import { AssayError } from "@assay/schema";
import {
  ACTIVE,
  claimRanges,
  controlBytes,
  ENTRY,
  FAILED,
  GENERATION,
  ITEMS,
  LEAST,
  leastRange,
  NEXT,
  OPEN,
  WAITING,
  writeArguments,
} from "./cpu-ranges.js";
import type { ThreadMessage } from "./cpu-thread.js";
import { type CpuThread, startCpuThread } from "./start-cpu-thread.ts";

/** One kernel over its items. */
export interface Ranged {
  readonly kernel: string;
  /** Which of the module's functions, as `functionNames` counts. */
  readonly entry: number;
  readonly args: readonly (number | bigint)[];
  readonly items: number;
  /** Does items begin to end on the calling thread. */
  readonly call: (begin: number, end: number) => void;
}

/** Waits of a millisecond for the others before the event loop gets its turn. */
const blockingWaits = 4;
/** A page's main thread may not block; every other thread may. */
const mayBlock = typeof document === "undefined";

/**
 * The threads beside the calling one. They sleep on a word of shared memory while there is nothing to do, and do not
 * keep the process alive.
 */
export class CpuThreads {
  readonly #control = new Int32Array(new SharedArrayBuffer(controlBytes));
  readonly #threads: CpuThread[] = [];
  readonly #count: number;
  /** Called on every message and death. */
  #wake: () => void = () => {};
  #ready = 0;
  #stopped: string | null = null;
  #failure: AssayError | null = null;
  #disposed = false;

  private constructor(count: number) {
    this.#count = count;
  }

  /**
   * Starts `count − 1` threads and waits until they are ready.
   * @param scratch address of 64 bytes for each of the `count` threads; the calling thread has the first
   * @throws AssayError device-unavailable where a thread cannot be started
   */
  static async start(
    count: number,
    shared: { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory; readonly scratch: number },
  ): Promise<CpuThreads> {
    const pool = new CpuThreads(count);
    try {
      for (let index = 1; index < count; index++) {
        pool.#threads.push(
          startCpuThread(
            { ...shared, scratch: shared.scratch + 64 * index, control: pool.#control, threads: count },
            { message: (message) => pool.#hear(message), death: (why) => pool.#die(why) },
          ),
        );
      }
      while (pool.#ready < count - 1) {
        await new Promise<void>((resolve) => {
          pool.#wake = resolve;
        });
        if (pool.#failure) throw pool.#failure;
      }
    } catch (cause) {
      pool.dispose();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AssayError("device-unavailable", `cpu: no ${count} threads on this host: ${why}`, { cause });
    }
    pool.#hold(false);
    return pool;
  }

  /** Why these threads do no more, once one of them died. */
  get failure(): AssayError | null {
    return this.#failure;
  }

  /**
   * Does all items, on as many other threads as wake up before it is done, and on the calling one as soon as what it does
   * by then has ended or awaits something. Not while another run is under way.
   * @throws AssayError device-failed where the kernel stopped on some thread, or a thread died
   */
  async run({ kernel, entry, args, items, call }: Ranged): Promise<void> {
    const control = this.#control;
    if (this.#failure) throw this.#failure;
    const least = leastRange(items, this.#count);
    writeArguments(control, args);
    control[ENTRY] = entry;
    Atomics.store(control, ITEMS, items | 0);
    Atomics.store(control, LEAST, least);
    Atomics.store(control, NEXT, 0);
    Atomics.store(control, OPEN, 1);
    Atomics.add(control, GENERATION, 1);
    Atomics.notify(control, GENERATION, Math.ceil(items / least) - 1);
    let cause: unknown = null;
    // Only once whoever dispatched has nothing else to do: until then the others work alone.
    await null;
    try {
      if (!this.#disposed) claimRanges(control, this.#count, call);
    } catch (error) {
      cause = error;
      Atomics.store(control, FAILED, 1);
    }
    Atomics.store(control, OPEN, 0);
    await this.#untilIdle();
    if (this.#disposed) throw new AssayError("internal", `cpu: the device was disposed while ${kernel} ran`);
    if (Atomics.load(control, FAILED) === 1 && !this.#failure) {
      // Where it was another thread its message is on the way.
      while (cause === null && this.#stopped === null && !this.#failure) await this.#message();
      this.#failure ??= new AssayError(
        "device-failed",
        `cpu: kernel ${kernel} stopped: ${this.#stopped ?? String(cause)}; open the device anew`,
        { cause },
      );
    }
    if (this.#failure) throw this.#failure;
  }

  dispose(): void {
    this.#disposed = true;
    for (const thread of this.#threads) thread.end();
    this.#threads.length = 0;
    this.#wake();
  }

  /** Waits until no other thread is in the dispatch: at first for a few milliseconds as it is, then for a message. */
  async #untilIdle(): Promise<void> {
    const control = this.#control;
    for (let wait = 0; mayBlock && wait < blockingWaits; wait++) {
      const active = Atomics.load(control, ACTIVE);
      if (active === 0) return;
      Atomics.wait(control, ACTIVE, active, 1);
    }
    Atomics.store(control, WAITING, 1);
    while (Atomics.load(control, ACTIVE) !== 0 && !this.#failure && !this.#disposed) await this.#message();
    Atomics.store(control, WAITING, 0);
  }

  /** Somebody awaits the run, so the process must live on until it is over. */
  async #message(): Promise<void> {
    this.#hold(true);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#hold(false);
  }

  #hold(alive: boolean): void {
    for (const thread of this.#threads) thread.hold(alive);
  }

  #hear(message: ThreadMessage): void {
    if (message.told === "ready") this.#ready++;
    else if (message.told === "stopped") this.#stopped ??= message.why;
    this.#wake();
  }

  #die(why: string): void {
    this.#failure ??= new AssayError("device-failed", `cpu: a thread ended: ${why}; open the device anew`);
    this.#wake();
  }
}
