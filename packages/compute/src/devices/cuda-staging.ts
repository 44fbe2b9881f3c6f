import type { CudaContext } from "./cuda-context.ts";
import type { CudaQueue } from "./cuda-queue.ts";

const SMALLEST = 2 ** 16;
/** At most so many bytes stay spare. */
const KEEP = 2 ** 26;

/** A piece of the host's memory that the card reads and writes while this thread goes on. */
export interface Staged {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** Page-locked memory of the host, through which all transfers go: only such memory is copied without waiting. */
export class CudaStaging {
  readonly #context: CudaContext;
  readonly #queue: CudaQueue;
  readonly #spare: Staged[] = [];
  /** Pieces that the card still reads, by the ticket after which they are spare. */
  readonly #lent: { readonly ticket: number; readonly piece: Staged }[] = [];
  #spareBytes = 0;
  #lentBytes = 0;

  constructor(context: CudaContext, queue: CudaQueue) {
    this.#context = context;
    this.#queue = queue;
  }

  /** Bytes that the card may still read. */
  get lentBytes(): number {
    return this.#lentBytes;
  }

  /** Ticket after which the oldest piece lent is spare. */
  get oldestTicket(): number {
    return this.#lent[0]?.ticket ?? 0;
  }

  /** At least `sizeBytes` bytes. @throws AssayError device-out-of-memory */
  take(what: string, sizeBytes: number): Staged {
    this.#reclaim();
    const size = sizeBytes <= KEEP ? 2 ** Math.ceil(Math.log2(Math.max(sizeBytes, SMALLEST))) : sizeBytes;
    const index = this.#spare.findIndex((piece) => piece.bytes.length === size);
    const [found] = index < 0 ? [] : this.#spare.splice(index, 1);
    if (found) {
      this.#spareBytes -= size;
      return found;
    }
    const address = this.#context.make(what, "cuMemHostAlloc", size, 0);
    return { address, bytes: this.#context.driver.view(address, size) };
  }

  /** Takes a piece back at once. */
  giveBack(piece: Staged): void {
    this.#spare.push(piece);
    this.#spareBytes += piece.bytes.length;
  }

  /** Takes a piece back once a ticket is reached. */
  giveBackAfter(ticket: number, piece: Staged): void {
    this.#lent.push({ ticket, piece });
    this.#lentBytes += piece.bytes.length;
  }

  /** Gives spare memory above the limit back to the system. Call it when the card is idle. */
  trim(): void {
    this.#reclaim();
    while (this.#spareBytes > KEEP) {
      const piece = this.#spare.shift();
      if (!piece) return;
      this.#spareBytes -= piece.bytes.length;
      this.#context.call("free", "cuMemFreeHost", piece.address);
    }
  }

  #reclaim(): void {
    for (let first = this.#lent[0]; first && first.ticket <= this.#queue.finished; first = this.#lent[0]) {
      this.#lent.shift();
      this.#lentBytes -= first.piece.bytes.length;
      this.giveBack(first.piece);
    }
  }
}
