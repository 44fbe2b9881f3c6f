import { slices } from "@assay/compute";
import { type CodedTable, coded, numbers } from "@assay/dataset";
import { AssayError, digestSummary } from "@assay/schema";
import { mergeKeys, noKeys } from "../../binning/key-counts.ts";
import { refineCounts } from "../../binning/search.ts";
import { mergeSketches, sketchNumbers, sketchTexts } from "../../binning/sketch.ts";
import type { AuditContext, Shards, Step } from "../../define.ts";
import { binCodes, keptCodes, type OutcomeRows, outcomeRows } from "./coded-rows.ts";
import { errorsOf, out } from "./kinds.ts";
import { countPairs } from "./overlap.ts";
import { advance, outcomes, type Part, type Progress, start } from "./progress.ts";
import { type SearchedColumn, searchedColumns } from "./searched-columns.ts";
import type { Input } from "./settings.ts";

/** What is known from the rounds before, and what this round counted. */
export type SubgroupsSummary = {
  readonly round: number;
  /** Digest of `progress`: parts of one round stand on the same. */
  readonly stand: string;
  readonly progress: Progress;
  readonly part: Part;
};

type Detail = { readonly stand: string; readonly progress: Progress };

/** Rows × sets of columns of one step: about a second of work. */
const mostWork = 1_000_000_000;

export function planSubgroups(
  shards: Shards,
  { input, roles }: AuditContext<Input>,
  previous: { readonly summary: SubgroupsSummary } | null,
): readonly { readonly start: number; readonly end: number; readonly detail: Detail }[] | null {
  const progress = previous ? progressOf(previous.summary, input, searchedColumns(input, roles)) : start;
  if (progress.stage === "done") return null;
  const detail = { stand: digestSummary(progress), progress };
  const most = Math.max(100_000, Math.floor(mostWork / Math.max(1, progress.sets.length)));
  return shards.ranges.flatMap((range) => {
    const pieces = Math.max(1, Math.ceil((range.end - range.start) / most));
    const cut = (piece: number): number => range.start + Math.floor(((range.end - range.start) * piece) / pieces);
    return Array.from({ length: pieces }, (_, piece) => ({ start: cut(piece), end: cut(piece + 1), detail }));
  });
}

/** What a summary amounts to. */
export function progressOf(
  { progress, part }: Pick<SubgroupsSummary, "progress" | "part">,
  input: Input,
  columns: readonly SearchedColumn[],
): Progress {
  return advance(
    progress,
    part,
    input,
    columns.map((column) => column.name),
  );
}

export async function measureSubgroups(
  rows: CodedTable,
  step: Step,
  context: AuditContext<Input>,
): Promise<SubgroupsSummary> {
  const { stand, progress } = step.detail as unknown as Detail;
  return { round: step.round, stand, progress, part: await measurePart(rows, step, progress, context) };
}

async function measurePart(
  rows: CodedTable,
  step: Step,
  progress: Progress,
  context: AuditContext<Input>,
): Promise<Part> {
  const { input, roles, plan } = context;
  const columns = searchedColumns(input, roles);
  if (progress.stage === "sketch" || progress.stage === "refine") {
    const { errors, missing } = errorsOf(rows, input, roles);
    // Code 0 leaves a row out.
    const target = errors.map((error) => (error === out ? 0 : 1));
    const decided = { target, counts: rows.counts };
    if (progress.stage === "sketch") {
      let used = 0;
      for (let row = 0; row < rows.rows; row++) if (target[row] === 1) used += rows.counts?.[row] ?? 1;
      const sketches = columns.map(({ request }) =>
        request.kind === "number"
          ? sketchNumbers(numbers(rows, request), decided)
          : sketchTexts(coded(rows, request), decided),
      );
      return { stage: "sketch", sketches, rows: used, missing };
    }
    const counts = columns.map(({ request }, index) => {
      const search = progress.search?.searches[index] ?? null;
      return search && refineCounts(numbers(rows, request).values, search, progress.search?.level ?? 0, decided);
    });
    return { stage: "refine", counts };
  }
  const used = outcomeRows(rows, step, input, roles, plan.seed);
  const codesOf = (column: number): { readonly codes: Uint8Array; readonly size: number } => {
    const one = columns[column];
    if (!one) throw new AssayError("internal", `subgroups: no column ${column}`);
    return binCodes(rows, used, one, progress, column);
  };
  if (progress.stage === "overlap") {
    const wanted = new Set(progress.found.flatMap((slice) => slice.columns));
    const codes = new Map([...wanted].map((column) => [column, codesOf(column).codes] as const));
    return { stage: "overlap", pairs: countPairs(used, progress.found, codes) };
  }
  const wanted = [...new Set(progress.sets.flat())].sort((a, b) => a - b);
  const place = new Map(wanted.map((column, index) => [column, index] as const));
  const crossed = wanted.map((column) => {
    const all = codesOf(column);
    return progress.size === 1 ? all : keptCodes(all, progress.kept[column] ?? []);
  });
  const sets = progress.sets.map((set) => set.map((column) => place.get(column) ?? 0));
  const tables = await slices(
    context.device,
    { columns: crossed, outcomes: used.outcomes, rows: used.rows, times: used.times, sets },
    context.signal,
  );
  return { stage: "count", totals: totalsOf(used), tables };
}

function totalsOf(rows: OutcomeRows): Float64Array {
  const totals = new Float64Array(outcomes);
  for (let row = 0; row < rows.rows; row++) {
    const outcome = rows.outcomes[row] ?? 0;
    totals[outcome] = (totals[outcome] ?? 0) + (rows.times?.[row] ?? 1);
  }
  return totals;
}

/** Associative and commutative. A later round knows all that an earlier one counted, and replaces it. */
export function mergeSubgroups(a: SubgroupsSummary, b: SubgroupsSummary): SubgroupsSummary {
  if (a.round !== b.round) return a.round > b.round ? a : b;
  if (a.stand !== b.stand) {
    throw new AssayError("internal", "subgroups: summaries of different data cannot be merged after the first round");
  }
  return { ...a, part: mergeParts(a.part, b.part) };
}

function mergeParts(a: Part, b: Part): Part {
  if (a.stage === "sketch" && b.stage === "sketch") {
    return {
      stage: "sketch",
      sketches: a.sketches.map((sketch, index) => {
        const other = b.sketches[index];
        return other ? mergeSketches(sketch, other) : sketch;
      }),
      rows: a.rows + b.rows,
      missing: a.missing + b.missing,
    };
  }
  if (a.stage === "refine" && b.stage === "refine") {
    return {
      stage: "refine",
      counts: a.counts.map((counts, index) => counts && mergeKeys(counts, b.counts[index] ?? noKeys)),
    };
  }
  if (a.stage === "count" && b.stage === "count") {
    return {
      stage: "count",
      totals: sum(a.totals, b.totals),
      tables: a.tables.map((table, index) => sum(table, b.tables[index] ?? new Float64Array(0))),
    };
  }
  if (a.stage === "overlap" && b.stage === "overlap") return { stage: "overlap", pairs: sum(a.pairs, b.pairs) };
  throw new AssayError("internal", "subgroups: summaries of different rounds cannot be merged");
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((count, cell) => count + (b[cell] ?? 0));
}
