import { describe, expect, it } from "vitest";
import { floorFloat32, previousFloat32 } from "./forest.ts";

const smallest = 2 ** -149;

describe("thresholds of higher precision", () => {
  it("decides every float32 as the float64 threshold would", () => {
    for (const threshold of [0.1, -0.1, 0.3, 1 / 3, 7073.5, 1e-46, -1e-46, 0, -0, smallest, -smallest, 2 ** 24 + 1]) {
      const rounded = floorFloat32(threshold);
      expect(Math.fround(rounded)).toBe(rounded);
      expect(rounded).toBeLessThanOrEqual(threshold);
      for (const x of [Math.fround(threshold), previousFloat32(Math.fround(threshold)), 0, smallest, -smallest]) {
        expect(x <= rounded, `${x} against ${threshold}`).toBe(x <= threshold);
        expect(x <= previousFloat32(x)).toBe(false);
      }
    }
    expect([floorFloat32(Number.POSITIVE_INFINITY), floorFloat32(1e39)]).toEqual([
      Number.POSITIVE_INFINITY,
      3.4028234663852886e38,
    ]);
    expect([floorFloat32(-1e39), previousFloat32(1)]).toEqual([Number.NEGATIVE_INFINITY, 1 - 2 ** -24]);
    expect(floorFloat32(Number.NaN)).toBeNaN();
  });
});
