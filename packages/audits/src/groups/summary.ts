import { addExact, type ExactSum, tally } from "@assay/compute";
import { type CodedTable, coded } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../define.ts";
import type { GroupRole } from "../roles.ts";
import { type RowWeights, readWeights } from "../row-weights.ts";
import { codeMap, unionLevels } from "../union-levels.ts";
import { combinations, compareCodes } from "./combinations.ts";
import { type GroupScores, measureScores, mergeGroupScores } from "./score-summary.ts";

/** Decision (missing, negative, positive) × label (missing, negative, positive), row-major. */
export const cellsPerClass = 9;

/** Joint counts of decision and label for every combination of protected and control values that occurs. */
export type GroupSummary = {
  /** Protected columns, then control columns. */
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
  /** Combinations × columns, row-major, in rising order: code 0 is missing, code i + 1 is `levels[i]`. */
  readonly codes: Uint32Array;
  /** Combinations × 9. */
  readonly counts: Float64Array;
  /** Exact Σw and Σw² of each cell; null where rows carry no weight. */
  readonly weights: { readonly sums: readonly ExactSum[]; readonly squares: readonly ExactSum[] } | null;
  /** Rows left out because they have no weight. */
  readonly weightless: number;
  /** Null where the plan gives no score and label. */
  readonly scores: GroupScores | null;
};

/** Joint shapes up to this many cells are counted in one dense table; larger ones over the combinations that occur. */
const densestCells = 1 << 18;

export async function measureGroups(rows: CodedTable, context: AuditContext<unknown>): Promise<GroupSummary> {
  const { roles } = context;
  if (!roles.decision && !roles.label)
    throw new AssayError("internal", "groups: the plan has no decision and no label");
  const weights = readWeights(rows, roles);
  const cells = await measureCells(rows, [...roles.protected, ...roles.control], weights, context);
  const columns = roles.protected.map((role) => ({ name: role.name, ...coded(rows, role.request) }));
  return { ...cells, scores: await measureScores(rows, columns, weights, context) };
}

/** The cells of some columns' groups, without scores. Where the plan has no decision, or no label, every row's is missing. */
export async function measureCells(
  rows: CodedTable,
  groups: readonly GroupRole[],
  { weights, counts, weightless }: RowWeights,
  context: AuditContext<unknown>,
): Promise<GroupSummary> {
  const { roles } = context;
  const columns = groups.map((role) => ({ name: role.name, ...coded(rows, role.request) }));
  const decision = roles.decision ? [{ codes: coded(rows, roles.decision).codes, size: 3 }] : [];
  const label = roles.label ? [{ codes: coded(rows, roles.label).codes, size: 3 }] : [];

  const dense = columns.reduce((cells, column) => cells * (column.levels.length + 1), cellsPerClass) <= densestCells;
  const classes = dense ? null : await combinations(context.device, columns, rows.rows);
  const keyColumns = classes
    ? [{ codes: classes.ids, size: classes.members.length }]
    : columns.map((column) => ({ codes: column.codes, size: column.levels.length + 1 }));
  const table = await tally(context.device, {
    columns: [...keyColumns, ...decision, ...label],
    rows: rows.rows,
    counts,
    weights,
  });

  const stride = (roles.decision ? 3 : 1) * (roles.label ? 3 : 1);
  const held: { codes: readonly number[]; start: number }[] = [];
  for (let start = 0; start < table.counts.length; start += stride) {
    let any = false;
    for (let cell = start; cell < start + stride && !any; cell++) any = (table.counts[cell] ?? 0) > 0;
    if (!any) continue;
    const index = start / stride;
    const codes = classes ? (classes.members[index] ?? []) : unravel(index, keyColumns);
    held.push({ codes, start });
  }
  if (classes) held.sort((a, b) => compareCodes(a.codes, b.codes));

  // Without a decision or a label every row's is missing: code 0. Else the place of the cell within its class.
  const placeOf = (decided: number, labelled: number): number => {
    if ((decided > 0 && !roles.decision) || (labelled > 0 && !roles.label)) return -1;
    return roles.label ? decided * 3 + labelled : decided;
  };
  const codes = new Uint32Array(held.length * columns.length);
  const cells = new Float64Array(held.length * cellsPerClass);
  const sums: ExactSum[] = [];
  const squares: ExactSum[] = [];
  for (const [position, one] of held.entries()) {
    codes.set(one.codes, position * columns.length);
    for (let cell = 0; cell < cellsPerClass; cell++) {
      const from = placeOf(Math.floor(cell / 3), cell % 3);
      cells[position * cellsPerClass + cell] = from < 0 ? 0 : (table.counts[one.start + from] ?? 0);
      if (table.weights) {
        sums.push(from < 0 ? emptySum : (table.weights.sums[one.start + from] ?? emptySum));
        squares.push(from < 0 ? emptySum : (table.weights.squares[one.start + from] ?? emptySum));
      }
    }
  }
  return {
    columns: columns.map(({ name, levels }) => ({ name, levels })),
    codes,
    counts: cells,
    weights: table.weights ? { sums, squares } : null,
    weightless,
    scores: null,
  };
}

const emptySum: ExactSum = "0";

/** Associative and commutative: columns of different data are aligned by the texts of their levels. */
export function mergeGroups(a: GroupSummary, b: GroupSummary): GroupSummary {
  const width = a.columns.length;
  const columns = a.columns.map((column, index) => ({
    name: column.name,
    levels: unionLevels(column.levels, b.columns[index]?.levels ?? []),
  }));
  const mapsOf = (summary: GroupSummary): Uint32Array[] =>
    columns.map(({ levels }, index) => codeMap(summary.columns[index]?.levels ?? [], levels));
  const merged = new Map<string, { codes: number[]; from: [number, number] }>();
  for (const [side, summary] of [a, b].entries()) {
    const maps = mapsOf(summary);
    for (let row = 0; row < summary.counts.length / cellsPerClass; row++) {
      const codes = maps.map((map, index) => map[summary.codes[row * width + index] ?? 0] ?? 0);
      const key = codes.join();
      const held = merged.get(key) ?? { codes, from: [-1, -1] };
      held.from[side] = row;
      merged.set(key, held);
    }
  }
  const order = [...merged.values()].sort((x, y) => compareCodes(x.codes, y.codes));
  const codes = new Uint32Array(order.length * width);
  const counts = new Float64Array(order.length * cellsPerClass);
  const weighted = a.weights !== null && b.weights !== null;
  const sums: ExactSum[] = [];
  const squares: ExactSum[] = [];
  for (const [position, { codes: key, from }] of order.entries()) {
    codes.set(key, position * width);
    for (let cell = 0; cell < cellsPerClass; cell++) {
      let count = 0;
      let sum = emptySum;
      let square = emptySum;
      for (const [side, summary] of [a, b].entries()) {
        const row = from[side] ?? -1;
        if (row < 0) continue;
        const at = row * cellsPerClass + cell;
        count += summary.counts[at] ?? 0;
        if (weighted && summary.weights) {
          sum = addExact(sum, summary.weights.sums[at] ?? emptySum);
          square = addExact(square, summary.weights.squares[at] ?? emptySum);
        }
      }
      counts[position * cellsPerClass + cell] = count;
      if (weighted) {
        sums.push(sum);
        squares.push(square);
      }
    }
  }
  return {
    columns,
    codes,
    counts,
    weights: weighted ? { sums, squares } : null,
    weightless: a.weightless + b.weightless,
    scores: a.scores && b.scores && mergeGroupScores(a.scores, b.scores, mapsOf(a), mapsOf(b)),
  };
}

function unravel(index: number, columns: readonly { readonly size: number }[]): number[] {
  const codes = new Array<number>(columns.length).fill(0);
  let rest = index;
  for (let column = columns.length - 1; column >= 0; column--) {
    const size = columns[column]?.size ?? 1;
    codes[column] = rest % size;
    rest = Math.floor(rest / size);
  }
  return codes;
}
