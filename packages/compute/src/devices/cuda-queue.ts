import { AssayError } from "@assay/schema";
import type { CudaContext } from "./cuda-context.ts";

const notReady = 600;
/** For so long a wait asks the driver without a pause, so that short kernels cost no timer's tick. */
const eagerMs = 2;

interface Piece {
  readonly ticket: number;
  readonly event: bigint;
  readonly label: string;
}

/** What is queued on a context's stream, piece by piece in order, with the time since the last one ended. */
export class CudaQueue {
  readonly #context: CudaContext;
  readonly #timeoutMs: number;
  readonly #pieces: Piece[] = [];
  readonly #spareEvents: bigint[] = [];
  /** What is queued and has no event yet. */
  #marked: string | null = null;
  #issued = 0;
  #finished = 0;

  constructor(context: CudaContext, timeoutMs: number) {
    this.#context = context;
    this.#timeoutMs = timeoutMs;
    context.busyWith = () => this.#busyWith();
  }

  /** Pieces queued and, when last asked, not ended. */
  get backlog(): number {
    return this.#pieces.length;
  }

  /** The last ticket whose piece has ended, when last asked. */
  get finished(): number {
    return this.#finished;
  }

  /** Notes that a piece of work was queued, such as `kernel forest`. Its ticket is reached when it has ended. */
  mark(what: string, label: string): number {
    this.#marked = label;
    // 2: without times, which cost.
    const event = this.#spareEvents.pop() ?? this.#context.make(what, "cuEventCreate", 2);
    this.#context.call(what, "cuEventRecord", event, this.#context.stream);
    this.#issued++;
    this.#pieces.push({ ticket: this.#issued, event, label });
    this.#marked = null;
    return this.#issued;
  }

  /** Asks the driver what has ended. @throws AssayError when a piece went wrong */
  ask(what: string): void {
    this.#context.check(what);
    for (let piece = this.#pieces[0]; piece; piece = this.#pieces[0]) {
      const result = this.#context.result("cuEventQuery", piece.event);
      if (result === notReady) return;
      if (result !== 0) throw this.#context.errorOf(what, result);
      this.#finished = piece.ticket;
      this.#spareEvents.push(piece.event);
      this.#pieces.shift();
    }
  }

  /** True when all that was queued has ended. */
  isIdle(what: string): boolean {
    this.ask(what);
    return this.#pieces.length === 0;
  }

  /** True when nothing runs any more, whether it ended well or not. */
  isStopped(): boolean {
    const last = this.#pieces.at(-1);
    return last === undefined || this.#context.result("cuEventQuery", last.event) !== notReady;
  }

  /** Waits for a ticket while other work of this thread goes on. */
  async reach(what: string, ticket: number): Promise<void> {
    const wait = new Wait();
    this.ask(what);
    while (this.#finished < ticket) {
      this.#checkTime(what, wait);
      await (wait.elapsedMs < eagerMs ? turn() : pause(1));
      this.ask(what);
    }
  }

  /** Waits for a ticket on the spot: for short transfers only. */
  reachBlocking(what: string, ticket: number): void {
    const wait = new Wait();
    const cell = new Int32Array(new SharedArrayBuffer(4));
    this.ask(what);
    while (this.#finished < ticket) {
      this.#checkTime(what, wait);
      if (wait.elapsedMs >= eagerMs) Atomics.wait(cell, 0, 0, 0.5);
      this.ask(what);
    }
  }

  /** Waits on the spot for all that was queued. */
  settle(what: string): void {
    this.reachBlocking(what, this.#issued);
  }

  /** The kernels under way: after a failure a driver does not say which one it was. */
  #busyWith(): string | undefined {
    const labels = [...this.#pieces.map((piece) => piece.label), ...(this.#marked ? [this.#marked] : [])];
    const kernels = [...new Set(labels.filter((label) => label.startsWith("kernel ")))];
    return kernels.length === 0 ? labels[0] : kernels.join(" or ");
  }

  #checkTime(what: string, wait: Wait): void {
    const head = this.#pieces[0];
    if (wait.stalledMs(this.#finished) <= this.#timeoutMs) return;
    throw this.#context.giveUp(
      new AssayError(
        "device-timeout",
        `cuda.${what}: ${head?.label ?? "the card"} did not end within ${this.#timeoutMs} ms; the device is given up: open it again, with a higher timeoutMs where the work is that long`,
      ),
    );
  }
}

/** Time that is waited, and time without any piece ending; both count from the wait's begin. */
class Wait {
  readonly #begin = performance.now();
  #stalledSince = this.#begin;
  #finished = -1;

  get elapsedMs(): number {
    return performance.now() - this.#begin;
  }

  stalledMs(finished: number): number {
    const now = performance.now();
    if (finished !== this.#finished) {
      this.#finished = finished;
      this.#stalledSince = now;
    }
    return now - this.#stalledSince;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
