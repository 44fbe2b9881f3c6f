const encoder = new TextEncoder();

/** Tells whether the bytes of a field are one of the texts that mean missing. */
export class MissingTexts {
  readonly #texts: readonly Uint8Array[];
  readonly #empty: boolean;

  constructor(texts: readonly string[]) {
    this.#empty = texts.includes("");
    this.#texts = texts.filter((text) => text !== "").map((text) => encoder.encode(text));
  }

  /** A start of -1 is no value, missing always. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (start < 0) return true;
    if (start === end) return this.#empty;
    for (const text of this.#texts) {
      if (text.length !== end - start) continue;
      let index = 0;
      while (index < text.length && text[index] === bytes[start + index]) index++;
      if (index === text.length) return true;
    }
    return false;
  }
}
