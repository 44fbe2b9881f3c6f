import { compareCodePoints } from "@assay/dataset";
import type { Binning } from "./binning.ts";
import { cutsOfValues, narrowRanks, quantileRanks, type Rank } from "./cuts.ts";
import { type KeyCounts, totalRows } from "./key-counts.ts";
import { keyDigits, keyPrefix } from "./ordered-key.ts";
import { countNumbers, type Decided, type Sketch } from "./sketch.ts";

/** A feature whose quantiles are being looked for, digit by digit; null once its bins are known. */
export type Search = { readonly ranks: readonly Rank[]; readonly missing: boolean } | null;

export interface BinRules {
  /** Most bins of a number column. */
  readonly bins: number;
  /** Most values of a text with a bin of their own. */
  readonly levels: number;
  /** Fewest rows of such a value. */
  readonly leastRows: number;
  /** Fewest rows of a value that has a finer bin; `leastRows` for none. */
  readonly leastFiner: number;
}

/** Bins of every feature as far as the first round tells them, and the searches that are left for the others. */
export function binsOfSketches(
  sketches: readonly Sketch[],
  rows: number,
  { bins, levels, leastRows, leastFiner }: BinRules,
  names: readonly string[],
): { readonly level: number; readonly searches: readonly Search[]; readonly binnings: readonly (Binning | null)[] } {
  const searches: Search[] = [];
  const binnings: (Binning | null)[] = [];
  for (const [index, sketch] of sketches.entries()) {
    const name = names[index] ?? "";
    searches.push(null);
    if (sketch.kind === "values") {
      const missing = totalRows(sketch.counts) < rows;
      binnings.push({ kind: "number", name, cuts: cutsOfValues(sketch.counts, bins), missing });
    } else if (sketch.kind === "texts") {
      const missing = sketch.rows.reduce((sum, count) => sum + count, 0) < rows;
      binnings.push({ kind: "text", name, ...frequentTexts(sketch, levels, leastRows, leastFiner), missing });
    } else if (sketch.kind === "digits") {
      binnings.push(null);
      const known = totalRows(sketch.counts);
      const ranks = narrowRanks(quantileRanks(known, bins), sketch.counts, () => true);
      searches[index] = { ranks, missing: known < rows };
    } else binnings.push({ kind: "skipped", name });
  }
  return { level: 1, searches, binnings };
}

/**
 * The most frequent texts, ties by code point, in the order of their texts. A text of fewer than `leastRows` rows has no
 * bin of its own, where it might name a person, but a finer one, which shows no value, if it has `leastFiner`.
 */
function frequentTexts(
  { texts, rows }: { readonly texts: readonly string[]; readonly rows: readonly number[] },
  most: number,
  leastRows: number,
  leastFiner: number,
): { levels: string[]; finer: string[]; others: boolean } {
  const order = texts.map((text, index) => ({ text, rows: rows[index] ?? 0 }));
  order.sort((a, b) => b.rows - a.rows || compareCodePoints(a.text, b.text));
  const frequent = order.filter((one) => one.rows >= Math.min(leastRows, leastFiner)).slice(0, most);
  const textsOf = (some: typeof order): string[] => some.map((one) => one.text).sort(compareCodePoints);
  const levels = textsOf(frequent.filter((one) => one.rows >= leastRows));
  const finer = textsOf(frequent.filter((one) => one.rows < leastRows));
  return { levels, finer, others: texts.length > levels.length };
}

/** Rows whose key begins with a prefix looked for, by one digit more (by value after the last). */
export function refineCounts(
  values: Float64Array,
  search: NonNullable<Search>,
  level: number,
  decided: Decided,
): KeyCounts {
  const wanted = new Set(search.ranks.map((rank) => rank.prefix));
  return countNumbers(values, decided, (value) => {
    if (Number.isNaN(value) || !wanted.has(keyPrefix(value, level))) return Number.NaN;
    return level + 1 === keyDigits ? value : keyPrefix(value, level + 1);
  });
}

/** One digit more of every quantile looked for; after the last, bins. `level` digits were known before. */
export function refineSearches(
  { level: known, searches, binnings }: ReturnType<typeof binsOfSketches>,
  counts: readonly (KeyCounts | null)[],
  names: readonly string[],
): ReturnType<typeof binsOfSketches> {
  const level = known + 1;
  // The prefix of a key one digit longer; after the last digit keys are the values themselves.
  const prefixOf = (key: number): number => Math.floor(key / 65_536);
  const next: Search[] = [];
  const found = [...binnings];
  for (const [index, search] of searches.entries()) {
    const keys = counts[index];
    if (!search || !keys) {
      next.push(null);
      continue;
    }
    const belongs = (key: number, prefix: number): boolean =>
      (level === keyDigits ? keyPrefix(key, 3) : prefixOf(key)) === prefix;
    const ranks = narrowRanks(search.ranks, keys, belongs);
    if (level < keyDigits) next.push({ ranks, missing: search.missing });
    else {
      next.push(null);
      const cuts = [...new Set(ranks.map((rank) => rank.prefix))];
      found[index] = { kind: "number", name: names[index] ?? "", cuts, missing: search.missing };
    }
  }
  return { level, searches: next, binnings: found };
}
