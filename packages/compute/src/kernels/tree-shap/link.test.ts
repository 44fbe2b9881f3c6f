import { describe, expect, it } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { makeLink, sigma, slope } from "./link.ts";

describe("the link of probabilities", () => {
  it("has the slope of the logistic function between any two sums, and its derivative where they meet", () => {
    for (const [u, v] of [
      [0.3, -2],
      [5, 4.9],
      [-30, 12],
      [20, 21],
    ] as const) {
      const direct = (1 / (1 + Math.exp(-u)) - 1 / (1 + Math.exp(-v))) / (u - v);
      expect(Math.abs(slope(u, v) / direct - 1)).toBeLessThan(1e-6);
      expect(slope(v, u)).toBe(slope(u, v));
    }
    for (const u of [0, 1.5, -8, 40, -700]) {
      const derivative = sigma(u) * sigma(-u);
      for (const apart of [0, 1e-9, 1e-4 - 1e-9, 2e-4 + 1e-9]) {
        expect(Math.abs(slope(u, u + apart) - derivative)).toBeLessThan(3e-4 * derivative);
      }
    }
    expect(slope(1e300, -1e300)).toBeCloseTo(5e-301, 310);
  });

  it("mixes few slopes to any other, to 1e-10, wherever rows and background may lie", () => {
    const random = new PhiloxStream(1, 0);
    for (const [rows, background, most] of [
      [6, 5, 12],
      [30, 8, 16],
      [2, 2, 8],
      [500, 35, 24],
    ] as const) {
      const link = makeLink({ low: -rows, high: rows + 1 }, { low: -background - 1, high: background });
      expect(link.nodes.length).toBeLessThanOrEqual(most);
      expect(link.error).toBeLessThan(1e-10);
      const slopes = new Float64Array(link.nodes.length);
      const shares = new Float64Array(link.nodes.length);
      for (let trial = 0; trial < 2000; trial++) {
        const u = (random.uniform() * 2 - 1) * rows;
        const v = (random.uniform() * 2 - 1) * background;
        link.slopes(u, slopes, 0);
        link.shares(v, shares, 0);
        const mixed = slopes.reduce((sum, value, node) => sum + value * (shares[node] ?? 0), 0);
        expect(Math.abs(mixed - slope(u, v))).toBeLessThan(1e-10);
      }
    }
  });

  it("has one node where the whole background has one sum", () => {
    const link = makeLink({ low: -3, high: 4 }, { low: 0.7, high: 0.7 });
    const shares = new Float64Array(1);
    link.shares(0.7, shares, 0);
    expect([...link.nodes]).toEqual([0.7]);
    expect(shares[0]).toBeCloseTo(1, 14);
  });
});
