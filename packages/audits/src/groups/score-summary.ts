import { type Device, ranks } from "@assay/compute";
import { type CodedTable, type Codes, coded, numbers } from "@assay/dataset";
import type { AuditContext } from "../define.ts";
import type { RowWeights } from "../row-weights.ts";
import {
  entriesOf,
  joinScores,
  mergeAllScores,
  mergeScores,
  partOfScores,
  type ScoreEntries,
} from "../score-entries.ts";
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

export async function measureScores(
  rows: CodedTable,
  columns: readonly KeyColumn[],
  weights: RowWeights,
  { roles, device }: Pick<AuditContext<unknown>, "device" | "roles">,
): Promise<GroupScores | null> {
  if (!roles.score || !roles.label) return null;
  return measureScoresOf(
    rows,
    numbers(rows, roles.score).values,
    coded(rows, roles.label).codes,
    columns,
    weights,
    device,
  );
}

/** As `measureScores`, whatever the label: every row with a score counts as negative. */
export async function measureScoresAlone(
  rows: CodedTable,
  columns: readonly KeyColumn[],
  weights: RowWeights,
  { roles, device }: Pick<AuditContext<unknown>, "device" | "roles">,
): Promise<GroupScores | null> {
  if (!roles.score) return null;
  const negative = new Uint8Array(rows.rows).fill(1);
  return measureScoresOf(rows, numbers(rows, roles.score).values, negative, columns, weights, device);
}

export interface KeyColumn {
  readonly codes: Codes;
  readonly levels: readonly string[];
}

/** Any number of each row as its score, beside labels of one's own: 2 is positive, 1 negative, 0 missing. */
export async function measureScoresOf(
  rows: CodedTable,
  scores: Float64Array,
  labels: Codes,
  columns: readonly KeyColumn[],
  { weights, counts }: RowWeights,
  device: Device,
): Promise<GroupScores> {
  let missing = 0;
  for (let row = 0; row < rows.rows; row++) if (Number.isNaN(scores[row])) missing += counts?.[row] ?? 1;
  const { ids, members } = await combinations(device, columns, rows.rows);
  const found = await ranks(device, {
    scores,
    weights,
    strata: { codes: labels, size: 3 },
    parts: { codes: ids, size: Math.max(1, members.length) },
    counts,
    order: false,
  });
  const entries = entriesOf(found);
  let end = 0;
  const parts = members.flatMap((codes, id): Part[] => {
    const start = end;
    end += found.sizes[id] ?? 0;
    return end === start ? [] : [{ codes, entries: partOfScores(entries, start, end) }];
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
