/** Minimise cost · x, x ≥ 0, with rows · x ≤ bound, or = bound where `equal`. Bounds are not negative. */
export interface LinearProgram {
  readonly cost: ArrayLike<number>;
  readonly rows: readonly ArrayLike<number>[];
  readonly bounds: ArrayLike<number>;
  readonly equal: readonly boolean[];
}

export interface Optimum {
  readonly x: Float64Array;
  readonly value: number;
  /** One for each row: how much the value falls as its bound rises by 1; not negative but for equal rows. */
  readonly duals: Float64Array;
}

const tiny = 1e-11;
const mostPivots = 20_000;

/**
 * The simplex method on a dense tableau, for programs of a few hundred rows and columns. The steepest column enters, and
 * Bland's rule takes over where steps stay in place, so that it ends. Equal rows begin with an artificial variable of a cost
 * beyond all others. Null where nothing satisfies the rows.
 * G. B. Dantzig, Linear Programming and Extensions (1963); R. G. Bland, Math. Oper. Res. 2 (1977) 103–107,
 * doi:10.1287/moor.2.2.103.
 */
export function solveLinearProgram({ cost, rows, bounds, equal }: LinearProgram): Optimum | null {
  const n = cost.length;
  const m = rows.length;
  const width = n + m + 1;
  const beyond =
    1e4 * (1 + Array.from({ length: n }, (_, at) => Math.abs(cost[at] ?? 0)).reduce((a, b) => Math.max(a, b), 0));
  // Column n + i is the slack of row i, or its artificial variable; the last column holds the bounds.
  const table = rows.map((row, index) => {
    const line = new Float64Array(width);
    for (let column = 0; column < n; column++) line[column] = row[column] ?? 0;
    line[n + index] = 1;
    line[width - 1] = bounds[index] ?? 0;
    return line;
  });
  const prices = new Float64Array(width);
  for (let column = 0; column < n; column++) prices[column] = cost[column] ?? 0;
  for (const [index, line] of table.entries()) {
    if (equal[index] !== true) continue;
    for (let column = 0; column < width; column++) {
      if (column !== n + index) prices[column] = (prices[column] ?? 0) - beyond * (line[column] ?? 0);
    }
  }
  const basis = Int32Array.from({ length: m }, (_, index) => n + index);
  let still = 0;
  for (let pivot = 0; pivot < mostPivots; pivot++) {
    let enters = -1;
    let steepest = -tiny;
    for (let column = 0; column < width - 1; column++) {
      // An artificial variable that left stays out.
      if (column >= n && equal[column - n] === true) continue;
      const price = prices[column] ?? 0;
      if (price >= steepest) continue;
      enters = column;
      if (still > m + n) break;
      steepest = price;
    }
    if (enters === -1) break;
    let leaves = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, line] of table.entries()) {
      const share = line[enters] ?? 0;
      if (share <= tiny) continue;
      const ratio = (line[width - 1] ?? 0) / share;
      const before = basis[leaves] ?? Number.POSITIVE_INFINITY;
      if (ratio < least - tiny || (ratio < least + tiny && (basis[index] ?? 0) < before)) {
        least = Math.min(least, ratio);
        leaves = index;
      }
    }
    const line = table[leaves];
    if (!line) return null;
    still = least > tiny ? 0 : still + 1;
    const by = line[enters] ?? 1;
    for (let column = 0; column < width; column++) line[column] = (line[column] ?? 0) / by;
    for (const other of [...table, prices]) {
      if (other === line) continue;
      const times = other[enters] ?? 0;
      if (times === 0) continue;
      for (let column = 0; column < width; column++) other[column] = (other[column] ?? 0) - times * (line[column] ?? 0);
    }
    basis[leaves] = enters;
  }
  const x = new Float64Array(n);
  for (const [index, column] of basis.entries()) {
    const held = table[index]?.[width - 1] ?? 0;
    if (column < n) x[column] = Math.max(0, held);
    else if (equal[column - n] === true && held > 1e-7) return null;
  }
  let value = 0;
  for (let column = 0; column < n; column++) value += (cost[column] ?? 0) * (x[column] ?? 0);
  const duals = Float64Array.from({ length: m }, (_, index) =>
    equal[index] === true ? (prices[n + index] ?? 0) - beyond : Math.max(0, prices[n + index] ?? 0),
  );
  return { x, value, duals };
}
