import { AssayError } from "@assay/schema";

const ALIGNMENT = 64;
const PAGE = 65536;

/**
 * Hands out pieces of a WASM memory: first fit, neighbours joined when freed, grown when full. Pieces are aligned to 64
 * bytes; their content is whatever was there.
 */
export class LinearMemory {
  readonly #memory: WebAssembly.Memory;
  /** Free pieces by address; no two touch. */
  readonly #free: { start: number; end: number }[] = [];
  #end: number;
  #allocated = 0;

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory;
    this.#end = memory.buffer.byteLength;
    const start = align(base);
    if (start < this.#end) this.#free.push({ start, end: this.#end });
  }

  /** Bytes asked for and not freed. */
  get allocatedBytes(): number {
    return this.#allocated;
  }

  /**
   * Address of `sizeBytes` bytes.
   * @throws AssayError device-out-of-memory
   */
  allocate(sizeBytes: number): number {
    const size = align(Math.max(sizeBytes, 1));
    let index = this.#free.findIndex((piece) => piece.end - piece.start >= size);
    if (index < 0) {
      this.#grow(size);
      index = this.#free.length - 1;
    }
    const piece = this.#free[index];
    if (!piece) throw new AssayError("internal", "cpu: memory grew and is still full");
    const { start } = piece;
    if (piece.end - start === size) this.#free.splice(index, 1);
    else piece.start = start + size;
    this.#allocated += sizeBytes;
    return start;
  }

  /** Takes back what `allocate(sizeBytes)` gave at `address`. */
  free(address: number, sizeBytes: number): void {
    const piece = { start: address, end: address + align(Math.max(sizeBytes, 1)) };
    const found = this.#free.findIndex((other) => other.start > address);
    const index = found < 0 ? this.#free.length : found;
    const after = this.#free[index];
    if (after?.start === piece.end) {
      piece.end = after.end;
      this.#free.splice(index, 1);
    }
    const before = this.#free[index - 1];
    if (before?.end === piece.start) before.end = piece.end;
    else this.#free.splice(index, 0, piece);
    this.#allocated -= sizeBytes;
  }

  #grow(size: number): void {
    const last = this.#free.at(-1);
    const reused = last && last.end === this.#end ? last.end - last.start : 0;
    const pages = Math.ceil((size - reused) / PAGE);
    try {
      this.#memory.grow(pages);
    } catch (cause) {
      throw new AssayError(
        "device-out-of-memory",
        `cpu: no memory for ${size} more bytes beside ${this.#allocated} in use; use more shards or a smaller table`,
        { cause },
      );
    }
    const end = this.#end + pages * PAGE;
    if (last && reused > 0) last.end = end;
    else this.#free.push({ start: this.#end, end });
    this.#end = end;
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
