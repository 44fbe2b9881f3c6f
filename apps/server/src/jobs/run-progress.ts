import type { Progress } from "@assay/audits";
import type { Stores, Work } from "@assay/db";

const everyMs = 250;

/** Counts steps over all audits and rounds and writes them down a few times a second. */
export class RunProgress {
  readonly #work: Work;
  readonly #stores: Stores;
  readonly #audits: number;
  readonly #shards: number;
  readonly #asking: number;
  #asked = -1;
  #before = 0;
  #current: Progress | null = null;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  /** @param run `asking`: steps that asking the model about every row counts as; 0 where it is not asked */
  constructor(
    work: Work,
    stores: Stores,
    run: { readonly audits: number; readonly shards: number; readonly asking: number },
  ) {
    this.#work = work;
    this.#stores = stores;
    this.#audits = run.audits;
    this.#shards = run.shards;
    this.#asking = run.asking;
    if (run.asking === 0) return;
    this.predicted(0);
    this.#before = run.asking;
  }

  /** The model was asked about this fraction of the rows. */
  predicted(fraction: number): void {
    const done = Math.floor(fraction * this.#asking);
    if (done === this.#asked) return;
    this.#asked = done;
    const total = this.#asking + this.#audits * this.#shards;
    this.#write({ done, total, audit: null, stage: "predicting" });
  }

  tell(progress: Progress): void {
    const last = this.#current;
    if (last !== null && (last.audit !== progress.audit || last.round !== progress.round)) this.#before += last.total;
    this.#current = progress;
    const now = Date.now();
    if (now - this.#written < everyMs) return;
    this.#written = now;
    this.#write(this.#state(progress, progress.audit));
  }

  /** Writes the last state and waits until it is written. */
  async settle(): Promise<void> {
    if (this.#current !== null) this.#write(this.#state(this.#current, null));
    await this.#writing;
  }

  #state(current: Progress, audit: string | null) {
    const done = this.#before + current.done;
    // What is known so far, and one round for every audit still to come.
    const total = this.#before + current.total + (this.#audits - current.auditsDone - 1) * this.#shards;
    return { done, total, audit, stage: null };
  }

  #write(state: Parameters<Stores["work"]["progress"]>[2]): void {
    const { runId, attempt } = this.#work;
    this.#writing = this.#writing.then(() => this.#stores.work.progress(runId, attempt, state)).catch(() => {});
  }
}
