import { AssayError } from "@assay/schema";
import { type CudaContext, gibibytes } from "./cuda-context.ts";
import type { CudaQueue } from "./cuda-queue.ts";

/** At most so many pieces stay spare, whatever their size. */
const KEEP_PIECES = 1024;

/**
 * Memory of a card. Freed pieces are kept for the next buffer of their size: giving memory back to the driver waits for
 * the card, and all work is on one stream, so what a piece's last user queued runs before its next user's.
 */
export class CudaMemory {
  readonly #context: CudaContext;
  readonly #queue: CudaQueue;
  /** At most so many bytes stay spare. */
  readonly #keepBytes: number;
  readonly #spare = new Map<number, bigint[]>();
  #spareBytes = 0;
  #sparePieces = 0;
  #usedBytes = 0;

  constructor(context: CudaContext, queue: CudaQueue, keepBytes: number) {
    this.#context = context;
    this.#queue = queue;
    this.#keepBytes = keepBytes;
  }

  /** Bytes held from the driver, spare ones too. */
  get reservedBytes(): number {
    return this.#usedBytes + this.#spareBytes;
  }

  /** Address of `sizeBytes` bytes. @throws AssayError device-out-of-memory */
  allocate(sizeBytes: number): bigint {
    const size = Math.max(sizeBytes, 1);
    const spare = this.#spare.get(size)?.pop();
    if (spare !== undefined) {
      this.#sparePieces--;
      this.#spareBytes -= size;
      this.#usedBytes += size;
      return spare;
    }
    if (this.#isOver() && this.#queue.isIdle("allocate")) this.#giveBack();
    const out = new BigUint64Array(1);
    let result = this.#context.result("cuMemAlloc_v2", out, size);
    if (result === 2 && this.#spareBytes > 0) {
      this.#queue.settle("allocate");
      this.#giveBack();
      result = this.#context.result("cuMemAlloc_v2", out, size);
    }
    if (result === 2) {
      throw new AssayError(
        "device-out-of-memory",
        `cuda.allocate: no room for ${gibibytes(sizeBytes)} beside ${gibibytes(this.#usedBytes)} in use here: ${this.#context.memoryWords()}; use fewer rows at once, another card or the cpu device`,
      );
    }
    if (result !== 0) throw this.#context.errorOf("allocate", result);
    this.#usedBytes += size;
    return out[0] ?? 0n;
  }

  /** Takes back what `allocate(sizeBytes)` gave. Never waits. */
  free(address: bigint, sizeBytes: number): void {
    const size = Math.max(sizeBytes, 1);
    const pieces = this.#spare.get(size);
    if (pieces) pieces.push(address);
    else this.#spare.set(size, [address]);
    this.#sparePieces++;
    this.#spareBytes += size;
    this.#usedBytes -= size;
  }

  /** Gives spare memory above the limit back to the driver. Call it when the card is idle. */
  trim(): void {
    if (this.#isOver()) this.#giveBack();
  }

  #isOver(): boolean {
    return this.#spareBytes > this.#keepBytes || this.#sparePieces > KEEP_PIECES;
  }

  #giveBack(): void {
    for (const [size, pieces] of this.#spare) {
      for (let address = pieces.pop(); address !== undefined; address = pieces.pop()) {
        this.#sparePieces--;
        this.#spareBytes -= size;
        this.#context.call("free", "cuMemFree_v2", address);
      }
    }
    this.#spare.clear();
  }
}
