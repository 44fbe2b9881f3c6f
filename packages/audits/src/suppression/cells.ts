import type { AuditId, Measure } from "@assay/schema";
import { type Layer, layerOf } from "./layers.ts";
import { peopleOf } from "./people.ts";

/** Who a number is about: a value for each column that parts people, and for what else it is told by. */
export type About = Readonly<Record<string, string | null>>;

/** A number of people of one cell, under a name that the cells it is compared with have too. */
export interface Quantity {
  readonly layer: Layer;
  readonly people: number;
}

/** Everybody of whom the same is told by: a group, a stratum, a class, or all rows. */
export interface Cell {
  readonly key: string;
  readonly about: About;
  /** Names of the columns that part people, sorted, as one text. */
  readonly columns: string;
  /** What the cell is told by beside them: features, columns and thresholds do not part people. */
  readonly beside: string;
  readonly quantities: Map<string, Quantity>;
}

/** Marks what is no column of the data. */
const classMark = "\u0000class";
const splitMark = "\u0000split";
const besideMarks = ["\u0000feature", "\u0000column", "\u0000threshold"] as const;

export function aboutOf(measure: Measure): About {
  return {
    ...measure.stratum,
    ...measure.group,
    ...(measure.class === undefined ? {} : { [classMark]: measure.class }),
    ...(measure.split === undefined ? {} : { [splitMark]: measure.split }),
    ...(measure.feature === undefined ? {} : { [besideMarks[0]]: measure.feature }),
    ...(measure.column === undefined ? {} : { [besideMarks[1]]: measure.column }),
    ...(measure.threshold === undefined ? {} : { [besideMarks[2]]: String(measure.threshold) }),
  };
}

export function keyOf(about: About): string {
  return JSON.stringify(Object.entries(about).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The cell without its class: numbers of one class of two are numbers of both. */
export function withoutClass(about: About): About {
  const { [classMark]: _, ...rest } = about;
  return rest;
}

/** Columns of the data, with the texts that their values are printed as. */
export function valuesOf(about: About): readonly (string | null)[] {
  return Object.entries(about)
    .filter(([name]) => name === classMark || !name.startsWith("\u0000"))
    .map(([, value]) => value);
}

/** Every cell of which the audits tell a number. */
export function cellsOf(
  audits: readonly { readonly id: AuditId; readonly measures: readonly Measure[] }[],
): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const { id, measures } of audits) {
    for (const measure of measures) {
      if (measure.by !== undefined) continue;
      const about = aboutOf(measure);
      const key = keyOf(about);
      const names = Object.keys(about);
      const cell: Cell = cells.get(key) ?? {
        key,
        about,
        columns: JSON.stringify(names.filter((name) => !isBeside(name)).sort()),
        beside: JSON.stringify(besideMarks.map((name) => about[name] ?? null)),
        quantities: new Map(),
      };
      cells.set(key, cell);
      const layer = layerOf(measure.metric, id);
      for (const { kind, people } of peopleOf(measure)) {
        cell.quantities.set(JSON.stringify([id, measure.metric, measure.version ?? null, kind]), { layer, people });
      }
    }
  }
  return cells;
}

function isBeside(name: string): boolean {
  return besideMarks.some((mark) => mark === name);
}

/** That the cells of finer columns add up to one of fewer. */
export interface Sum {
  readonly whole: Cell;
  readonly parts: readonly Cell[];
}

/** Every way in which cells that are told add up to another that is told. */
export function sumsOf(cells: ReadonlyMap<string, Cell>): Sum[] {
  const sets = new Map<string, Cell[]>();
  for (const cell of cells.values()) {
    const set = `${cell.columns} ${cell.beside}`;
    const held = sets.get(set);
    if (held) held.push(cell);
    else sets.set(set, [cell]);
  }
  const sums: Sum[] = [];
  for (const wholes of sets.values()) {
    for (const finer of sets.values()) {
      const [whole] = wholes;
      const [part] = finer;
      if (!whole || !part || whole.beside !== part.beside) continue;
      const few = JSON.parse(whole.columns) as string[];
      const many = JSON.parse(part.columns) as string[];
      if (many.length <= few.length || !few.every((name) => many.includes(name))) continue;
      const byWhole = new Map<string, Cell[]>();
      for (const one of finer) {
        const key = JSON.stringify(few.map((name) => one.about[name] ?? null));
        const held = byWhole.get(key);
        if (held) held.push(one);
        else byWhole.set(key, [one]);
      }
      for (const one of wholes) {
        const parts = byWhole.get(JSON.stringify(few.map((name) => one.about[name] ?? null)));
        if (parts) sums.push({ whole: one, parts });
      }
    }
  }
  return sums;
}
