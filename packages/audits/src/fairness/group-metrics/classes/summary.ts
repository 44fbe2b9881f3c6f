import { addExact, type ExactSum, exactToNumber, tally } from "@assay/compute";
import { type CodedTable, coded } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import { givesProbabilities } from "../../../class-probabilities.ts";
import type { AuditContext } from "../../../define.ts";
import { combinations, compareCodes } from "../../../groups/combinations.ts";
import { cellsPerClass, type GroupSummary } from "../../../groups/summary.ts";
import type { ClassTable } from "../../../metrics/classes/index.ts";
import { readWeights } from "../../../row-weights.ts";
import { codeMap, unionLevels } from "../../../union-levels.ts";
import { type ClassScores, measureProbabilities, mergeProbabilities } from "./probabilities.ts";

/** Counts of every combination of protected and control values, label and predicted class that occurs. */
export type ClassSummary = {
  /** Protected columns, control columns, the label, the prediction. Without a label its column has no levels. */
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
  /** Combinations × columns, row-major, in rising order: code 0 is missing, code i + 1 is `levels[i]`. */
  readonly codes: Uint32Array;
  /** Of each combination. */
  readonly counts: Float64Array;
  readonly weights: { readonly sums: readonly ExactSum[]; readonly squares: readonly ExactSum[] } | null;
  readonly weightless: number;
  /** Null where no model of the plan gives the probability of each class, or there is no label. */
  readonly probabilities: ClassScores | null;
};

export async function measureClasses(rows: CodedTable, context: AuditContext<unknown>): Promise<ClassSummary> {
  const { roles, device } = context;
  if (!roles.prediction) throw new AssayError("internal", "group metrics: the plan has no prediction");
  const read = readWeights(rows, roles);
  const { weights, counts, weightless } = read;
  const none = { levels: [], codes: new Uint8Array(rows.rows) };
  const columns = [
    ...[...roles.protected, ...roles.control].map((role) => ({ name: role.name, ...coded(rows, role.request) })),
    { name: "label", ...(roles.labelText ? coded(rows, roles.labelText) : none) },
    { name: "prediction", ...coded(rows, roles.prediction) },
  ];
  const { ids, members } = await combinations(device, columns, rows.rows);
  const table = await tally(device, {
    columns: [{ codes: ids, size: Math.max(1, members.length) }],
    rows: rows.rows,
    counts,
    weights,
  });
  const held = members
    .map((codes, id) => ({ codes, id }))
    .filter(({ id }) => (table.counts[id] ?? 0) > 0)
    .sort((a, b) => compareCodes(a.codes, b.codes));
  return {
    columns: columns.map(({ name, levels }) => ({ name, levels })),
    codes: Uint32Array.from(held.flatMap(({ codes }) => codes)),
    counts: Float64Array.from(held, ({ id }) => table.counts[id] ?? 0),
    weights: table.weights && {
      sums: held.map(({ id }) => table.weights?.sums[id] ?? "0"),
      squares: held.map(({ id }) => table.weights?.squares[id] ?? "0"),
    },
    weightless,
    probabilities: givesProbabilities(roles) ? await measureProbabilities(rows, read, context) : null,
  };
}

/** Associative and commutative, to the bit: columns of different data are aligned by the texts of their levels. */
export function mergeClasses(a: ClassSummary, b: ClassSummary): ClassSummary {
  const width = a.columns.length;
  const columns = a.columns.map((column, index) => ({
    name: column.name,
    levels: unionLevels(column.levels, b.columns[index]?.levels ?? []),
  }));
  const merged = new Map<string, { codes: number[]; count: number; sum: ExactSum; square: ExactSum }>();
  const mapsOf = (summary: ClassSummary): Uint32Array[] =>
    columns.map(({ levels }, index) => codeMap(summary.columns[index]?.levels ?? [], levels));
  for (const summary of [a, b]) {
    const maps = mapsOf(summary);
    for (let row = 0; row < summary.counts.length; row++) {
      const codes = maps.map((map, index) => map[summary.codes[row * width + index] ?? 0] ?? 0);
      const key = codes.join();
      const held = merged.get(key);
      const count = summary.counts[row] ?? 0;
      const sum = summary.weights?.sums[row] ?? "0";
      const square = summary.weights?.squares[row] ?? "0";
      if (!held) merged.set(key, { codes, count, sum, square });
      else {
        held.count += count;
        held.sum = addExact(held.sum, sum);
        held.square = addExact(held.square, square);
      }
    }
  }
  const order = [...merged.values()].sort((x, y) => compareCodes(x.codes, y.codes));
  return {
    columns,
    codes: Uint32Array.from(order.flatMap(({ codes }) => codes)),
    counts: Float64Array.from(order, ({ count }) => count),
    weights:
      a.weights && b.weights ? { sums: order.map(({ sum }) => sum), squares: order.map(({ square }) => square) } : null,
    weightless: a.weightless + b.weightless,
    probabilities:
      a.probabilities && b.probabilities && mergeProbabilities(a.probabilities, b.probabilities, mapsOf(a), mapsOf(b)),
  };
}

/** Classes that occur as label or prediction, in the order of data tables. */
export function classNamesOf(summary: ClassSummary): readonly string[] {
  const [label, prediction] = summary.columns.slice(-2);
  const width = summary.columns.length;
  const names = unionLevels(label?.levels ?? [], prediction?.levels ?? []);
  const seen = new Set<string | undefined>();
  for (let row = 0; row < summary.counts.length; row++) {
    const end = (row + 1) * width;
    seen.add(label?.levels[(summary.codes[end - 2] ?? 0) - 1]);
    seen.add(prediction?.levels[(summary.codes[end - 1] ?? 0) - 1]);
  }
  return names.filter((name) => seen.has(name));
}

/** Code over a column's levels → place among the classes, −1 where the value is missing. */
function placesOf(levels: readonly string[], names: readonly string[]): Int32Array {
  const place = new Map(names.map((name, index) => [name, index]));
  return Int32Array.from([-1, ...levels.map((level) => place.get(level) ?? -1)]);
}

/**
 * The summary as that of a binary decision: `cell` says where a row of a label and a prediction (places among the classes, −1
 * missing) stands among the nine cells of decision × label.
 */
function asBinary(
  summary: ClassSummary,
  names: readonly string[],
  cell: (label: number, prediction: number) => number,
): GroupSummary {
  const width = summary.columns.length;
  const keys = width - 2;
  const [label, prediction] = summary.columns.slice(-2).map(({ levels }) => placesOf(levels, names));
  const codes: number[] = [];
  const counts: number[] = [];
  const sums: ExactSum[] = [];
  const squares: ExactSum[] = [];
  let last = "";
  for (let row = 0; row < summary.counts.length; row++) {
    const own = Array.from(summary.codes.subarray(row * width, row * width + keys));
    const key = own.join();
    if (row === 0 || key !== last) {
      codes.push(...own);
      for (let index = 0; index < cellsPerClass; index++) {
        counts.push(0);
        if (summary.weights) {
          sums.push("0");
          squares.push("0");
        }
      }
      last = key;
    }
    const at =
      counts.length -
      cellsPerClass +
      cell(
        label?.[summary.codes[row * width + keys] ?? 0] ?? -1,
        prediction?.[summary.codes[row * width + keys + 1] ?? 0] ?? -1,
      );
    counts[at] = (counts[at] ?? 0) + (summary.counts[row] ?? 0);
    if (summary.weights) {
      sums[at] = addExact(sums[at] ?? "0", summary.weights.sums[row] ?? "0");
      squares[at] = addExact(squares[at] ?? "0", summary.weights.squares[row] ?? "0");
    }
  }
  return {
    columns: summary.columns.slice(0, keys),
    codes: Uint32Array.from(codes),
    counts: Float64Array.from(counts),
    weights: summary.weights && { sums, squares },
    weightless: summary.weightless,
    scores: null,
  };
}

/** One class against the rest: "positive" is the class. */
export function oneAgainstRest(summary: ClassSummary, names: readonly string[], of: number): GroupSummary {
  const side = (place: number): number => (place < 0 ? 0 : place === of ? 2 : 1);
  return asBinary(summary, names, (label, prediction) => side(prediction) * 3 + side(label));
}

/** Right against wrong: rows with both stand as true and false positives, so that accuracy is a share of them. */
export function rightAgainstWrong(summary: ClassSummary, names: readonly string[]): GroupSummary {
  return asBinary(summary, names, (label, prediction) => {
    if (label < 0 || prediction < 0) return (prediction < 0 ? 0 : 6) + (label < 0 ? 0 : 1);
    return label === prediction ? 8 : 7;
  });
}

/** Confusion tables of the groups of some columns, by the JSON of their values; rows without label or prediction are left out. */
export function classTables(
  summary: ClassSummary,
  names: readonly string[],
  by: readonly string[],
): ReadonlyMap<string, ClassTable> {
  const width = summary.columns.length;
  const places = by.map((name) => summary.columns.findIndex((column) => column.name === name));
  const [label, prediction] = summary.columns.slice(-2).map(({ levels }) => placesOf(levels, names));
  const classes = names.length;
  const tables = new Map<string, ClassTable>();
  for (let row = 0; row < summary.counts.length; row++) {
    const values = places.map(
      (place) => summary.columns[place]?.levels[(summary.codes[row * width + place] ?? 0) - 1] ?? null,
    );
    const key = JSON.stringify(values);
    let table = tables.get(key);
    if (!table) {
      const cells = (): Float64Array => new Float64Array(classes * classes);
      table = { classes, counts: cells(), weights: summary.weights ? { sums: cells(), squares: cells() } : null };
      tables.set(key, table);
    }
    const truth = label?.[summary.codes[row * width + width - 2] ?? 0] ?? -1;
    const said = prediction?.[summary.codes[row * width + width - 1] ?? 0] ?? -1;
    if (truth < 0 || said < 0) continue;
    const cell = truth * classes + said;
    table.counts[cell] = (table.counts[cell] ?? 0) + (summary.counts[row] ?? 0);
    if (!table.weights || !summary.weights) continue;
    // Each is rounded once before they are added up: the error is far below what a weight is known to.
    table.weights.sums[cell] = (table.weights.sums[cell] ?? 0) + exactToNumber(summary.weights.sums[row] ?? "0");
    table.weights.squares[cell] =
      (table.weights.squares[cell] ?? 0) + exactToNumber(summary.weights.squares[row] ?? "0");
  }
  return tables;
}
