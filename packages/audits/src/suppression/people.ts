import type { Figure, Measure, Table, TableCell } from "@assay/schema";

export interface People {
  readonly kind: string;
  readonly people: number;
}

/** Values that count people, by the words that the metrics' names are made of. */
const counted = /(^|-)(count|k-anonymity|rows)(-|$)/;

/** Numbers from 0 to 1 that count nobody among n. */
const notShares = /(^|-)(auc|difference|entropy|kappa|mcc|ratio|strength|value)(-|$)/;

/** Every number of people that a measure tells, or that can be worked out from it alone. */
export function peopleOf(measure: Measure): People[] {
  const { metric, value, n } = measure;
  const list: People[] = [];
  if (value !== null && (measure.unit === "rows" || (counted.test(metric) && !metric.endsWith("-per-second")))) {
    list.push({ kind: "value", people: value });
  }
  // A chance of 1/k is as good as k.
  if (value !== null && value > 0 && metric === "prosecutor-risk") list.push({ kind: "value", people: 1 / value });
  if (n === undefined) return list;
  list.push({ kind: "n", people: n });
  if (value !== null && !notShares.test(metric)) list.push(...sharePeople(value, n));
  return list;
}

/** Of a share of n people: those it counts, and the others. A value that is no share of whole people tells neither. */
export function sharePeople(value: number, n: number): People[] {
  if (value < 0 || value > 1) return [];
  const inside = value * n;
  const whole = Math.round(inside);
  if (Math.abs(inside - whole) > 1e-6 * Math.max(1, n * 1e-3)) return [];
  return [
    { kind: "inside", people: whole },
    { kind: "outside", people: n - whole },
  ];
}

/** Whether a number of people is one that may not be told: from one on, and under the bound. */
export function isFew(people: number, below: number): boolean {
  return people > 1e-6 && people < below - 1e-6;
}

/** Columns of tables that count other things than people. */
const things = new Set(["Different values", "No.", "l-diversity"]);

export function countsPeople({ format, title }: Table["columns"][number]): boolean {
  return format === "count" && !things.has(title.en);
}

/**
 * Whether a row of a table tells a number of people under the bound: as a count, or by a share of one. A share that a measure tells
 * is left out: its measure knows of how many.
 */
export function tellsFew(
  table: Table,
  row: Table["rows"][number],
  below: number,
  isMeasure: (value: number) => boolean,
): boolean {
  const counts: number[] = [];
  const shares: number[] = [];
  for (const [place, column] of table.columns.entries()) {
    const value = numberOf(row.cells[place] ?? null);
    if (value === null) continue;
    if (countsPeople(column)) counts.push(value);
    if (column.format === "percent" && !isMeasure(value)) shares.push(value);
  }
  if (counts.some((count) => isFew(count, below))) return true;
  return shares.some((share) =>
    counts.some((count) => sharePeople(share, count).some(({ people }) => isFew(people, below))),
  );
}

function numberOf(cell: TableCell): number | null {
  if (typeof cell === "number") return cell;
  return cell !== null && typeof cell === "object" && "value" in cell ? cell.value : null;
}

/** The same of a figure. Each dot of a swarm is one person, and a waterfall tells one decision. */
export function drawsFew(figure: Figure, below: number): boolean {
  const isShare = figure.kind === "tree" || ("unit" in figure && figure.unit === "percent");
  const few = (value: number | null, n: number | null): boolean =>
    n !== null &&
    (isFew(n, below) ||
      (isShare && value !== null && sharePeople(value, n).some(({ people }) => isFew(people, below))));
  switch (figure.kind) {
    case "intervals":
      return figure.rows.some(({ value, n }) => few(value, n));
    case "heatmap":
      return figure.cells.some(({ value, n }) => few(value, n));
    case "tree":
      return figure.nodes.some(({ value, n }) => few(value, n));
    case "histogram":
      return figure.series.some(({ bins }) => bins.some(({ count }) => isFew(count, below)));
    case "curves":
    case "swarm":
    case "waterfall":
      return true;
  }
}

const nouns =
  /(?<!(?:under|than|least|below|most) )(?<![\d.,])(\d+) (?:people|persons?|rows?)\b|\bn = (\d+)(?![\d.,])/g;
const chineseNouns = /(?<![\d.,不足少于至少低于] ?)(\d+) ?(?:人|行)|n = (\d+)(?![\d.,])/g;

/** Whether a sentence counts people under the bound in so many words. */
export function saysFew(text: { readonly en: string; readonly "zh-CN": string }, below: number): boolean {
  const has = (sentence: string, pattern: RegExp): boolean =>
    [...sentence.matchAll(pattern)].some(([, a, b]) => isFew(Number(a ?? b), below));
  return has(text.en, nouns) || has(text["zh-CN"], chineseNouns);
}
