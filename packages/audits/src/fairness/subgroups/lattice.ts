import { boundOf, canReach, type Whole } from "./score.ts";

/**
 * Rows and errors of every combination of some columns' kept bins, in the half that slices are found in: two numbers a
 * cell, cells row-major with the last column fastest. Codes count kept bins from 1; 0 is every other bin.
 */
export type Level = ReadonlyMap<string, Float64Array>;

export interface Lattice {
  /** Kept bins of each column. */
  readonly kept: readonly (readonly number[])[];
  readonly whole: Whole;
  /** Fewest rows of a slice. */
  readonly least: number;
}

/** A set of columns whose slices are to be counted, and the highest score that any of them can have. */
export type Candidate = { readonly set: readonly number[]; readonly bound: number };

export function keyOf(set: readonly number[]): string {
  return set.join();
}

export function cellsOf(set: readonly number[], { kept }: Pick<Lattice, "kept">): number {
  return set.reduce((product, column) => product * ((kept[column]?.length ?? 0) + 1), 1);
}

/**
 * Sets of one column more than those of the level below that can hold a slice scoring at least `reach`, best bound first.
 * A slice has at most the rows, and the errors, of each slice that leaves out one of its columns; where one of those was
 * too small or could score no more, so it is with all within it, and a set without any slice left is never counted.
 */
export function candidatesAbove(below: Level, size: number, reach: number, lattice: Lattice): Candidate[] {
  const columns = lattice.kept.flatMap((bins, column) => (bins.length > 0 ? [column] : []));
  const candidates: Candidate[] = [];
  for (const key of below.keys()) {
    const start = key.split(",").map(Number);
    if (start.length !== size - 1) continue;
    const last = start.at(-1) ?? 0;
    for (const column of columns) {
      if (column <= last) continue;
      const set = [...start, column];
      const bound = setBound(set, below, lattice);
      if (bound !== null && canReach(bound, reach)) candidates.push({ set, bound });
    }
  }
  return candidates.sort((a, b) => b.bound - a.bound || compareSets(a.set, b.set));
}

/** The highest bound of a set's slices; null where none can have enough rows and an error. */
function setBound(set: readonly number[], below: Level, { kept, least, whole }: Lattice): number | null {
  const parents = set.map((out) => below.get(keyOf(set.filter((column) => column !== out))));
  if (parents.some((parent) => parent === undefined)) return null;
  const sizes = set.map((column) => (kept[column]?.length ?? 0) + 1);
  // strides[out][place]: how far a step of the digit at `place` leads in the parent that leaves `out` out.
  const strides = set.map((_, out) => {
    let stride = 1;
    return sizes
      .map((_, index) => sizes.length - 1 - index)
      .map((place) => {
        if (place === out) return 0;
        const here = stride;
        stride *= sizes[place] ?? 1;
        return here;
      })
      .reverse();
  });
  const digits = set.map(() => 1);
  const at = set.map((_, out) => (strides[out] ?? []).reduce((sum, stride) => sum + stride, 0));
  let best: number | null = null;
  for (;;) {
    let n = Number.POSITIVE_INFINITY;
    let e = Number.POSITIVE_INFINITY;
    for (let out = 0; out < at.length; out++) {
      const cell = (at[out] ?? 0) * 2;
      const parent = parents[out];
      n = Math.min(n, parent?.[cell] ?? 0);
      e = Math.min(e, parent?.[cell + 1] ?? 0);
    }
    if (n >= least && e >= 1) {
      const bound = boundOf(n, e, least, whole);
      if (best === null || bound > best) best = bound;
    }
    // The next digits, from 1 up, the last place fastest.
    let place = digits.length - 1;
    for (let isTurned = true; isTurned && place >= 0; ) {
      const digit = digits[place] ?? 1;
      isTurned = digit + 1 === sizes[place];
      const next = isTurned ? 1 : digit + 1;
      digits[place] = next;
      for (let out = 0; out < at.length; out++)
        at[out] = (at[out] ?? 0) + (next - digit) * (strides[out]?.[place] ?? 0);
      if (isTurned) place--;
    }
    if (place < 0) return best;
  }
}

/** The first candidates whose tables together stay within `most` cells, one at least, and the rest. */
export function takeCandidates(
  candidates: readonly Candidate[],
  most: number,
  lattice: Pick<Lattice, "kept">,
): { readonly taken: readonly Candidate[]; readonly rest: readonly Candidate[] } {
  let cells = 0;
  let count = 0;
  for (const { set } of candidates) {
    cells += cellsOf(set, lattice);
    if (count > 0 && cells > most) break;
    count++;
  }
  return { taken: candidates.slice(0, count), rest: candidates.slice(count) };
}

function compareSets(a: readonly number[], b: readonly number[]): number {
  for (const [index, column] of a.entries()) {
    const difference = column - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
