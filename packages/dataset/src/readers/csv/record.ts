export const lf = 0x0a;
export const cr = 0x0d;
export const quote = 0x22;
const space = 0x20;
const tab = 0x09;

/**
 * Cuts one record of a delimited file into fields. A field that opens with a quote (after blanks) runs to its closing
 * quote, a doubled quote standing for one; any other field is its bytes without the blanks around them. LF, CRLF and
 * CR end a record outside quotes.
 */
export class RecordCutter {
  readonly #delimiter: number;
  /** Fields of the record last cut, also those past `capacity`. */
  fields = 0;
  /** Line breaks inside the record's quotes. */
  innerLines = 0;
  /** True if the record is nothing but blanks. */
  blank = false;
  /** Where the quote that is still open stands, when the bytes ended inside one; else -1. */
  openQuote = -1;
  /** Where text follows a closing quote, which no reading makes sense of; else -1. */
  strayText = -1;
  readonly #doubled: number[] = [];

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /**
   * Cuts the record at `start`; fields go to starts and ends from `base`, at most `capacity`. `bytes[limit]` must be a
   * line feed (it stops the loops). Returns where the next record begins, or -1 if the bytes end before the record does.
   * Doubled quotes are undone in place, once the record is whole.
   */
  cut(
    bytes: Uint8Array,
    start: number,
    limit: number,
    starts: Int32Array,
    ends: Int32Array,
    base: number,
    capacity: number,
  ): number {
    const delimiter = this.#delimiter;
    let at = start;
    let fields = 0;
    this.innerLines = 0;
    this.openQuote = -1;
    this.strayText = -1;
    if (this.#doubled.length > 0) this.#doubled.length = 0;
    for (;;) {
      let byte = bytes[at] ?? lf;
      while ((byte === space || byte === tab) && byte !== delimiter) byte = bytes[++at] ?? lf;
      let from = at;
      let to = at;
      if (byte === quote) {
        from = ++at;
        let doubled = false;
        for (;;) {
          byte = bytes[at] ?? lf;
          while (byte !== quote && byte !== lf) byte = bytes[++at] ?? lf;
          if (at >= limit) {
            this.openQuote = from - 1;
            return -1;
          }
          if (byte === lf) {
            this.innerLines++;
            at++;
          } else if (at + 1 < limit && bytes[at + 1] === quote) {
            doubled = true;
            at += 2;
          } else break;
        }
        to = at;
        // The quote may be half of a doubled one that the next bytes complete.
        if (at + 1 >= limit) return -1;
        byte = bytes[++at] ?? lf;
        while ((byte === space || byte === tab) && byte !== delimiter) byte = bytes[++at] ?? lf;
        if (byte !== delimiter && byte !== lf && byte !== cr && this.strayText < 0) this.strayText = at;
        while (byte !== delimiter && byte !== lf && byte !== cr) byte = bytes[++at] ?? lf;
        if (doubled && fields < capacity) this.#doubled.push(base + fields);
      } else {
        while (byte !== delimiter && byte !== lf && byte !== cr) byte = bytes[++at] ?? lf;
        to = at;
        while (to > from && (bytes[to - 1] === space || bytes[to - 1] === tab)) to--;
      }
      if (at >= limit) return -1;
      if (fields < capacity) {
        starts[base + fields] = from;
        ends[base + fields] = to;
      }
      fields++;
      at++;
      if (byte === delimiter) continue;
      if (byte === cr) {
        if (at >= limit) return -1;
        if (bytes[at] === lf) at++;
      }
      this.fields = fields;
      this.blank = fields === 1 && from === to && bytes[from] !== quote;
      if (this.#doubled.length > 0) this.#undouble(bytes, starts, ends);
      return at;
    }
  }

  #undouble(bytes: Uint8Array, starts: Int32Array, ends: Int32Array): void {
    for (const field of this.#doubled) {
      const end = ends[field] ?? 0;
      let write = starts[field] ?? 0;
      for (let read = write; read < end; read++) {
        const byte = bytes[read] ?? 0;
        bytes[write++] = byte;
        if (byte === quote) read++;
      }
      ends[field] = write;
    }
  }
}
