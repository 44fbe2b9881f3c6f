import { AssayError } from "@assay/schema";

/** Most distinct values of one column: the most that a JavaScript Map holds. */
const mostValues = 1 << 24;

/** Values of one typed column → codes 1, 2, … in the order they are first met. */
export class ValueCodes<Value extends number | string | bigint> {
  readonly #codes = new Map<Value, number>();
  readonly #file: string;
  readonly #column: string;
  readonly #memoryBytes: number;
  #usedBytes = 0;

  constructor(file: string, column: string, memoryBytes: number) {
    this.#file = file;
    this.#column = column;
    this.#memoryBytes = memoryBytes;
  }

  get size(): number {
    return this.#codes.size;
  }

  code(value: Value): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    const code = this.#codes.size + 1;
    // About what an entry costs in V8: the slots of the map, and a string's header and characters.
    this.#usedBytes += typeof value === "string" ? 56 + value.length : 48;
    if (code >= mostValues || this.#usedBytes > this.#memoryBytes) {
      throw new AssayError(
        "data-too-large",
        `${this.#file}: the distinct values of column ${JSON.stringify(this.#column)} do not fit in ${Math.round(this.#memoryBytes / 2 ** 20)} MB; leave the column out of the plan, or give the reader more memory`,
      );
    }
    this.#codes.set(value, code);
    return code;
  }

  /** Values in the order of their codes. */
  values(): readonly Value[] {
    return [...this.#codes.keys()];
  }
}

/** The canonical text of a number: the shortest that reads back as the same double, integers without `.0`. */
export function numberText(value: number): string {
  return value === 0 ? "0" : String(value);
}
