import { scoreOf, type Whole } from "./score.ts";

/**
 * A group of people: the rows whose columns have these bins. Columns rise. Counts are of rows: found right, found wrong,
 * held out right, held out wrong.
 */
export type Slice = {
  readonly columns: readonly number[];
  readonly bins: readonly number[];
  readonly counts: readonly number[];
  readonly score: number;
};

export const wrongFound = 1;
export const rightHeld = 2;
export const wrongHeld = 3;

/** The order of reports: best score first, then fewer columns, more rows, and earlier columns and bins. */
export function compareSlices(a: Slice, b: Slice): number {
  return (
    b.score - a.score ||
    a.columns.length - b.columns.length ||
    foundRows(b) - foundRows(a) ||
    compareLists(a.columns, b.columns) ||
    compareLists(a.bins, b.bins)
  );
}

export function foundRows({ counts }: Slice): number {
  return (counts[0] ?? 0) + (counts[wrongFound] ?? 0);
}

/** The best `most` slices of all that are offered, whatever their order. */
export class Best {
  readonly #most: number;
  readonly #whole: Whole;
  readonly #slices: Slice[];

  constructor(most: number, whole: Whole, slices: readonly Slice[] = []) {
    this.#most = most;
    this.#whole = whole;
    this.#slices = [...slices];
  }

  get slices(): readonly Slice[] {
    return this.#slices;
  }

  /** What a slice must score to enter: 0 while there is room, as none that is no worse than the whole is reported. */
  get least(): number {
    return this.#slices.length < this.#most ? 0 : (this.#slices.at(-1)?.score ?? 0);
  }

  offer(n: number, e: number, slice: () => Omit<Slice, "score">): void {
    const score = scoreOf(n, e, this.#whole);
    if (!(score > 0) || score < this.least) return;
    const offered: Slice = { ...slice(), score };
    const place = this.#slices.findIndex((one) => compareSlices(offered, one) < 0);
    if (place === -1) this.#slices.push(offered);
    else this.#slices.splice(place, 0, offered);
    if (this.#slices.length > this.#most) this.#slices.pop();
  }
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
