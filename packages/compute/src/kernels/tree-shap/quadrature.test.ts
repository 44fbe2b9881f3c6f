import { describe, expect, it } from "vitest";
import { gaussLegendre } from "./quadrature.ts";

describe("Gauss-Legendre quadrature on [0, 1]", () => {
  it("has the published nodes and weights of three points", () => {
    const { nodes, weights } = gaussLegendre(3);
    const expected = [(1 - Math.sqrt(3 / 5)) / 2, 1 / 2, (1 + Math.sqrt(3 / 5)) / 2];
    for (const [index, node] of expected.entries()) expect(nodes[index]).toBeCloseTo(node, 15);
    for (const [index, weight] of [5 / 18, 8 / 18, 5 / 18].entries()) expect(weights[index]).toBeCloseTo(weight, 14);
  });

  it("integrates every t^a (1 − t)^b of degree below 2n to a! b! / (a + b + 1)!, for as many nodes as 64 players need", () => {
    for (let count = 1; count <= 32; count++) {
      const { nodes, weights } = gaussLegendre(count);
      for (let a = 0; a < 2 * count; a++) {
        const b = 2 * count - 1 - a;
        let sum = 0;
        for (const [index, t] of nodes.entries()) sum += (weights[index] ?? 0) * t ** a * (1 - t) ** b;
        let exact = 1 / (a + b + 1);
        for (let k = 1; k <= b; k++) exact *= k / (a + k);
        expect(Math.abs(sum / exact - 1)).toBeLessThan(1e-12);
      }
    }
  });
});
