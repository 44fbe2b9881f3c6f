import { type CodedTable, coded, numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { ModelOutputs } from "../../audit-model.ts";
import type { MeasureContext } from "../../define.ts";
import { heldOutRows } from "../../hold-out.ts";
import type { GroupRole, Roles } from "../../roles.ts";
import { throwIfAborted } from "../../run.ts";
import type { Input } from "./settings.ts";

/** Other values that each person is given at most: the most frequent ones. */
export const mostValues = 20;

/** Philox stream of the rows drawn. */
export const flipStream = 1_021_000_000;

/** What a group's people would get with another value of one column. */
export type GroupFlips = {
  readonly value: string;
  readonly n: number;
  /** People whose answer changes under at least one other value. */
  readonly changed: number;
  /** Of those without the favourable decision: it comes. Of those with it: it goes. */
  readonly gained: number;
  readonly lost: number;
  /** Sums over people of the mean change of score over other values, and of its square. */
  readonly shift: number;
  readonly shiftSquares: number;
};

export type ColumnFlips = {
  readonly column: string;
  /** What was compared; null where only scores were. */
  readonly answer: "decision" | "prediction" | null;
  readonly hasScore: boolean;
  readonly rows: number;
  /** Rows that were drawn from, more than were asked about. */
  readonly of: number;
  readonly unknown: number;
  /** Values that people were given. */
  readonly values: readonly string[];
  /** Values left out: too rare, or beyond the most. */
  readonly left: number;
  readonly groups: readonly GroupFlips[];
};

/** Protected columns that the model reads, and those that it does not. */
export function protectedInputs(roles: Pick<Roles, "model" | "protected">): {
  readonly read: readonly GroupRole[];
  readonly unread: readonly GroupRole[];
} {
  const { model } = roles;
  if (model === null) return { read: [], unread: [] };
  const isRead = ({ name }: GroupRole): boolean => model.inputs.some((one) => one.column === name);
  return {
    read: roles.protected.filter(isRead),
    unread: roles.protected.filter((role) => !isRead(role)),
  };
}

/**
 * Asks the model about the same people with each other value of one protected column, all else as it is. A band of numbers is
 * given as the median of the people in it.
 */
export async function measureFlips(name: string, context: MeasureContext<Input>): Promise<ColumnFlips> {
  const { table, roles, model, input, plan, signal } = context;
  const role = roles.protected.find((one) => one.name === name);
  const inputs = roles.model?.inputs ?? [];
  const places = inputs.flatMap((one, place) => (one.column === name ? [place] : []));
  if (model === null || !role || places.length === 0) {
    throw new AssayError("internal", `individual: the model does not read "${name}"`);
  }
  const { codes, levels } = coded(table, role.request);
  const kept = drawn(table.rows, input.rows, plan.seed);
  const known: number[] = [];
  let unknown = 0;
  for (const row of kept) {
    if (codes[row] === 0) unknown++;
    else known.push(row);
  }
  const rows = Uint32Array.from(known);
  const group = Uint32Array.from(rows, (row) => (codes[row] ?? 1) - 1);
  const sizes = new Float64Array(levels.length);
  for (const one of group) sizes[one] = (sizes[one] ?? 0) + 1;
  const present = Array.from(levels.keys()).filter((level) => (sizes[level] ?? 0) > 0);
  const given = [...present].sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b).slice(0, mostValues);
  given.sort((a, b) => a - b);
  const donors = given.map((level) => donorOf(level, group, rows, table, inputs[places[0] ?? 0]));
  const common = { column: name, of: table.rows, unknown, values: given.map((level) => levels[level] ?? "") };
  if (rows.length === 0 || given.length < 2) {
    return {
      ...common,
      answer: null,
      hasScore: false,
      rows: rows.length,
      left: present.length - given.length,
      groups: [],
    };
  }
  const bound = await model.bind(table, rows);
  try {
    const before = await bound.predict();
    const answer = before.decision !== null ? "decision" : before.predicted !== null ? "prediction" : null;
    const size = rows.length;
    const changed = new Uint8Array(size);
    const shift = new Float64Array(size);
    const others = new Uint32Array(size);
    const indexes = new Uint32Array(size * given.length);
    for (const [place, donor] of donors.entries()) indexes.fill(donor, place * size, (place + 1) * size);
    let place = 0;
    for await (const after of bound.predictPermuted(places, indexes)) {
      throwIfAborted(signal);
      const level = given[place++] ?? 0;
      for (let row = 0; row < size; row++) {
        if (group[row] === level) continue;
        others[row] = (others[row] ?? 0) + 1;
        if (isOther(before, after, row)) changed[row] = 1;
        if (before.score && after.score)
          shift[row] = (shift[row] ?? 0) + (after.score[row] ?? 0) - (before.score[row] ?? 0);
      }
    }
    const wanted = Number(roles.favourable);
    const groups = present.map((level): GroupFlips => {
      const sums = { n: 0, changed: 0, gained: 0, lost: 0, shift: 0, shiftSquares: 0 };
      for (let row = 0; row < size; row++) {
        if (group[row] !== level) continue;
        sums.n++;
        if (changed[row] === 1) {
          sums.changed++;
          if (before.decision) sums[before.decision[row] === wanted ? "lost" : "gained"]++;
        }
        const mean = (others[row] ?? 0) > 0 ? (shift[row] ?? 0) / (others[row] ?? 1) : 0;
        sums.shift += mean;
        sums.shiftSquares += mean * mean;
      }
      return { value: levels[level] ?? "", ...sums };
    });
    return {
      ...common,
      answer,
      hasScore: before.score !== null,
      rows: size,
      left: present.length - given.length,
      groups,
    };
  } finally {
    bound.free();
  }
}

function isOther(before: ModelOutputs, after: ModelOutputs, row: number): boolean {
  if (before.decision && after.decision) return before.decision[row] !== after.decision[row];
  if (before.predicted && after.predicted) return before.predicted[row] !== after.predicted[row];
  return false;
}

/** Rows asked about: all, or about as many as asked for, drawn by the seed. */
function drawn(rows: number, most: number, seed: number): number[] {
  const out: number[] = [];
  const kept = rows <= most ? null : heldOutRows(0, rows, most / rows, seed, flipStream);
  for (let row = 0; row < rows; row++) if (kept === null || kept[row] === 1) out.push(row);
  return out;
}

/** Place among the rows of one who has a value: any, or of a band the one in the middle. */
function donorOf(
  level: number,
  group: Uint32Array,
  rows: Uint32Array,
  table: CodedTable,
  input: { readonly request: Parameters<typeof numbers>[1] } | undefined,
): number {
  const places: number[] = [];
  for (let place = 0; place < group.length; place++) if (group[place] === level) places.push(place);
  if (input?.request.kind !== "number") return places[0] ?? 0;
  const { values } = numbers(table, input.request);
  const told = places.filter((place) => Number.isFinite(values[rows[place] ?? 0] ?? Number.NaN));
  told.sort((a, b) => (values[rows[a] ?? 0] ?? 0) - (values[rows[b] ?? 0] ?? 0) || a - b);
  return told[Math.floor((told.length - 1) / 2)] ?? places[0] ?? 0;
}
