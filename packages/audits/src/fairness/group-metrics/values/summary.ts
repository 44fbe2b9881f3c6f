import { addExact, type Device, type ExactSum, type Moments, reduce } from "@assay/compute";
import { type CodedTable, type ColumnRequest, coded, numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { combinations, compareCodes } from "../../../groups/combinations.ts";
import { readWeights } from "../../../row-weights.ts";
import { codeMap, unionLevels } from "../../../union-levels.ts";
import { valueRequests } from "../outputs.ts";

/**
 * What is summed over the rows of a combination. p: prediction, y: label, e = p − y, a = |e|, q = e². `p0` and `v0` count rows
 * with a prediction, `n0` and `m0` those with both. First-order sums carry the row's weight (p0 … yy), second-order ones its
 * square (vp … qyy); without weights both are plain.
 */
export const slots = [
  "p0",
  "p",
  "n0",
  "y",
  "e",
  "a",
  "q",
  "yy",
  "v0",
  "vp",
  "vpp",
  "m0",
  "vy",
  "vyy",
  "ve",
  "va",
  "vq",
  "vqq",
  "vy3",
  "vy4",
  "vqy",
  "vqyy",
] as const;
export type Slot = (typeof slots)[number];

/** Quantities whose lowest and highest value are kept. */
export const bounded = ["p", "y", "e", "a", "q"] as const;

/** Exactly summed moments of predicted numbers for every combination of protected and control values that occurs. */
export type ValueSummary = {
  /** Protected columns, then control columns. */
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
  /** Combinations × columns, row-major, in rising order: code 0 is missing, code i + 1 is `levels[i]`. */
  readonly codes: Uint32Array;
  /** Combinations × 3: rows, rows with a prediction, rows with a prediction and a label. */
  readonly rows: Float64Array;
  /** Combinations × slots. Each addend is rounded to a double, their sum is not. */
  readonly sums: readonly ExactSum[];
  /** Combinations × bounded: NaN where there is no number. */
  readonly least: Float64Array;
  readonly most: Float64Array;
  /** Sums carry weights, or how many times a row stands: then their addends are rounded products. */
  readonly weighted: boolean;
  /** Rows left out because they have no weight. */
  readonly weightless: number;
};

/** Beyond it, the fourth power of an error is no double. */
const greatest = 1e75;

export async function measureValues(rows: CodedTable, context: AuditContext<unknown>): Promise<ValueSummary> {
  const { roles, device } = context;
  const { prediction, label } = valueRequests(roles);
  if (!prediction) throw new AssayError("internal", "group metrics: the plan has no prediction");
  const { weights, counts, weightless } = readWeights(rows, roles);
  const columns = [...roles.protected, ...roles.control].map((role) => ({
    name: role.name,
    ...coded(rows, role.request),
  }));
  const { ids, members } = await combinations(device, columns, rows.rows);
  const size = Math.max(1, members.length);
  const p = checked(rows, prediction);
  const y = label ? checked(rows, label) : new Float64Array(rows.rows).fill(Number.NaN);
  const times = (row: number): number => counts?.[row] ?? 1;

  const held = new Float64Array(size * 3);
  for (let row = 0; row < rows.rows; row++) {
    const at = (ids[row] ?? 0) * 3;
    const many = times(row);
    held[at] = (held[at] ?? 0) + many;
    if (Number.isNaN(p[row])) continue;
    held[at + 1] = (held[at + 1] ?? 0) + many;
    if (!Number.isNaN(y[row])) held[at + 2] = (held[at + 2] ?? 0) + many;
  }
  const found = await sumsOf(device, { p, y, ids, size, weights, counts });

  // Rows without a weight, and counts of 0, stand for nobody.
  const kept = members.flatMap((codes, id) => ((held[id * 3] ?? 0) > 0 ? [{ codes, id }] : []));
  kept.sort((a, b) => compareCodes(a.codes, b.codes));
  const width = columns.length;
  const summary = emptySummary(
    columns.map(({ name, levels }) => ({ name, levels })),
    kept.length,
    weights !== null || counts !== null,
    weightless,
  );
  const sums: ExactSum[] = [];
  for (const [place, { codes, id }] of kept.entries()) {
    summary.codes.set(codes, place * width);
    summary.rows.set(held.subarray(id * 3, id * 3 + 3), place * 3);
    for (const slot of slots) sums.push(found.sums[slot][id] ?? "0");
    for (const [index, name] of bounded.entries()) {
      // One zero only: −0 and 0 are the same number and not the same bytes.
      summary.least[place * bounded.length + index] = (found.ranges[name][id]?.min ?? Number.NaN) + 0;
      summary.most[place * bounded.length + index] = (found.ranges[name][id]?.max ?? Number.NaN) + 0;
    }
  }
  return { ...summary, sums };
}

function emptySummary(
  columns: ValueSummary["columns"],
  combinationCount: number,
  weighted: boolean,
  weightless: number,
): ValueSummary {
  return {
    columns,
    codes: new Uint32Array(combinationCount * columns.length),
    rows: new Float64Array(combinationCount * 3),
    sums: [],
    least: new Float64Array(combinationCount * bounded.length).fill(Number.NaN),
    most: new Float64Array(combinationCount * bounded.length).fill(Number.NaN),
    weighted,
    weightless,
  };
}

function checked(rows: CodedTable, request: ColumnRequest): Float64Array {
  const { values } = numbers(rows, request);
  for (let row = 0; row < rows.rows; row++) {
    const value = values[row] ?? Number.NaN;
    if (Math.abs(value) > greatest) {
      throw new AssayError(
        "data-invalid",
        `${request.kind === "model" ? "the model" : `column "${request.column}"`}: ${value} in row ${row + 1} of the rows read; predicted numbers and their labels lie between −${greatest} and ${greatest}`,
      );
    }
  }
  return values;
}

interface Columns {
  readonly p: Float64Array;
  readonly y: Float64Array;
  readonly ids: Uint32Array;
  readonly size: number;
  readonly weights: Float64Array | null;
  readonly counts: Float64Array | null;
}

async function sumsOf(
  device: Device,
  { p, y, ids, size, weights, counts }: Columns,
): Promise<{ sums: Record<Slot, readonly ExactSum[]>; ranges: Record<(typeof bounded)[number], readonly Moments[]> }> {
  const groups = { codes: ids, size };
  const buffer = new Float64Array(p.length);
  /** Moments of a function of prediction and label; rows that stand for nothing are left out. */
  const over = (
    value: (p: number, y: number) => number,
    factor: ((row: number) => number) | null,
  ): Promise<Moments[]> => {
    for (let row = 0; row < p.length; row++) {
      const isIn = counts === null || (counts[row] ?? 0) > 0;
      buffer[row] = isIn ? value(p[row] ?? 0, y[row] ?? 0) * (factor?.(row) ?? 1) : Number.NaN;
    }
    return reduce(device, { values: buffer, groups });
  };
  const sum = (moments: readonly Moments[]): ExactSum[] => moments.map((one) => one.sum);
  const squares = (moments: readonly Moments[]): ExactSum[] => moments.map((one) => one.squares);
  const error = (x: number, z: number): number => x - z;
  const square = (x: number, z: number): number => (x - z) ** 2;
  const absolute = (x: number, z: number): number => Math.abs(x - z);
  const both = (x: number, z: number): number => (Number.isNaN(x) ? Number.NaN : z);
  const one = (x: number): number => (Number.isNaN(x) ? Number.NaN : 1);
  const oneOfBoth = (x: number, z: number): number => (Number.isNaN(x) || Number.isNaN(z) ? Number.NaN : 1);

  const plain = {
    p: await over((x) => x, null),
    y: await over(both, null),
    e: await over(error, null),
    a: await over(absolute, null),
    q: await over(square, null),
  };
  if (weights === null && counts === null) {
    const yy = await over((x, z) => both(x, z) ** 2, null);
    const n = (moments: readonly Moments[]): ExactSum[] => sum(moments);
    const p0 = n(await over(one, null));
    const n0 = n(await over(oneOfBoth, null));
    return {
      ranges: plain,
      sums: {
        p0,
        v0: p0,
        n0,
        m0: n0,
        p: sum(plain.p),
        vp: sum(plain.p),
        vpp: squares(plain.p),
        y: sum(plain.y),
        vy: sum(plain.y),
        yy: squares(plain.y),
        vyy: squares(plain.y),
        e: sum(plain.e),
        ve: sum(plain.e),
        a: sum(plain.a),
        va: sum(plain.a),
        // Of the errors themselves, so that it is exact; its own squares are those of rounded ones.
        q: squares(plain.e),
        vq: squares(plain.e),
        vqq: squares(plain.q),
        vy4: squares(yy),
        vy3: sum(await over((x, z) => both(x, z) ** 3, null)),
        vqy: sum(await over((x, z) => square(x, z) * z, null)),
        vqyy: sum(await over((x, z) => square(x, z) * z * z, null)),
      },
    };
  }
  const first = (row: number): number => (weights?.[row] ?? 1) * (counts?.[row] ?? 1);
  const second = (row: number): number => (weights?.[row] ?? 1) ** 2 * (counts?.[row] ?? 1);
  const by = async (value: (p: number, y: number) => number, factor: (row: number) => number): Promise<ExactSum[]> =>
    sum(await over(value, factor));
  return {
    ranges: plain,
    sums: {
      p0: await by(one, first),
      p: await by((x) => x, first),
      n0: await by(oneOfBoth, first),
      y: await by(both, first),
      e: await by(error, first),
      a: await by(absolute, first),
      q: await by(square, first),
      yy: await by((x, z) => both(x, z) ** 2, first),
      v0: await by(one, second),
      vp: await by((x) => x, second),
      vpp: await by((x) => x * x, second),
      m0: await by(oneOfBoth, second),
      vy: await by(both, second),
      vyy: await by((x, z) => both(x, z) ** 2, second),
      ve: await by(error, second),
      va: await by(absolute, second),
      vq: await by(square, second),
      vqq: await by((x, z) => square(x, z) ** 2, second),
      vy3: await by((x, z) => both(x, z) ** 3, second),
      vy4: await by((x, z) => both(x, z) ** 4, second),
      vqy: await by((x, z) => square(x, z) * z, second),
      vqyy: await by((x, z) => square(x, z) * z * z, second),
    },
  };
}

/** Associative and commutative, to the bit: columns of different data are aligned by the texts of their levels. */
export function mergeValues(a: ValueSummary, b: ValueSummary): ValueSummary {
  const width = a.columns.length;
  const columns = a.columns.map((column, index) => ({
    name: column.name,
    levels: unionLevels(column.levels, b.columns[index]?.levels ?? []),
  }));
  const merged = new Map<string, { codes: number[]; from: { summary: ValueSummary; row: number }[] }>();
  for (const summary of [a, b]) {
    const maps = columns.map(({ levels }, index) => codeMap(summary.columns[index]?.levels ?? [], levels));
    for (let row = 0; row < summary.rows.length / 3; row++) {
      const codes = maps.map((map, index) => map[summary.codes[row * width + index] ?? 0] ?? 0);
      const key = codes.join();
      const held = merged.get(key) ?? { codes, from: [] };
      held.from.push({ summary, row });
      merged.set(key, held);
    }
  }
  const order = [...merged.values()].sort((x, y) => compareCodes(x.codes, y.codes));
  const summary = emptySummary(columns, order.length, a.weighted, a.weightless + b.weightless);
  const sums: ExactSum[] = [];
  for (const [place, { codes, from }] of order.entries()) {
    summary.codes.set(codes, place * width);
    for (let slot = 0; slot < slots.length; slot++) {
      sums.push(
        from.reduce((sum, { summary: part, row }) => addExact(sum, part.sums[row * slots.length + slot] ?? "0"), "0"),
      );
    }
    for (const { summary: part, row } of from) {
      for (let kind = 0; kind < 3; kind++) {
        summary.rows[place * 3 + kind] = (summary.rows[place * 3 + kind] ?? 0) + (part.rows[row * 3 + kind] ?? 0);
      }
      for (let index = 0; index < bounded.length; index++) {
        const to = place * bounded.length + index;
        const own = row * bounded.length + index;
        summary.least[to] = outer(Math.min, summary.least[to], part.least[own]);
        summary.most[to] = outer(Math.max, summary.most[to], part.most[own]);
      }
    }
  }
  return { ...summary, sums };
}

/** The lower or higher of two numbers of which either may be missing. */
export function outer(choose: (a: number, b: number) => number, a = Number.NaN, b = Number.NaN): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : choose(a, b);
}
