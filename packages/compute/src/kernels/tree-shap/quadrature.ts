/**
 * Gauss-Legendre nodes and weights on [0, 1]: ∫ p(t) dt = Σ weight · p(node), exact for polynomials of degree below
 * 2 × count. Nodes by Newton's method on the Legendre recurrence (Abramowitz & Stegun 25.4.29).
 */
export function gaussLegendre(count: number): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let x = chebyshev(count, index);
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let before = 0;
      let value = 1;
      for (let degree = 1; degree <= count; degree++) {
        [before, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree];
      }
      slope = (count * (x * value - before)) / (x * x - 1);
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    nodes[index] = (1 + x) / 2;
    weights[index] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** A start near enough for Newton's method: the Chebyshev nodes lie between the Legendre ones. */
function chebyshev(count: number, index: number): number {
  const y = (index + 0.75) / (count + 0.5);
  return -Math.cos(Math.PI * y);
}
