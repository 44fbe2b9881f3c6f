import type { Cell, Sum } from "./cells.ts";
import type { Layer } from "./layers.ts";
import { isFew } from "./people.ts";
import type { WithheldCells } from "./withheld-cells.ts";

/** Cells that can be solved for at most; with more, a whole level of them is withheld. */
const mostUnknowns = 400;

/**
 * Cells to withhold because sums of cells, taken together, leave but one value for a number that is too small: for each, another
 * of a sum that it stands in. The sums are solved by elimination; which cells have a single value does not depend on the values.
 */
export function determined(
  cells: ReadonlyMap<string, Cell>,
  sums: readonly Sum[],
  withheld: WithheldCells,
  below: number,
): { readonly cell: Cell; readonly layer: Layer }[] {
  return withheld.layers.flatMap((layer) => {
    const unknown = [...cells.values()].filter((cell) => withheld.has(cell.key, layer) && has(cell, layer));
    if (unknown.length > mostUnknowns) return wholeLevel(unknown, cells, withheld, layer);
    const places = new Map(unknown.map((cell, place) => [cell.key, place]));
    const rows: number[][] = [];
    for (const { whole, parts } of sums) {
      if (!has(whole, layer)) continue;
      const row = new Array<number>(unknown.length).fill(0);
      for (const cell of [whole, ...parts]) {
        const place = places.get(cell.key);
        if (place !== undefined) row[place] = cell === whole ? -1 : 1;
      }
      if (row.some((value) => value !== 0)) rows.push(row);
    }
    const single = reduce(rows, unknown.length);
    const small = unknown.find(
      (cell, place) =>
        single.has(place) &&
        [...cell.quantities.values()].some((one) => one.layer === layer && isFew(one.people, below)),
    );
    if (small === undefined) return [];
    const next = neighbour(small, sums, withheld, layer);
    return next === null ? [] : [{ cell: next, layer }];
  });
}

function has(cell: Cell, layer: Layer): boolean {
  for (const one of cell.quantities.values()) if (one.layer === layer) return true;
  return false;
}

/** Columns that the reduced rows leave with one value. */
function reduce(rows: number[][], width: number): Set<number> {
  let done = 0;
  for (let column = 0; column < width && done < rows.length; column++) {
    const pivot = rows.findIndex((row, index) => index >= done && Math.abs(row[column] ?? 0) > 1e-9);
    const own = rows[pivot];
    const other = rows[done];
    if (own === undefined || other === undefined) continue;
    rows[pivot] = other;
    rows[done] = own;
    const by = own[column] ?? 1;
    for (let place = 0; place < width; place++) own[place] = (own[place] ?? 0) / by;
    for (const [index, row] of rows.entries()) {
      const factor = row[column] ?? 0;
      if (index === done || Math.abs(factor) < 1e-9) continue;
      for (let place = 0; place < width; place++) row[place] = (row[place] ?? 0) - factor * (own[place] ?? 0);
    }
    done++;
  }
  const single = new Set<number>();
  for (const row of rows.slice(0, done)) {
    const held = row.flatMap((value, place) => (Math.abs(value) > 1e-9 ? [place] : []));
    if (held.length === 1 && held[0] !== undefined) single.add(held[0]);
  }
  return single;
}

/** The smallest cell that is still told beside this one in a sum; else the whole. */
function neighbour(cell: Cell, sums: readonly Sum[], withheld: WithheldCells, layer: Layer): Cell | null {
  const told = (one: Cell): boolean => has(one, layer) && !withheld.has(one.key, layer);
  const size = (one: Cell): number => Math.max(...[...one.quantities.values()].map(({ people }) => people));
  const beside = sums.filter(({ parts }) => parts.includes(cell)).flatMap(({ parts }) => parts.filter(told));
  const wholes = sums.filter(({ parts }) => parts.includes(cell)).flatMap(({ whole }) => (told(whole) ? [whole] : []));
  const below = sums.filter(({ whole }) => whole === cell).flatMap(({ parts }) => parts.filter(told));
  return [...beside, ...below].sort((a, b) => size(a) - size(b))[0] ?? wholes[0] ?? null;
}

/** Too many to solve for: every cell of the finest columns among them. */
function wholeLevel(
  unknown: readonly Cell[],
  cells: ReadonlyMap<string, Cell>,
  withheld: WithheldCells,
  layer: Layer,
): { readonly cell: Cell; readonly layer: Layer }[] {
  const levels = new Set(unknown.map((cell) => cell.columns));
  return [...cells.values()]
    .filter((cell) => levels.has(cell.columns) && has(cell, layer) && !withheld.has(cell.key, layer))
    .map((cell) => ({ cell, layer }));
}
