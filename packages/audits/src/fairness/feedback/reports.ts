import { type FeedbackCell, isOpenFeedback, isUpheldFeedback } from "@assay/schema";

/** Reports by what became of them. */
export interface Reports {
  readonly count: number;
  readonly open: number;
  readonly upheld: number;
  readonly dismissed: number;
}

export function sumReports(cells: readonly FeedbackCell[]): Reports {
  const sum = { count: 0, open: 0, upheld: 0, dismissed: 0 };
  for (const { state, count } of cells) {
    sum.count += count;
    if (isOpenFeedback(state)) sum.open += count;
    else if (isUpheldFeedback(state)) sum.upheld += count;
    else sum.dismissed += count;
  }
  return sum;
}

/** Reports by some text of theirs, null where they have none. */
export function reportsBy(
  cells: readonly FeedbackCell[],
  keyOf: (cell: FeedbackCell) => string | null,
): ReadonlyMap<string | null, Reports> {
  const parts = new Map<string | null, FeedbackCell[]>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const part = parts.get(key);
    if (part) part.push(cell);
    else parts.set(key, [cell]);
  }
  return new Map([...parts].map(([key, part]) => [key, sumReports(part)]));
}

/** Every month from the first report to the last, those without one too. */
export function monthsOf(cells: readonly FeedbackCell[]): readonly string[] {
  const told = cells.flatMap(({ month }) => (month === null ? [] : [month])).sort();
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return [];
  const months: string[] = [];
  let [year = 0, month = 1] = first.split("-").map(Number);
  for (;;) {
    const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
    months.push(text);
    if (text >= last || months.length >= mostMonths) return months;
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}

/** A table whose months lie further apart has one that is wrong. */
export const mostMonths = 600;

/**
 * Which counts of a partition whose total is known are not printed: those of 1 to fewer than `least` people; and of the others
 * the smallest, as long as what the total leaves over would tell them: of one alone, of fewer than `least` people together,
 * or of as many as such counts can be at most.
 */
export function hiddenCounts(counts: ReadonlyMap<string | null, number>, least: number): ReadonlySet<string | null> {
  const hidden = new Set([...counts].filter(([, count]) => count > 0 && count < least).map(([key]) => key));
  const small = hidden.size;
  const others = [...counts].filter(([key, count]) => !hidden.has(key) && count > 0).sort(([, a], [, b]) => a - b);
  for (const [key] of others) {
    const left = [...hidden].reduce((sum, one) => sum + (counts.get(one) ?? 0), 0);
    const isTold = hidden.size === 1 || left < least || (hidden.size === small && left === small * (least - 1));
    if (small === 0 || !isTold) break;
    hidden.add(key);
  }
  return hidden;
}
