const decoder = new TextDecoder();

/**
 * Texts of one column → codes 1, 2, … in the order they are first met. Keeps the UTF-8 bytes in one arena and hashes
 * them as they lie in the file, so that no string is made per row.
 */
export class Dictionary {
  /** Pairs of code and hash side by side, so that one look at memory tells nearly always; code 0 is free. */
  #slots = new Uint32Array(512);
  #ends = new Uint32Array(128);
  #bytes = new Uint8Array(1024);
  #size = 0;

  /** Distinct texts so far; the largest code. */
  get size(): number {
    return this.#size;
  }

  get sizeBytes(): number {
    return this.#slots.byteLength + this.#ends.byteLength + this.#bytes.byteLength;
  }

  /** The code of the text in the bytes [start, end). */
  code(source: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (source[at] ?? 0), 0x01000193);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    const length = end - start;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = slots[slot * 2] ?? 0;
      if (code === 0) return this.#insert(source, start, end, hash, slot);
      if (slots[slot * 2 + 1] === hash) {
        const from = this.#ends[code - 1] ?? 0;
        if ((this.#ends[code] ?? 0) - from === length) {
          const bytes = this.#bytes;
          let index = 0;
          while (index < length && bytes[from + index] === source[start + index]) index++;
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
    if (code >= this.#ends.length) this.#ends = grown(this.#ends, new Uint32Array(this.#ends.length * 2));
    if (to > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(to, this.#bytes.length * 2)));
    }
    this.#bytes.set(source.subarray(start, end), from);
    this.#ends[code] = to;
    this.#slots[slot * 2] = code;
    this.#slots[slot * 2 + 1] = hash;
    if (code * 4 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 4);
    const mask = slots.length / 2 - 1;
    for (let pair = 0; pair < old.length; pair += 2) {
      const code = old[pair] ?? 0;
      if (code === 0) continue;
      const hash = old[pair + 1] ?? 0;
      let slot = hash & mask;
      while (slots[slot * 2] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = code;
      slots[slot * 2 + 1] = hash;
    }
    this.#slots = slots;
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
