import { type Device, tally } from "@assay/compute";
import { type CodedTable, coded, numbers } from "@assay/dataset";
import { AssayError, encodeSummary } from "@assay/schema";
import { binRows, binsOf, fineBinsOf } from "../../binning/binning.ts";
import { mergeKeys, noKeys } from "../../binning/key-counts.ts";
import { refineCounts } from "../../binning/search.ts";
import { mergeSketches, type Sketch, sketchNumbers, sketchTexts } from "../../binning/sketch.ts";
import type { AuditContext, Step } from "../../define.ts";
import { heldOutCounts, heldOutRows } from "../../hold-out.ts";
import { type Part, type Progress, start } from "./progress.ts";
import type { AssociationsInput } from "./settings.ts";
import { streams } from "./streams.ts";
import { targetRequest } from "./target.ts";
import { frontier, leavesOf } from "./tree.ts";

/** What is known from the rounds before, and what this round counted. */
export type AssociationsSummary = {
  readonly round: number;
  readonly progress: Progress;
  readonly part: Part;
};

export async function measureAssociations(
  rows: CodedTable,
  step: Step,
  context: AuditContext<AssociationsInput>,
): Promise<AssociationsSummary> {
  const progress = step.detail === null ? start : (step.detail as unknown as Progress);
  const request = targetRequest(context.roles);
  if (!request) throw new AssayError("internal", "associations: the plan has neither decision nor label");
  const target = coded(rows, request).codes;
  const decided = { target, counts: rows.counts };
  const { features } = context.roles;
  let part: Part;
  if (progress.stage === "sketch") {
    let used = 0;
    let missing = 0;
    for (let row = 0; row < rows.rows; row++) {
      if (target[row] === 0) missing += rows.counts?.[row] ?? 1;
      else used += rows.counts?.[row] ?? 1;
    }
    const sketches = features.map((feature): Sketch => {
      const isNumber = feature.request.kind === "number";
      return isNumber
        ? sketchNumbers(numbers(rows, feature.request), decided)
        : sketchTexts(coded(rows, feature.request), decided);
    });
    part = { stage: "sketch", sketches, rows: used, missing };
  } else if (progress.stage === "refine") {
    const counts = features.map((feature, index) => {
      const search = progress.searches[index] ?? null;
      return search && refineCounts(numbers(rows, feature.request).values, search, progress.level, decided);
    });
    part = { stage: "refine", counts };
  } else part = { stage: "grow", tables: await growCounts(rows, step, target, progress, context) };
  return { round: step.round, progress, part };
}

/** Per feature: edge node × bin × decision (no, yes) × split (to grow on, held out). The root is counted by fine bins. */
async function growCounts(
  rows: CodedTable,
  step: Step,
  target: ArrayLike<number>,
  progress: Progress,
  { roles, input, plan, device }: AuditContext<AssociationsInput>,
): Promise<Float64Array[]> {
  const { tree } = progress;
  const isRoot = progress.tables.length === 0;
  const bins = roles.features.map((feature, index) => {
    const binning = progress.binnings[index];
    if (!binning) throw new AssayError("internal", `associations: no bins of "${feature.name}"`);
    return {
      codes: binRows(rows, feature, binning, isRoot),
      size: isRoot ? fineBinsOf(binning) : binsOf(binning),
    };
  });
  const leaves = leavesOf(
    tree,
    bins.map((one) => one.codes),
    bins.map((one) => one.size),
    rows.rows,
  );
  const edge = frontier(tree, input.depth);
  const place = new Uint8Array(tree.length);
  for (const [index, node] of edge.entries()) place[node.id] = index + 1;
  // Node 0: rows that no node of the edge holds, or that have no decision.
  const nodes = new Uint8Array(rows.rows);
  const yes = new Uint8Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) {
    if (target[row] !== 0) nodes[row] = place[leaves[row] ?? 0] ?? 0;
    if (target[row] === 2) yes[row] = 1;
  }
  const share = input.hold_out;
  const count = rows.counts
    ? countSplit(device, rows.counts, heldOutCounts(step.start, rows.counts, share, plan.seed, streams.holdOutCounts))
    : rowSplit(device, heldOutRows(step.start, rows.rows, share, plan.seed, streams.holdOut));
  const tables: Float64Array[] = [];
  for (const { codes, size } of bins) {
    const table = await count([
      { codes: nodes, size: edge.length + 1 },
      { codes, size },
      { codes: yes, size: 2 },
    ]);
    tables.push(table.slice(size * 4));
  }
  return tables;
}

type Columns = Parameters<typeof tally>[1]["columns"];

/** Counts by the columns and the split, which is one column more. */
function rowSplit(device: Device, heldOut: Uint8Array): (columns: Columns) => Promise<Float64Array> {
  return async (columns) => {
    const all = [...columns, { codes: heldOut, size: 2 }];
    return (await tally(device, { columns: all, rows: heldOut.length, counts: null, weights: null })).counts;
  };
}

/** The same where a line stands for many people, some of them held out. */
function countSplit(
  device: Device,
  counts: Float64Array,
  heldOut: Float64Array,
): (columns: Columns) => Promise<Float64Array> {
  const grown = counts.map((count, row) => count - (heldOut[row] ?? 0));
  return async (columns) => {
    const rows = counts.length;
    const first = await tally(device, { columns, rows, counts: grown, weights: null });
    const second = await tally(device, { columns, rows, counts: heldOut, weights: null });
    const both = new Float64Array(first.counts.length * 2);
    for (let cell = 0; cell < first.counts.length; cell++) {
      both[cell * 2] = first.counts[cell] ?? 0;
      both[cell * 2 + 1] = second.counts[cell] ?? 0;
    }
    return both;
  };
}

/** Associative and commutative. A later round knows all that an earlier one counted, and replaces it. */
export function mergeAssociations(a: AssociationsSummary, b: AssociationsSummary): AssociationsSummary {
  if (a.round !== b.round) return a.round > b.round ? a : b;
  if (a.progress !== b.progress && encodeSummary(a.progress) !== encodeSummary(b.progress)) {
    throw new AssayError(
      "internal",
      "associations: summaries of different data cannot be merged after the first round",
    );
  }
  return { round: a.round, progress: a.progress, part: mergeParts(a.part, b.part) };
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
  if (a.stage === "grow" && b.stage === "grow") {
    return {
      stage: "grow",
      tables: a.tables.map((table, index) => table.map((count, cell) => count + (b.tables[index]?.[cell] ?? 0))),
    };
  }
  throw new AssayError("internal", "associations: summaries of different rounds cannot be merged");
}
