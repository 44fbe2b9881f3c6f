import { tally } from "@assay/compute";
import { type CodedTable, type ColumnRequest, coded, numbers } from "@assay/dataset";
import { AssayError, encodeSummary } from "@assay/schema";
import { binRows, fineBinsOf } from "../../binning/binning.ts";
import { mergeKeys, noKeys } from "../../binning/key-counts.ts";
import { refineCounts } from "../../binning/search.ts";
import { mergeSketches, sketchNumbers, sketchTexts } from "../../binning/sketch.ts";
import type { MeasureContext, Step } from "../../define.ts";
import { type GroupSummary, measureCells, mergeGroups } from "../../groups/summary.ts";
import { readAgreement } from "../../neighbours/read-agreement.ts";
import type { Roles } from "../../roles.ts";
import { readWeights } from "../../row-weights.ts";
import { codeMap } from "../../union-levels.ts";
import { type Missing, measureMissing, mergeMissing } from "./missing-counts.ts";
import { likeness, type Part, type Progress, start } from "./progress.ts";
import type { Input } from "./settings.ts";
import { streams } from "./streams.ts";

/** What the first round counts of every row. */
export type Counted = {
  /** Labels by every combination of protected values; weighted where rows carry weights. */
  readonly cells: GroupSummary;
  /** Rows with and without a value, weights aside. */
  readonly missing: Missing;
};

/** `counted` is of the first round alone; `progress` and `part` are of the last one. */
export type RepresentationSummary = {
  readonly round: number;
  readonly counted: Counted | null;
  readonly progress: Progress;
  readonly part: Part;
};

/** Label and features: what may be missing. The label first, where there is one. */
export function fieldsOf(roles: Roles): readonly { readonly name: string; readonly request: ColumnRequest }[] {
  const label = roles.label ?? roles.labelText;
  const features = roles.features.filter(({ name }) => name !== roles.labelText?.column);
  return [...(label && roles.labelText ? [{ name: roles.labelText.column, request: label }] : []), ...features];
}

export async function measureRepresentation(
  rows: CodedTable,
  step: Step,
  context: MeasureContext<Input>,
): Promise<RepresentationSummary> {
  const progress = step.detail === null ? start : (step.detail as unknown as Progress);
  const { roles } = context;
  const { features } = roles;
  const everyRow = { target: new Uint8Array(rows.rows).fill(1), counts: rows.counts };
  let counted: Counted | null = null;
  let part: Part;
  if (progress.stage === "sketch") {
    // The data set before any decision: no decision is read.
    const undecided = { ...context, roles: { ...roles, decision: null } };
    const cells = await measureCells(rows, roles.protected, readWeights(rows, roles), undecided);
    counted = { cells, missing: measureMissing(rows, roles.protected, fieldsOf(roles)) };
    const sketches = features.map(({ request }) =>
      request.kind === "number"
        ? sketchNumbers(numbers(rows, request), everyRow)
        : sketchTexts(coded(rows, request), everyRow),
    );
    let sum = 0;
    for (let row = 0; row < rows.rows; row++) sum += rows.counts?.[row] ?? 1;
    part = { stage: "sketch", sketches, rows: sum };
  } else if (progress.stage === "refine") {
    const counts = features.map(({ request }, index) => {
      const search = progress.searches[index] ?? null;
      return search && refineCounts(numbers(rows, request).values, search, progress.level, everyRow);
    });
    part = { stage: "refine", counts };
  } else if (progress.stage === "labels") part = { stage: "labels", labels: await compareLabels(context) };
  else part = { stage: "count", tables: await countBins(rows, progress, context) };
  return { round: step.round, counted, progress, part };
}

/** Every label against those of the nearest neighbours, over all rows: who is near does not depend on shards. */
function compareLabels({ table, roles, input, plan, device }: MeasureContext<Input>): ReturnType<typeof readAgreement> {
  if (roles.label === null) throw new AssayError("internal", "representation: labels are compared without a label");
  return readAgreement({
    table,
    roles,
    features: likeness(roles),
    outcome: roles.label,
    k: input.k,
    mostAsked: input.asked,
    mostNeighbours: input.neighbours,
    seed: plan.seed,
    stream: streams.neighbours,
    device,
  });
}

/** Rows by bin of every feature × group of every protected column. */
async function countBins(
  rows: CodedTable,
  { binnings, levels }: Progress,
  { roles, device, signal }: MeasureContext<Input>,
): Promise<(Float64Array | null)[][]> {
  const binned = roles.features.map((feature, index) => {
    const binning = binnings[index];
    if (!binning || binning.kind === "skipped") return null;
    return { name: feature.name, codes: binRows(rows, feature, binning, true), size: fineBinsOf(binning) };
  });
  const tables: (Float64Array | null)[][] = [];
  for (const [place, role] of roles.protected.entries()) {
    const known = levels[place] ?? null;
    const own: (Float64Array | null)[] = [];
    tables.push(own);
    const column = known && coded(rows, role.request);
    const map = column && known && codeMap(column.levels, known);
    const codes = column && map && Uint8Array.from(column.codes.subarray(0, rows.rows), (code) => map[code] ?? 0);
    for (const feature of binned) {
      signal.throwIfAborted();
      if (feature === null || codes === null || known === null || feature.name === role.name) own.push(null);
      else {
        const columns = [
          { codes: feature.codes, size: feature.size },
          { codes, size: known.length + 1 },
        ];
        own.push((await tally(device, { columns, rows: rows.rows, counts: rows.counts, weights: null })).counts);
      }
    }
  }
  return tables;
}

/** Associative and commutative. A later round knows all that an earlier one told of features, and replaces that. */
export function mergeRepresentation(a: RepresentationSummary, b: RepresentationSummary): RepresentationSummary {
  const counted = mergeCounted(a.counted, b.counted);
  if (a.round !== b.round) return { ...(a.round > b.round ? a : b), counted };
  if (a.progress !== b.progress && encodeSummary(a.progress) !== encodeSummary(b.progress)) {
    throw new AssayError(
      "internal",
      "representation: summaries of different data cannot be merged after the first round",
    );
  }
  return { round: a.round, counted, progress: a.progress, part: mergeParts(a.part, b.part) };
}

function mergeCounted(a: Counted | null, b: Counted | null): Counted | null {
  if (a === null || b === null) return a ?? b;
  return { cells: mergeGroups(a.cells, b.cells), missing: mergeMissing(a.missing, b.missing) };
}

function mergeParts(a: Part, b: Part): Part {
  if (a.stage === "sketch" && b.stage === "sketch") {
    const sketches = a.sketches.map((sketch, index) => {
      const other = b.sketches[index];
      return other ? mergeSketches(sketch, other) : sketch;
    });
    return { stage: "sketch", sketches, rows: a.rows + b.rows };
  }
  if (a.stage === "refine" && b.stage === "refine") {
    const counts = a.counts.map((keys, index) => keys && mergeKeys(keys, b.counts[index] ?? noKeys));
    return { stage: "refine", counts };
  }
  if (a.stage === "count" && b.stage === "count") {
    const tables = a.tables.map((own, place) =>
      own.map((table, index) =>
        table === null ? null : table.map((count, cell) => count + (b.tables[place]?.[index]?.[cell] ?? 0)),
      ),
    );
    return { stage: "count", tables };
  }
  throw new AssayError("internal", "representation: summaries of different rounds cannot be merged");
}
