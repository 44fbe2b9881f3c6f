/** Row margins, then column margins, of a row-major table. */
export function marginsOf(table: Float64Array, rows: number, columns: number): Float64Array {
  const margins = new Float64Array(rows + columns);
  for (const [cell, count] of table.entries()) {
    const row = Math.floor(cell / columns);
    const column = rows + (cell % columns);
    margins[row] = (margins[row] ?? 0) + count;
    margins[column] = (margins[column] ?? 0) + count;
  }
  return margins;
}
