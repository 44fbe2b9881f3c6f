import { type CodedTable, type Codes, coded, numbers } from "@assay/dataset";
import type { Roles } from "../../roles.ts";
import type { RowWeights } from "../../row-weights.ts";
import {
  gatherScores,
  joinScores,
  mergeAllScores,
  mergeScores,
  partOfScores,
  type ScoreEntries,
} from "../../score-entries.ts";
import { combinations, compareCodes } from "./combinations.ts";
import { mostScoreCombinations } from "./limits.ts";

/** Rows with a score and a label: sorted scores of every combination of protected values, laid end to end. */
export type GroupScores = {
  /** Protected columns to a combination. */
  readonly width: number;
  /** Combinations × width, row-major, in rising order, coded as in the summary around it. Null where there are too many. */
  readonly codes: Uint32Array | null;
  /** Entries of each combination; of all rows together where there are too many. */
  readonly sizes: Uint32Array;
  readonly entries: ScoreEntries;
  /** Rows without a score. */
  readonly missing: number;
};

/** A combination's codes with its own sorted entries. */
interface Part {
  readonly codes: readonly number[];
  readonly entries: ScoreEntries;
}

export function measureScores(
  rows: CodedTable,
  columns: readonly { readonly codes: Codes; readonly levels: readonly string[] }[],
  { weights, counts }: RowWeights,
  roles: Roles,
): GroupScores | null {
  if (!roles.score || !roles.label) return null;
  const label = coded(rows, roles.label).codes;
  const scores = numbers(rows, roles.score).values;
  let missing = 0;
  let kept = 0;
  for (let row = 0; row < rows.rows; row++) {
    if (Number.isNaN(scores[row])) missing += counts?.[row] ?? 1;
    else if (label[row] !== 0 && counts?.[row] !== 0) kept++;
  }
  const { ids, members } = combinations(columns, rows.rows);
  const isKept = (row: number): boolean => label[row] !== 0 && !Number.isNaN(scores[row]) && counts?.[row] !== 0;

  // Rows of a combination side by side, combinations in the order in which they were met.
  const ends = new Uint32Array(members.length);
  for (let row = 0; row < rows.rows; row++) if (isKept(row)) ends[ids[row] ?? 0] = (ends[ids[row] ?? 0] ?? 0) + 1;
  let total = 0;
  for (let id = 0; id < ends.length; id++) {
    const size = ends[id] ?? 0;
    ends[id] = total;
    total += size;
  }
  const order = new Uint32Array(kept);
  for (let row = 0; row < rows.rows; row++) {
    if (!isKept(row)) continue;
    const id = ids[row] ?? 0;
    order[ends[id] ?? 0] = row;
    ends[id] = (ends[id] ?? 0) + 1;
  }
  const parts = members.flatMap((codes, id): Part[] => {
    const own = order.subarray(id === 0 ? 0 : (ends[id - 1] ?? 0), ends[id]);
    if (own.length === 0) return [];
    const pick = (values: Float64Array): Float64Array => Float64Array.from(own, (row) => values[row] ?? 0);
    const { entries } = gatherScores({
      label: Uint8Array.from(own, (row) => label[row] ?? 0),
      scores: pick(scores),
      weights: weights && pick(weights),
      counts: counts && pick(counts),
    });
    return [{ codes, entries }];
  });
  return joined(parts, columns.length, weights !== null, missing);
}

/** Associative and commutative, to the bit. `maps` take codes of either side to those of both. */
export function mergeGroupScores(
  a: GroupScores,
  b: GroupScores,
  mapsA: readonly Uint32Array[],
  mapsB: readonly Uint32Array[],
): GroupScores {
  const weighted = a.entries.weights !== null;
  const missing = a.missing + b.missing;
  const [left, right] = [partsOf(a, mapsA), partsOf(b, mapsB)];
  if (!a.codes || !b.codes) return together([...left, ...right], a.width, weighted, missing);
  const merged = new Map<string, Part>();
  for (const part of [...left, ...right]) {
    const key = part.codes.join();
    const held = merged.get(key);
    merged.set(key, held ? { codes: held.codes, entries: mergeScores(held.entries, part.entries) } : part);
  }
  return joined([...merged.values()], a.width, weighted, missing);
}

/** Apart where they are few enough: that depends on all rows alone, since a union holds every combination of its parts. */
function joined(parts: readonly Part[], width: number, weighted: boolean, missing: number): GroupScores {
  if (parts.length > mostScoreCombinations) return together(parts, width, weighted, missing);
  const sorted = [...parts].sort((a, b) => compareCodes(a.codes, b.codes));
  const codes = new Uint32Array(sorted.length * width);
  for (const [index, part] of sorted.entries()) codes.set(part.codes, index * width);
  return {
    width,
    codes,
    sizes: Uint32Array.from(sorted, (part) => part.entries.scores.length),
    entries: joinScores(
      sorted.map((part) => part.entries),
      weighted,
    ),
    missing,
  };
}

function together(parts: readonly Part[], width: number, weighted: boolean, missing: number): GroupScores {
  const entries = mergeAllScores(
    parts.map((part) => part.entries),
    weighted,
  );
  return { width, codes: null, sizes: Uint32Array.of(entries.scores.length), entries, missing };
}

/** Every combination with its codes as `maps` have them. */
export function partsOf(scores: GroupScores, maps: readonly Uint32Array[] | null = null): Part[] {
  let start = 0;
  return Array.from(scores.sizes, (size, index): Part => {
    const entries = partOfScores(scores.entries, start, start + size);
    start += size;
    const own = scores.codes?.subarray(index * scores.width, (index + 1) * scores.width) ?? [];
    return { codes: Array.from(own, (code, column) => maps?.[column]?.[code] ?? code), entries };
  });
}
