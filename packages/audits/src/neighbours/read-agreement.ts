import { type Device, PhiloxStream } from "@assay/compute";
import { type CodedTable, type ColumnRequest, coded } from "@assay/dataset";
import { combinations, compareCodes } from "../groups/combinations.ts";
import type { Roles } from "../roles.ts";
import { type Asked, NeighbourAgreement } from "./agreement.ts";
import { distinctRows } from "./distinct-rows.ts";
import { encodeRows } from "./encode-rows.ts";
import { neighbourLists } from "./neighbour-lists.ts";
import { type TwinNumbers, twins } from "./twins.ts";

/** Groups of a grouping told one by one at most: the largest. */
export const mostGroups = 500;

export interface ReadAgreementOptions {
  readonly table: CodedTable;
  readonly roles: Roles;
  readonly features: Roles["features"];
  /** A binary column: codes 0 missing, 1 negative, 2 positive. */
  readonly outcome: ColumnRequest;
  readonly k: number;
  /** People asked about at most, and people who may be neighbours; more are drawn by the seed. Of row data. */
  readonly mostAsked: number;
  readonly mostNeighbours: number;
  readonly seed: number;
  readonly stream: number;
  readonly device: Device;
}

/** Consistency over all people and over each group of each grouping, as numbers that can travel. */
export type AgreementSummary = {
  readonly k: number;
  /** People whose outcome is known, who may be neighbours, and who were asked about. */
  readonly people: number;
  readonly neighbours: number;
  readonly asked: number;
  readonly positive: number;
  /** People whose outcome is missing. */
  readonly missing: number;
  /** Points with different features. */
  readonly points: number;
  /** People whose list ended among equally near points. */
  readonly cut: number;
  readonly used: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly why: "constant" | "texts" }[];
  /** Null where no feature tells rows apart, or too few people are there. */
  readonly overall: AgreementNumbers | null;
  readonly twins: TwinNumbers | null;
  readonly groups: readonly {
    readonly by: readonly string[];
    readonly values: readonly (string | null)[];
    readonly numbers: AgreementNumbers;
    readonly twins: TwinNumbers;
  }[];
};

export type AgreementNumbers = {
  readonly n: number;
  readonly value: number;
  readonly standardError: number | null;
};

/** Finds the neighbours of people in a table and how far their outcomes agree, overall and by group. */
export async function readAgreement(options: ReadAgreementOptions): Promise<AgreementSummary> {
  const { table, roles, features, outcome, k, device } = options;
  const { codes } = coded(table, outcome);
  const times = new Float64Array(table.rows);
  let missing = 0;
  let people = 0;
  for (let row = 0; row < table.rows; row++) {
    const one = table.counts?.[row] ?? 1;
    if (codes[row] === 0) missing += one;
    else {
      times[row] = one;
      people += one;
    }
  }
  const plain = table.counts === null;
  if (plain) thin(times, people, options.mostNeighbours, options.seed, options.stream);
  const encoded = encodeRows(table, features, times);
  const points = distinctRows(encoded, times);
  const count = new Float64Array(points.size);
  const positive = new Float64Array(points.size);
  for (let row = 0; row < table.rows; row++) {
    const point = points.pointOf[row] ?? -1;
    if (point === -1) continue;
    count[point] = (count[point] ?? 0) + (times[row] ?? 0);
    if (codes[row] === 2) positive[point] = (positive[point] ?? 0) + (times[row] ?? 0);
  }
  const neighbours = count.reduce((sum, one) => sum + one, 0);
  const asking = Float64Array.from(times);
  if (plain) thin(asking, neighbours, options.mostAsked, options.seed, options.stream + 1);
  const columns = roles.protected.map((role) => coded(table, role.request));
  const { ids, members } = await orderedCombinations(device, columns, table.rows);
  const asked = gather(points.pointOf, asking, codes, ids, members.length);
  const common = {
    k,
    people,
    neighbours,
    asked: asked.reduce((sum, one) => sum + one.people, 0),
    positive: positive.reduce((sum, one) => sum + one, 0),
    missing,
    points: points.size,
    used: encoded.features.map(({ name }) => name),
    skipped: encoded.skipped,
  };
  if (encoded.features.length === 0 || neighbours < k + 2)
    return { ...common, cut: 0, overall: null, twins: null, groups: [] };
  const listed = Uint32Array.from(new Set(asked.map(({ point }) => point))).sort();
  const lists = await neighbourLists(device, points, listed, k);
  const agreement = new NeighbourAgreement({ count, positive, points: listed, lists, asked, k });
  const counted = { times, codes, ids };
  const groups = roles.groupings.flatMap((by) => {
    const places = by.map((name) => roles.protected.findIndex((role) => role.name === name));
    const found = groupsOf(asked, places, members);
    const placeOf = new Map(found.map(({ key }, place) => [key, place]));
    const groupOf = members.map((member) => placeOf.get(keyOf(member, places)) ?? -1);
    const of = (combination: number): number => groupOf[combination] ?? -1;
    const numbers = agreement.byGroup(of, found.length);
    const alike = twins(points, { count, positive }, counted, of, found.length);
    return found.flatMap(({ codes: own }, place) => {
      const values = own.map((code, at) => (code === 0 ? null : (columns[places[at] ?? 0]?.levels[code - 1] ?? null)));
      const [told, same] = [numbers[place], alike[place]];
      return told && same ? [{ by, values, numbers: { ...told }, twins: same }] : [];
    });
  });
  const overall = agreement.overall();
  return {
    ...common,
    cut: agreement.cut,
    overall: overall && { ...overall },
    twins: twins(points, { count, positive }, counted, () => 0, 1)[0] ?? null,
    groups,
  };
}

function keyOf(member: readonly number[], places: readonly number[]): string {
  return places.map((place) => member[place] ?? 0).join(" ");
}

/** The groups of some columns that people asked about belong to, the largest where they are very many; unknown ones last. */
function groupsOf(
  asked: readonly Asked[],
  places: readonly number[],
  members: readonly (readonly number[])[],
): readonly { readonly key: string; readonly codes: readonly number[] }[] {
  const found = new Map<string, { key: string; codes: readonly number[]; people: number }>();
  for (const { combination, people } of asked) {
    const member = members[combination] ?? [];
    const key = keyOf(member, places);
    const held = found.get(key) ?? { key, codes: places.map((place) => member[place] ?? 0), people: 0 };
    held.people += people;
    found.set(key, held);
  }
  return [...found.values()]
    .sort((a, b) => b.people - a.people || compare(a.codes, b.codes))
    .slice(0, mostGroups)
    .sort((a, b) => compare(a.codes, b.codes));
}

/** Combinations of groups that occur, numbered by their values and not by who comes first. */
async function orderedCombinations(
  device: Device,
  columns: Parameters<typeof combinations>[1],
  rows: number,
): Promise<{ readonly ids: Uint32Array; readonly members: readonly (readonly number[])[] }> {
  if (columns.length === 0) return { ids: new Uint32Array(rows), members: [[]] };
  const { ids, members } = await combinations(device, columns, rows);
  const order = Array.from(members.keys()).sort((a, b) => compareCodes(members[a] ?? [], members[b] ?? []));
  const placeOf = new Uint32Array(order.length);
  for (const [place, id] of order.entries()) placeOf[id] = place;
  return { ids: ids.map((id) => placeOf[id] ?? 0), members: order.map((id) => members[id] ?? []) };
}

/** Unknown values, code 0, stand last. */
function compare(a: readonly number[], b: readonly number[]): number {
  for (const [place, one] of a.entries()) {
    const other = b[place] ?? 0;
    if (one === other) continue;
    return one === 0 ? 1 : other === 0 ? -1 : one - other;
  }
  return 0;
}

/** Leaves about so many of the rows, drawn by the seed and the row's place. */
function thin(times: Float64Array, people: number, most: number, seed: number, stream: number): void {
  if (people <= most) return;
  const share = most / people;
  const random = new PhiloxStream(seed, stream);
  for (let row = 0; row < times.length; row++) if (random.uniform() >= share) times[row] = 0;
}

/** People asked about, those alike together, in an order of their own. */
function gather(
  pointOf: Int32Array,
  asking: Float64Array,
  codes: ArrayLike<number>,
  ids: ArrayLike<number>,
  combinationCount: number,
): Asked[] {
  const held = new Map<number, number>();
  for (let row = 0; row < asking.length; row++) {
    const point = pointOf[row] ?? -1;
    const people = asking[row] ?? 0;
    if (point === -1 || people === 0) continue;
    const key = (point * 2 + (codes[row] === 2 ? 1 : 0)) * combinationCount + (ids[row] ?? 0);
    held.set(key, (held.get(key) ?? 0) + people);
  }
  return [...held]
    .sort(([a], [b]) => a - b)
    .map(([key, people]): Asked => {
      const combination = key % combinationCount;
      const rest = Math.floor(key / combinationCount);
      return { point: Math.floor(rest / 2), outcome: rest % 2 === 1 ? 1 : 0, combination, people };
    });
}
