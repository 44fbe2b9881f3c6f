const decoder = new TextDecoder();

/**
 * Texts of one column → codes 1, 2, … in the order they are first met. Keeps the UTF-8 bytes in one arena and hashes
 * them as they lie in the file, so that no string is made per row.
 */
export class Dictionary {
  #slots = new Uint32Array(256);
  #hashes = new Int32Array(128);
  #ends = new Uint32Array(128);
  #bytes = new Uint8Array(1024);
  #size = 0;

  /** Distinct texts so far; the largest code. */
  get size(): number {
    return this.#size;
  }

  get sizeBytes(): number {
    return this.#slots.byteLength + this.#hashes.byteLength + this.#ends.byteLength + this.#bytes.byteLength;
  }

  /** The code of the text in the bytes [start, end). */
  code(source: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (source[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = end - start;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = slots[slot] ?? 0;
      if (code === 0) return this.#insert(source, start, end, hash, slot);
      if (this.#hashes[code] === hash) {
        const from = this.#ends[code - 1] ?? 0;
        if ((this.#ends[code] ?? 0) - from === length) {
          let index = 0;
          while (index < length && this.#bytes[from + index] === source[start + index]) index++;
          if (index === length) return code;
        }
      }
    }
  }

  /** Every text, by code: `texts()[0]` has code 1. */
  texts(): string[] {
    return Array.from({ length: this.#size }, (_, index) =>
      decoder.decode(this.#bytes.subarray(this.#ends[index] ?? 0, this.#ends[index + 1] ?? 0)),
    );
  }

  #insert(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = ++this.#size;
    const from = this.#ends[code - 1] ?? 0;
    const to = from + end - start;
    if (code + 1 >= this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Int32Array(this.#hashes.length * 2));
      this.#ends = grown(this.#ends, new Uint32Array(this.#ends.length * 2));
    }
    if (to > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(to, this.#bytes.length * 2)));
    }
    this.#bytes.set(source.subarray(start, end), from);
    this.#ends[code] = to;
    this.#hashes[code] = hash;
    this.#slots[slot] = code;
    if (code * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let code = 1; code <= this.#size; code++) {
      let slot = (this.#hashes[code] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
