import { AssayError } from "@assay/schema";
import { log } from "../numbers/elementary.ts";
import { checkSeed, philoxBlock, splitCounter, splitInteger } from "./philox.ts";

/**
 * The words of `philox(seed, stream, start)`, `philox(seed, stream, start + 1)`, … one after the other. Every draw is
 * plain f64 arithmetic on them: the same bits on every host.
 */
export class PhiloxStream {
  readonly #key0: number;
  readonly #key1: number;
  readonly #stream0: number;
  readonly #stream1: number;
  #low: number;
  #high: number;
  #words: readonly number[] = [];
  #used = 4;
  #spare: number | null = null;

  constructor(seed: number, stream: number, start: bigint | number = 0) {
    checkSeed("PhiloxStream", seed, stream);
    [this.#key0, this.#key1] = splitInteger(seed);
    [this.#stream0, this.#stream1] = splitInteger(stream);
    [this.#low, this.#high] = splitCounter(start);
  }

  /** The next 32-bit word. */
  uint32(): number {
    if (this.#used === 4) {
      this.#words = philoxBlock(this.#key0, this.#key1, this.#low, this.#high, this.#stream0, this.#stream1);
      this.#used = 0;
      this.#low = (this.#low + 1) >>> 0;
      if (this.#low === 0) this.#high = (this.#high + 1) >>> 0;
    }
    return this.#words[this.#used++] ?? 0;
  }

  /** Uniform on [0, 1), a multiple of 2^−53. Takes two words, the first the lower. */
  uniform(): number {
    const low = this.uint32();
    return (this.uint32() * 2097152 + (low >>> 11)) * 1.1102230246251565e-16;
  }

  /** Standard normal, by Marsaglia's polar method (1964), whose second value is kept for the next call. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * log(s)) / s);
      this.#spare = y * factor;
      return x * factor;
    }
  }

  /** Uniform on 0 … bound − 1, without bias. `bound` is an integer from 1 to 2^53. */
  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 9007199254740992) {
      throw new AssayError("usage", `PhiloxStream.integer: bound must be an integer from 1 to 2^53, got ${bound}`);
    }
    const range = bound <= 4294967296 ? 4294967296 : 9007199254740992;
    const limit = range - (range % bound);
    for (;;) {
      const draw = range === 4294967296 ? this.uint32() : this.uniform() * 9007199254740992;
      if (draw < limit) return draw % bound;
    }
  }
}
