/**
 * Folds values in pairs of like size, as a binary counter carries: n large summaries cost n log n instead of n². The
 * merge is associative and commutative, so the total is the same as that of any other order.
 */
export class MergeTree<Value> {
  readonly #merge: (a: Value, b: Value) => Value;
  /** Sizes are powers of two and fall from left to right. */
  readonly #pending: { readonly size: number; readonly value: Value }[] = [];

  constructor(merge: (a: Value, b: Value) => Value) {
    this.#merge = merge;
  }

  add(value: Value): void {
    let size = 1;
    let merged = value;
    for (let last = this.#pending.at(-1); last?.size === size; last = this.#pending.at(-1)) {
      this.#pending.pop();
      merged = this.#merge(last.value, merged);
      size *= 2;
    }
    this.#pending.push({ size, value: merged });
  }

  /** The merge of all that was added; undefined where nothing was. */
  total(): Value | undefined {
    return this.#pending
      .map((one) => one.value)
      .reduceRight<Value | undefined>(
        (right, value) => (right === undefined ? value : this.#merge(value, right)),
        undefined,
      );
  }
}
