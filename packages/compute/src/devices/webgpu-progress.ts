const checks = 4;

/**
 * Follows what is submitted to a queue. A GPU works on it in order; when nothing of it ends for `timeoutMs`, `stalled` is
 * called. The time is that of this thread while it is free: a thread or machine that sleeps loses no device.
 */
export class WebGpuProgress {
  readonly #queue: GPUQueue;
  readonly #intervalMs: number;
  readonly #stalled: (label: string) => void;
  readonly #labels: string[] = [];
  #idleChecks = 0;
  #timer: ReturnType<typeof setInterval> | null = null;
  #below: { readonly count: number; readonly resolve: () => void } | null = null;

  constructor(queue: GPUQueue, timeoutMs: number, stalled: (label: string) => void) {
    this.#queue = queue;
    // Longer waits than a timer can count end at once.
    this.#intervalMs = Math.min(timeoutMs / checks, 2 ** 31 - 1);
    this.#stalled = stalled;
  }

  /** Submissions that have not ended. */
  get backlog(): number {
    return this.#labels.length;
  }

  /** Notes a submission just made. */
  note(label: string): void {
    this.#labels.push(label);
    this.#queue.onSubmittedWorkDone().then(
      () => {
        this.#labels.shift();
        this.#idleChecks = 0;
        if (this.#labels.length === 0) this.stop();
        if (this.#below && this.#labels.length <= this.#below.count) {
          this.#below.resolve();
          this.#below = null;
        }
      },
      // A lost device is told by its own promise.
      () => {},
    );
    if (this.#timer !== null) return;
    this.#idleChecks = 0;
    this.#timer = setInterval(() => this.#check(), this.#intervalMs);
    // What nobody waits for holds no process up.
    if (typeof this.#timer === "object") this.#timer.unref();
  }

  /** Resolves when no more than `count` submissions are under way; where several wait, all at the lowest count asked for. */
  below(count: number): Promise<void> {
    if (this.#labels.length <= count) return Promise.resolve();
    const earlier = this.#below;
    return new Promise((resolve) => {
      this.#below = {
        count: Math.min(count, earlier?.count ?? count),
        resolve: () => {
          earlier?.resolve();
          resolve();
        },
      };
    });
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #check(): void {
    this.#idleChecks++;
    if (this.#idleChecks < checks) return;
    this.stop();
    this.#stalled(this.#labels[0] ?? "");
  }
}
