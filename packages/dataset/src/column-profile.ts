import { levelOrder } from "./level-order.ts";
import { parseNumber } from "./number-text.ts";
import { profileLimit, profileTop, type SourceColumn } from "./source.ts";
import type { ColumnProfile } from "./table.ts";
import { numberText } from "./value-codes.ts";

/** A column's profile from its distinct texts and how many rows have each; null where there are too many to count. */
export function profileColumn(
  column: SourceColumn,
  counted: { readonly texts: readonly string[]; readonly counts: ArrayLike<number> } | null,
  range: { readonly min: number; readonly max: number } | null,
): ColumnProfile {
  const numeric = column.type === "integer" || column.type === "number";
  const extremes = numeric ? (range ?? rangeOf(counted?.texts ?? [])) : null;
  return {
    name: column.name,
    type: column.type,
    distinct: counted === null || counted.texts.length > profileLimit ? null : counted.texts.length,
    missing: column.missing,
    top: counted === null || counted.texts.length > profileLimit ? [] : mostFrequent(counted.texts, counted.counts),
    min: extremes !== null && extremes.min <= extremes.max ? extremes.min : null,
    max: extremes !== null && extremes.min <= extremes.max ? extremes.max : null,
  };
}

/** The same of finite numbers, each once: no text is made but of those that are shown. */
export function profileNumbers(
  column: SourceColumn,
  { numbers, rows }: { readonly numbers: readonly number[]; readonly rows: readonly number[] },
): ColumnProfile {
  const sorted = Float64Array.from(rows).sort();
  const least = sorted[Math.max(0, sorted.length - profileTop)] ?? 0;
  const shown: number[] = [];
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const [place, value] of numbers.entries()) {
    if (value < min) min = value;
    if (value > max) max = value;
    if ((rows[place] ?? 0) >= least) shown.push(place);
  }
  shown.sort((a, b) => (rows[b] ?? 0) - (rows[a] ?? 0) || (numbers[a] ?? 0) - (numbers[b] ?? 0));
  return {
    name: column.name,
    type: column.type,
    distinct: numbers.length,
    missing: column.missing,
    top: shown
      .slice(0, profileTop)
      .map((place) => ({ value: numberText(numbers[place] ?? 0), count: rows[place] ?? 0 })),
    min: numbers.length > 0 ? min : null,
    max: numbers.length > 0 ? max : null,
  };
}

/** Most frequent first; equal counts in the order of levels. */
function mostFrequent(texts: readonly string[], counts: ArrayLike<number>): ColumnProfile["top"] {
  // Only texts at least as frequent as the last one shown need the (costlier) order of levels.
  const sorted = Array.from({ length: texts.length }, (_, index) => counts[index] ?? 0).sort((a, b) => b - a);
  const least = sorted[Math.min(profileTop, sorted.length) - 1] ?? 0;
  const rank = new Map<number, number>();
  for (const [place, index] of levelOrder(texts).entries()) if ((counts[index] ?? 0) >= least) rank.set(index, place);
  return [...rank.keys()]
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (rank.get(a) ?? 0) - (rank.get(b) ?? 0))
    .slice(0, profileTop)
    .map((index) => ({ value: texts[index] ?? "", count: counts[index] ?? 0 }));
}

function rangeOf(texts: readonly string[]): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const text of texts) {
    const value = parseNumber(text);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
