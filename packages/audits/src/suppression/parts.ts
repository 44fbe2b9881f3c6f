import type { Figure, Finding, LocalizedText, Measure, Table, TableCell } from "@assay/schema";
import { plainText } from "../groups/reading.ts";
import type { Cell } from "./cells.ts";
import { aboutOf, keyOf, valuesOf } from "./cells.ts";
import { countsPeople, drawsFew, isFew, tellsFew } from "./people.ts";
import { saysOnlyTold, ToldNumbers } from "./told.ts";
import { captionText, findingText } from "./words.ts";

/** What is told of an audit of which something is withheld. */
export interface Told {
  readonly below: number;
  readonly numbers: ToldNumbers;
  /** Texts of the data, longest first. */
  readonly names: readonly string[];
  /** Numbers told of a group, by the texts in a line that names it; null where the line names none. */
  readonly ofLine: (texts: readonly string[]) => ToldNumbers;
}

/** Finds what is told of the group that a line of a table or figure names. */
export function toldOf(
  measures: readonly Measure[],
  cells: ReadonlyMap<string, Cell>,
  rest: { readonly below: number; readonly names: readonly string[]; readonly settings: readonly number[] },
): Told {
  const numbers = new ToldNumbers(measures, rest.settings);
  const byCell = new Map<string, Measure[]>();
  for (const measure of measures) {
    const key = keyOf(aboutOf(measure));
    byCell.set(key, [...(byCell.get(key) ?? []), measure]);
  }
  const groups = [...cells.values()].flatMap((cell) => {
    const values = valuesOf(cell.about).map(printed);
    return values.length === 0 ? [] : [{ key: cell.key, values }];
  });
  const known = new Map<string, ToldNumbers>();
  return {
    ...rest,
    numbers,
    ofLine: (texts) => {
      const tokens = new Set(texts.flatMap((text) => [text, ...text.split(/\s*[×,，、]\s*/)].map(plain)));
      const named = groups.filter(({ values }) => values.every((value) => tokens.has(value)));
      if (named.length === 0) return numbers;
      const most = Math.max(...named.map(({ values }) => values.length));
      const keys = named.filter(({ values }) => values.length === most).map(({ key }) => key);
      const key = keys.join("\n");
      const found = known.get(key) ?? new ToldNumbers(keys.flatMap((one) => byCell.get(one) ?? []));
      known.set(key, found);
      return found;
    },
  };
}

function printed(value: string | null): string {
  return value === null ? "unknown" : plain(value);
}

/** As `plainText` prints a text of the data, cut or not. */
function plain(text: string): string {
  return plainText(text).replace(/…$/, "");
}

/** A table with only those numbers that are told elsewhere, or of which no one tells too few where nothing else is withheld. */
export function withholdTable(table: Table, told: Told): Table {
  const rows = table.rows.map((row) => {
    const own = told.ofLine(row.cells.flatMap(textsOf));
    const cells = row.cells.map((cell, place): TableCell => {
      const column = table.columns[place];
      const few = column !== undefined && countsPeople(column) && typeof cell === "number" && isFew(cell, told.below);
      return isTold(cell, own) && !few ? cell : null;
    });
    return cells.every((cell, place) => cell === row.cells[place]) ? row : { ...row, cells };
  });
  const caption = captionOf(table.caption, told);
  const isSame = caption === table.caption && rows.every((row, place) => row === table.rows[place]);
  return isSame ? table : { ...table, caption, rows };
}

function textsOf(cell: TableCell): string[] {
  if (typeof cell === "string") return [cell];
  return cell !== null && typeof cell === "object" && "en" in cell ? [cell.en] : [];
}

function isTold(cell: TableCell, numbers: ToldNumbers): boolean {
  if (cell === null || typeof cell === "string") return true;
  if (typeof cell === "number") return numbers.has(cell);
  if ("en" in cell) return true;
  return [cell.value, cell.low, cell.high].every((one) => numbers.has(one));
}

/** A figure with only those numbers that are told elsewhere; null where none of it could stand. */
export function withholdFigure(figure: Figure, told: Told): Figure | null {
  const caption = captionOf(figure.caption, told);
  if (figure.kind === "intervals") {
    const rows = figure.rows.map((row) => {
      const own = told.ofLine([row.label.en]);
      const stays = [row.value, row.low, row.high, row.n].every((one) => own.has(one));
      return stays ? row : { ...row, value: null, low: null, high: null, n: null };
    });
    const reference =
      figure.reference === null ||
      figure.reference.value === 0 ||
      (told.numbers.has(figure.reference.value) &&
        saysOnlyTold(figure.reference.label, told.numbers, told.names, told.below))
        ? figure.reference
        : null;
    const isSame =
      caption === figure.caption &&
      reference === figure.reference &&
      rows.every((row, place) => row === figure.rows[place]);
    return isSame ? figure : { ...figure, caption, reference, rows };
  }
  if (figure.kind !== "heatmap") return null;
  const cells = figure.cells.map((cell) => {
    const own = told.ofLine([figure.rows[cell.row]?.en ?? "", figure.columns[cell.column]?.en ?? ""]);
    return own.has(cell.value) && own.has(cell.n) ? cell : { ...cell, value: null, n: null };
  });
  const isSame = caption === figure.caption && cells.every((cell, place) => cell === figure.cells[place]);
  return isSame ? figure : { ...figure, caption, cells };
}

function captionOf(caption: LocalizedText, { numbers, names, below }: Told): LocalizedText {
  const text = captionText(below);
  return saysOnlyTold(caption, numbers, names, below) || caption.en === text.en ? caption : text;
}

/** A finding whose sentence holds only what is told; else its verdict without the sentence. */
export function withholdFinding(finding: Finding, changed: ReadonlySet<number>, told: Told): Finding {
  const stays =
    !finding.measures.some((place) => changed.has(place)) &&
    saysOnlyTold(finding.text, told.numbers, told.names, told.below);
  const text = findingText(told.below);
  return stays || finding.text.en === text.en ? finding : { ...finding, text };
}

/** Whether the parts of an audit tell too few by themselves, its measures aside. Figures that always do are left aside too. */
export function partsTellFew(
  {
    figures,
    measures,
    tables,
  }: { readonly figures: readonly Figure[]; readonly measures: readonly Measure[]; readonly tables: readonly Table[] },
  below: number,
): boolean {
  const numbers = new ToldNumbers(measures);
  return (
    figures.some((figure) => !always.some((kind) => kind === figure.kind) && drawsFew(figure, below)) ||
    tables.some((table) => table.rows.some((row) => tellsFew(table, row, below, (value) => numbers.has(value))))
  );
}

/** Each dot or step of these is a person, or the difference of two of their points is one. */
const always: readonly Figure["kind"][] = ["curves", "swarm", "waterfall"];

export function drawsPersons(figure: Figure): boolean {
  return always.some((kind) => kind === figure.kind);
}
