/**
 * Holm's step-down adjusted p values, in the order given: they control the chance of any false claim.
 * S. Holm, Scandinavian Journal of Statistics 6 (1979) 65–70.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((x, y) => (ps[x] ?? 1) - (ps[y] ?? 1));
  const adjusted = new Array<number>(ps.length).fill(1);
  let running = 0;
  for (const [rank, index] of order.entries()) {
    running = Math.max(running, Math.min(1, (ps.length - rank) * (ps[index] ?? 1)));
    adjusted[index] = running;
  }
  return adjusted;
}

/**
 * Benjamini–Hochberg adjusted p values, in the order given: they control the expected share of false claims.
 * Y. Benjamini and Y. Hochberg, JRSS B 57 (1995) 289–300, doi:10.1111/j.2517-6161.1995.tb02031.x.
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((x, y) => (ps[y] ?? 1) - (ps[x] ?? 1));
  const adjusted = new Array<number>(ps.length).fill(1);
  let running = 1;
  for (const [position, index] of order.entries()) {
    running = Math.min(running, ((ps[index] ?? 1) * ps.length) / (ps.length - position));
    adjusted[index] = running;
  }
  return adjusted;
}
