import type { Codes } from "./table.ts";

/** Codes of a column while they are read: as narrow as the largest code so far. */
export class CodeColumn {
  #codes: Codes;
  #largest = 0xff;

  constructor(rows: number) {
    this.#codes = new Uint8Array(rows);
  }

  /** Puts the first `count` of `codes` at rows [row, row + count); `largest` bounds every code so far. */
  put(codes: Uint32Array, count: number, row: number, largest: number): void {
    if (largest > this.#largest) {
      const wide = largest <= 0xffff ? new Uint16Array(this.#codes.length) : new Uint32Array(this.#codes.length);
      wide.set(this.#codes.subarray(0, row));
      this.#codes = wide;
      this.#largest = largest <= 0xffff ? 0xffff : 0xffffffff;
    }
    this.#codes.set(codes.subarray(0, count), row);
  }

  get codes(): Codes {
    return this.#codes;
  }
}
