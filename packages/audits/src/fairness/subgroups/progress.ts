import { binsOf } from "../../binning/binning.ts";
import type { KeyCounts } from "../../binning/key-counts.ts";
import { binsOfSketches, refineSearches } from "../../binning/search.ts";
import type { Sketch } from "../../binning/sketch.ts";
import { Best, type Slice, wrongFound } from "./found.ts";
import { type Candidate, candidatesAbove, keyOf, type Lattice, type Level, takeCandidates } from "./lattice.ts";
import { boundOf, canReach, type Whole } from "./score.ts";
import { type ColumnBins, labelBins } from "./search-bins.ts";
import type { Input } from "./settings.ts";

/** Cells of all tables of one round: what its summary holds. */
export const mostCells = 262_144;
/** Right and wrong, in the rows to find in and in those held out. */
export const outcomes = 4;

/**
 * What is known between rounds, told to the next round's steps as their detail: sketch (values of every column) → refine
 * (quantiles of numbers with very many values) → count (slices of one column, then of two, …, in as many rounds as their
 * tables need) → overlap (people that the found slices share) → done.
 */
export type Progress = {
  readonly stage: "sketch" | "refine" | "count" | "overlap" | "done";
  /** Rows with a known outcome, those without, and those whose outcome is another than the metric's. */
  readonly rows: number;
  readonly missing: number;
  readonly search: Bins | null;
  /** Null while a column's bins are looked for. */
  readonly columns: readonly (ColumnBins | null)[];
  /** Columns of the slices that are being counted. */
  readonly size: number;
  /** Kept bins of every column: those whose slices can still be among the best. */
  readonly kept: readonly (readonly number[])[];
  readonly sets: readonly (readonly number[])[];
  readonly waiting: readonly Candidate[];
  /** Rows and errors of the level below, and of this one as far as it is counted. */
  readonly below: LevelTables;
  readonly level: LevelTables;
  readonly totals: readonly number[];
  readonly found: readonly Slice[];
  /** Slices whose rows were counted. */
  readonly counted: number;
};

type Bins = ReturnType<typeof binsOfSketches>;
type LevelTables = { readonly sets: readonly (readonly number[])[]; readonly tables: readonly Float64Array[] };

/** What the steps of a round bring back, merged. */
export type Part =
  | { readonly stage: "sketch"; readonly sketches: readonly Sketch[]; readonly rows: number; readonly missing: number }
  | { readonly stage: "refine"; readonly counts: readonly (KeyCounts | null)[] }
  /** `tables[i]`: rows of set i by its columns' codes and the outcome. */
  | { readonly stage: "count"; readonly totals: Float64Array; readonly tables: readonly Float64Array[] }
  /** `pairs[i * k + j]`: rows in both the i-th and the j-th found slice, j ≤ i. */
  | { readonly stage: "overlap"; readonly pairs: Float64Array };

const nothing: LevelTables = { sets: [], tables: [] };

export const start: Progress = {
  stage: "sketch",
  rows: 0,
  missing: 0,
  search: null,
  columns: [],
  size: 1,
  kept: [],
  sets: [],
  waiting: [],
  below: nothing,
  level: nothing,
  totals: [],
  found: [],
  counted: 0,
};

/** What the next round starts from. Pure: a function of counts alone, so that every shard is told the same. */
export function advance(progress: Progress, part: Part, input: Input, names: readonly string[]): Progress {
  switch (part.stage) {
    case "sketch": {
      const { rows, missing, sketches } = part;
      const least = Math.max(input.min_count, Math.ceil(input.min_share * rows));
      const rules = { bins: input.bins, levels: input.levels, leastRows: least, leastFiner: least };
      const search = binsOfSketches(sketches, rows, rules, names);
      const columns = search.binnings.map((binning, index) => binning && labelBins(binning, sketches[index] ?? null));
      return rows === 0
        ? { ...progress, stage: "done", missing }
        : settle({ ...progress, rows, missing, search, columns });
    }
    case "refine":
      return progress.search === null
        ? progress
        : settle({ ...progress, search: refineSearches(progress.search, part.counts, names) });
    case "count":
      return count(progress, part, input);
    case "overlap":
      return { ...progress, stage: "done" };
  }
}

/** From quantiles to bins, once all are known, and to the slices of one column. */
function settle(progress: Progress): Progress {
  const { search } = progress;
  if (search === null || search.searches.some((one) => one !== null)) return { ...progress, stage: "refine" };
  const columns = search.binnings.map(
    (binning, index) => progress.columns[index] ?? (binning && labelBins(binning, null)),
  );
  const sets = columns.flatMap((column, index) => (column && column.binning.kind !== "skipped" ? [[index]] : []));
  return { ...progress, stage: "count", search: null, columns, sets };
}

export function wholeOf(totals: ArrayLike<number>, alpha: number): Whole {
  const errors = totals[wrongFound] ?? 0;
  return { rows: (totals[0] ?? 0) + errors, errors, alpha };
}

/** Fewest rows of a slice in the half that slices are found in. */
export function leastRows(rows: number, { min_count, min_share }: Pick<Input, "min_count" | "min_share">): number {
  return Math.max(1, min_count, Math.ceil(min_share * rows));
}

function count(progress: Progress, part: Part & { readonly stage: "count" }, input: Input): Progress {
  const totals = [...part.totals];
  const whole = wholeOf(totals, input.alpha);
  const least = leastRows(whole.rows, input);
  const best = new Best(input.k, whole, progress.found);
  const isFirst = progress.size === 1;
  const tables: Float64Array[] = [];
  let counted = progress.counted;
  for (const [index, set] of progress.sets.entries()) {
    const table = part.tables[index] ?? new Float64Array(0);
    // Codes of the first round are bins; later, code i is the i-th kept bin, and 0 none of them.
    const bins = set.map((column) => (isFirst ? null : (progress.kept[column] ?? [])));
    counted += offerAll(table, set, bins, progress.columns, { best, least });
    // The last level is no other's parent.
    tables.push(progress.size < input.depth ? foundOf(table) : new Float64Array(0));
  }
  const told = { ...progress, totals, found: best.slices, counted };
  if (isFirst) {
    const kept: number[][] = progress.columns.map(() => []);
    const sets: number[][] = [];
    const ofBins: Float64Array[] = [];
    for (const [index, [column = 0]] of progress.sets.entries()) {
      const table = tables[index] ?? new Float64Array(0);
      const bins = Array.from({ length: table.length / 2 }, (_, bin) => bin).filter((bin) =>
        canReach(boundOf(table[bin * 2] ?? 0, table[bin * 2 + 1] ?? 0, least, whole), best.least),
      );
      if (bins.length === 0) continue;
      kept[column] = bins;
      sets.push([column]);
      ofBins.push(Float64Array.from([0, 0, ...bins.flatMap((bin) => [...table.subarray(bin * 2, bin * 2 + 2)])]));
    }
    const below = { sets, tables: ofBins };
    return nextLevel({ ...told, kept, below }, best.least, { kept, whole, least }, input);
  }
  const level = { sets: [...progress.level.sets, ...progress.sets], tables: [...progress.level.tables, ...tables] };
  const lattice: Lattice = { kept: progress.kept, whole, least };
  const waiting = progress.waiting.filter(({ bound }) => canReach(bound, best.least));
  if (waiting.length > 0) return nextSets({ ...told, level, waiting }, lattice);
  return nextLevel({ ...told, below: level, level: nothing }, best.least, lattice, input);
}

function nextLevel(progress: Progress, reach: number, lattice: Lattice, input: Input): Progress {
  const size = progress.size + 1;
  if (size <= input.depth) {
    const below: Level = new Map(
      progress.below.sets.map((set, index) => [keyOf(set), progress.below.tables[index] ?? new Float64Array(0)]),
    );
    const waiting = candidatesAbove(below, size, reach, lattice);
    if (waiting.length > 0) return nextSets({ ...progress, size, waiting }, lattice);
  }
  return {
    ...progress,
    stage: progress.found.length > 0 ? "overlap" : "done",
    sets: [],
    waiting: [],
    below: nothing,
    level: nothing,
  };
}

function nextSets(progress: Progress, lattice: Lattice): Progress {
  const { taken, rest } = takeCandidates(progress.waiting, mostCells, lattice);
  return { ...progress, sets: taken.map(({ set }) => set), waiting: rest };
}

/** Rows and errors in the half to find in. */
function foundOf(table: Float64Array): Float64Array {
  const found = new Float64Array(table.length / 2);
  for (let cell = 0; cell * outcomes < table.length; cell++) {
    const wrong = table[cell * outcomes + wrongFound] ?? 0;
    found[cell * 2] = (table[cell * outcomes] ?? 0) + wrong;
    found[cell * 2 + 1] = wrong;
  }
  return found;
}

/** Offers every slice of a table that is large enough; `bins[i]` are the kept bins of set[i], null for all. */
function offerAll(
  table: Float64Array,
  set: readonly number[],
  bins: readonly (readonly number[] | null)[],
  columns: readonly (ColumnBins | null)[],
  { best, least }: { readonly best: Best; readonly least: number },
): number {
  const sizes = set.map((column, index) => {
    const kept = bins[index];
    const own = columns[column];
    return kept ? kept.length + 1 : own ? binsOf(own.binning) : 1;
  });
  let counted = 0;
  for (let cell = 0; cell * outcomes < table.length; cell++) {
    const wrong = table[cell * outcomes + wrongFound] ?? 0;
    const n = (table[cell * outcomes] ?? 0) + wrong;
    if (n < least || wrong === 0) continue;
    const codes: number[] = [];
    for (let place = sizes.length - 1, rest = cell; place >= 0; place--) {
      const size = sizes[place] ?? 1;
      codes[place] = rest % size;
      rest = Math.floor(rest / size);
    }
    if (codes.some((code, place) => bins[place] && code === 0)) continue;
    counted++;
    best.offer(n, wrong, () => ({
      columns: set,
      bins: codes.map((code, place) => bins[place]?.[code - 1] ?? code),
      counts: [...table.subarray(cell * outcomes, (cell + 1) * outcomes)],
    }));
  }
  return counted;
}
