/**
 * Adds lanes f64[lane][rows][targets] to sums f64[tile][targets][tileRows], where row `first` of the tiles is row 0 of the
 * lanes, for the rows begin … end − 1: lane after lane, so that sums do not depend on threads.
 */
export function treeShapCollect(
  from: usize,
  lanes: u32,
  rows: u32,
  targets: u32,
  sums: usize,
  tileRows: u32,
  first: u32,
  begin: u32,
  end: u32,
): void {
  for (let row = begin; row < end; row++) {
    const place = first + row;
    const tile = place / tileRows;
    const into = sums + (((<usize>tile * targets) * tileRows + (place - tile * tileRows)) << 3);
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const own = from + (((<usize>lane * rows + row) * targets) << 3);
      for (let target: u32 = 0; target < targets; target++) {
        const to = into + ((<usize>target * tileRows) << 3);
        store<f64>(to, load<f64>(to) + load<f64>(own + ((<usize>target) << 3)));
      }
    }
  }
}
