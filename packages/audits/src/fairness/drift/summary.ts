import { type CodedColumn, type CodedTable, coded, type FileRequest, requestKey } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { type Group, groupsOf } from "../../groups/groups.ts";
import { measureScoresAlone, partsOf } from "../../groups/score-summary.ts";
import { type GroupSummary, measureCells, mergeGroups } from "../../groups/summary.ts";
import type { GroupRole } from "../../roles.ts";
import type { ScoreEntries } from "../../score-entries.ts";
import { periodOf } from "./periods.ts";
import type { Input } from "./settings.ts";

/** Decision × label, and the scores, of every combination of period and protected value: tomorrow's rows add to it. */
export type DriftSummary = GroupSummary;

/** The name the period has among the summary's columns: no column of a file can have it. */
export const periodColumn = "\u0000period";

export async function measureDrift(rows: CodedTable, context: AuditContext<Input>): Promise<DriftSummary> {
  const { roles, input } = context;
  if (roles.time === null) throw new AssayError("internal", "drift: the plan has no time");
  // No plan asks for bands without a break, so that no other column has this key.
  const request: FileRequest = { kind: "bands", column: roles.time.column, breaks: [] };
  const period: GroupRole = { name: periodColumn, request, reference: null };
  const table: CodedTable = {
    ...rows,
    columns: { ...rows.columns, [requestKey(request)]: periodsOf(coded(rows, roles.time), input) },
  };
  const groups = [period, ...roles.protected];
  const weights = { weights: null, counts: rows.counts, weightless: 0 };
  const columns = groups.map((role) => coded(table, role.request));
  return {
    ...(await measureCells(table, groups, weights, context)),
    scores: await measureScoresAlone(table, columns, weights, context),
  };
}

/** The period of every row; missing where its time is missing or cannot be read. */
function periodsOf({ levels, codes }: CodedColumn, { period }: Input): CodedColumn {
  const of = levels.map((text) => periodOf(text, period));
  const periods = [...new Set(of.filter((one) => one !== null))].sort();
  const codeOf = new Map(periods.map((one, index) => [one, index + 1]));
  const map = Uint32Array.from([0, ...of.map((one) => (one === null ? 0 : (codeOf.get(one) ?? 0)))]);
  return { kind: "coded", levels: periods, codes: Uint32Array.from(codes, (code) => map[code] ?? 0) };
}

export const mergeDrift = mergeGroups;

/** The counts of some group in each of the periods given; a period without rows is null. */
export function byPeriod(
  summary: DriftSummary,
  periods: readonly string[],
  names: readonly string[],
): { readonly values: readonly (string | null)[]; readonly counts: readonly (Group | null)[] }[] {
  const places = new Map(periods.map((period, index) => [period, index]));
  const held = new Map<string, { values: readonly (string | null)[]; counts: (Group | null)[] }>();
  for (const group of groupsOf(summary, [...names, periodColumn])) {
    const values = group.values.slice(0, -1);
    const period = group.values.at(-1) ?? null;
    const key = JSON.stringify(values);
    const own = held.get(key) ?? { values, counts: periods.map(() => null) };
    held.set(key, own);
    const place = period === null ? undefined : places.get(period);
    if (place !== undefined) own.counts[place] = group;
  }
  return [...held.values()];
}

/** Sorted scores of some group in each of the periods given, one list for each combination that it is made of. */
export interface PeriodScores {
  readonly values: readonly (string | null)[];
  readonly lists: readonly (readonly ScoreEntries[])[];
}

/** As `byPeriod`, the scores; null where the plan has none, or where they are too many to be held apart. */
export function scoresByPeriod(
  summary: DriftSummary,
  periods: readonly string[],
  names: readonly string[],
): readonly PeriodScores[] | null {
  const { scores, columns } = summary;
  if (!scores?.codes) return null;
  const textOf = (name: string): ((codes: readonly number[]) => string | null) => {
    const at = columns.findIndex((column) => column.name === name);
    return (codes) => columns[at]?.levels[(codes[at] ?? 0) - 1] ?? null;
  };
  const periodIn = textOf(periodColumn);
  const valuesIn = names.map(textOf);
  const places = new Map(periods.map((period, index) => [period, index]));
  const held = new Map<string, { values: readonly (string | null)[]; lists: ScoreEntries[][] }>();
  for (const { codes, entries } of partsOf(scores)) {
    const place = places.get(periodIn(codes) ?? "");
    if (place === undefined) continue;
    const values = valuesIn.map((valueIn) => valueIn(codes));
    const key = JSON.stringify(values);
    const own = held.get(key) ?? { values, lists: periods.map(() => []) };
    held.set(key, own);
    own.lists[place]?.push(entries);
  }
  return [...held.values()];
}

/** Rows whose time is missing or cannot be read. */
export function undatedRows(summary: DriftSummary): number {
  return groupsOf(summary, [periodColumn]).find((group) => !group.known)?.rows ?? 0;
}

/** Every period that has rows, in order. */
export function periodsIn(summary: DriftSummary): string[] {
  return groupsOf(summary, [periodColumn])
    .flatMap(({ values: [period] }) => (period == null ? [] : [period]))
    .sort();
}
