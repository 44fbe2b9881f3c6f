import { log } from "@assay/compute";
import type { ListCell, ListNumber } from "../../../metrics/lists/index.ts";
import { fillPairs } from "./pairs.ts";
import type { ListSummary } from "./summary.ts";

/** A group of rows of ranked lists. */
export interface ListGroup {
  /** One text per column; null is unknown. */
  readonly values: readonly (string | null)[];
  readonly known: boolean;
  readonly rows: number;
}

/** One list: entries [start, end) of the summary, from the highest score down. */
export interface RankedList {
  readonly start: number;
  readonly end: number;
  readonly rows: number;
}

/** Who stands where, by the groups of some columns. */
export interface Places {
  readonly groups: readonly ListGroup[];
  readonly lists: readonly RankedList[];
  /** Group of every entry. */
  readonly groupOf: Uint32Array;
  /** Lists × groups, row-major. */
  readonly cells: Readonly<Record<ListNumber, Float64Array>>;
}

const numbers = [
  "rows",
  "top",
  "blind",
  "places",
  "exposure",
  "judgedExposure",
  "relevance",
  "pairs",
  "wins",
  "intraPairs",
  "intraWins",
  "interPairs",
  "interWins",
] as const satisfies readonly ListNumber[];
export function listsOf(summary: ListSummary): RankedList[] {
  const width = summary.columns.length;
  const lists: RankedList[] = [];
  let start = 0;
  let rows = 0;
  for (let entry = 0; entry < summary.counts.length; entry++) {
    rows += summary.counts[entry] ?? 0;
    const isLast =
      entry + 1 === summary.counts.length || summary.codes[(entry + 1) * width] !== summary.codes[entry * width];
    if (!isLast) continue;
    lists.push({ start, end: entry + 1, rows });
    start = entry + 1;
    rows = 0;
  }
  return lists;
}

/** The groups of some columns in the order of their levels, unknown last, and the group of every entry. */
export function listGroupsOf(
  summary: ListSummary,
  by: readonly string[],
): { readonly groups: ListGroup[]; readonly groupOf: Uint32Array } {
  const width = summary.columns.length;
  // Place 0 is the list: a protected column may be called as it is.
  const places = by.map((name) => summary.columns.findIndex((column, index) => index > 0 && column.name === name));
  const found = new Map<string, { codes: number[]; rows: number; entries: number[] }>();
  for (let entry = 0; entry < summary.counts.length; entry++) {
    const codes = places.map((place) => summary.codes[entry * width + place] ?? 0);
    const key = codes.join();
    const held = found.get(key) ?? { codes, rows: 0, entries: [] };
    held.rows += summary.counts[entry] ?? 0;
    held.entries.push(entry);
    found.set(key, held);
  }
  const rank = (code: number): number => (code === 0 ? Number.MAX_SAFE_INTEGER : code);
  const order = [...found.values()].sort((a, b) => {
    for (const [index, code] of a.codes.entries()) {
      const difference = rank(code) - rank(b.codes[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const groupOf = new Uint32Array(summary.counts.length);
  for (const [index, { entries }] of order.entries()) for (const entry of entries) groupOf[entry] = index;
  return {
    groupOf,
    groups: order.map(({ codes, rows }) => ({
      values: codes.map((code, index) =>
        code === 0 ? null : (summary.columns[places[index] ?? 0]?.levels[code - 1] ?? null),
      ),
      known: codes.every((code) => code !== 0),
      rows,
    })),
  };
}

/** Rows of one score: places after `above` and up to `above + rows`. */
export interface Tie {
  readonly start: number;
  readonly end: number;
  readonly above: number;
  readonly rows: number;
}

/** The ties of a list from the first place down; a score of its own is a tie of one row. */
export function* tiesOf(summary: ListSummary, list: RankedList): Generator<Tie> {
  let above = 0;
  let start = list.start;
  let rows = 0;
  for (let entry = list.start; entry < list.end; entry++) {
    rows += summary.counts[entry] ?? 0;
    if (entry + 1 < list.end && summary.scores[entry + 1] === summary.scores[entry]) continue;
    yield { start, end: entry + 1, above, rows };
    above += rows;
    start = entry + 1;
    rows = 0;
  }
}

/** Σ 1 / log2(1 + place) over the first places: `sums[n]`. Grown as far as it is asked. */
class Discounts {
  readonly #sums: number[] = [0];

  upTo(place: number): number {
    for (let next = this.#sums.length; next <= place; next++) {
      this.#sums.push((this.#sums[next - 1] ?? 0) + Math.LN2 / log(1 + next));
    }
    return this.#sums[place] ?? 0;
  }
}

/** The mean attention of the places that tied rows share: they stand in any order, each as likely as another. */
export function tieExposure(tie: Pick<Tie, "above" | "rows">, discounts: { upTo(place: number): number }): number {
  return (discounts.upTo(tie.above + tie.rows) - discounts.upTo(tie.above)) / tie.rows;
}

/** The chance that a row of a tie is among the first `top` places. */
export function tieTop(tie: Pick<Tie, "above" | "rows">, top: number): number {
  return Math.max(0, Math.min(tie.rows, top - tie.above)) / tie.rows;
}

export function newDiscounts(): { upTo(place: number): number } {
  return new Discounts();
}

/** Counts every list's cells: numbers of each group in each list. */
export function placesOf(
  summary: ListSummary,
  lists: readonly RankedList[],
  { groups, groupOf }: ReturnType<typeof listGroupsOf>,
  top: number,
): Places {
  const size = groups.length;
  const cells = Object.fromEntries(numbers.map((name) => [name, new Float64Array(lists.length * size)])) as Record<
    ListNumber,
    Float64Array
  >;
  const add = (name: keyof ListCell, at: number, value: number): void => {
    const into = cells[name];
    into[at] = (into[at] ?? 0) + value;
  };
  const discounts = new Discounts();
  for (const [index, list] of lists.entries()) {
    const base = index * size;
    const first = Math.min(top, list.rows);
    for (const tie of tiesOf(summary, list)) {
      const exposure = tieExposure(tie, discounts);
      const share = tieTop(tie, first);
      for (let entry = tie.start; entry < tie.end; entry++) {
        const at = base + (groupOf[entry] ?? 0);
        const count = summary.counts[entry] ?? 0;
        add("rows", at, count);
        add("top", at, count * share);
        add("exposure", at, count * exposure);
        const relevance = summary.relevance[entry] ?? Number.NaN;
        if (Number.isNaN(relevance)) continue;
        add("judgedExposure", at, count * exposure);
        add("relevance", at, count * relevance);
      }
    }
    for (let group = 0; group < size; group++) {
      add("places", base + group, first);
      add("blind", base + group, (first * (cells.rows[base + group] ?? 0)) / list.rows);
    }
    fillPairs(summary, list, groupOf, (name, group, value) => add(name, base + group, value));
  }
  return { groups, lists, groupOf, cells };
}
