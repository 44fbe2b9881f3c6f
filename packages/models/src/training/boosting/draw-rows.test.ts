import { PhiloxStream } from "@assay/compute";
import { describe, expect, it } from "vitest";
import { drawSome, drawTraining } from "./draw-rows.ts";

describe("rows drawn", () => {
  it("draws each number as often, none twice, in order", () => {
    const random = new PhiloxStream(1, 0);
    const of = Uint32Array.of(3, 5, 8, 13, 21, 34);
    const times = new Map<number, number>();
    const draws = 6000;
    for (let draw = 0; draw < draws; draw++) {
      const some = drawSome(of, 2, random);
      expect(some.length).toBe(2);
      expect((some[0] ?? 0) < (some[1] ?? 0)).toBe(true);
      for (const one of some) times.set(one, (times.get(one) ?? 0) + 1);
    }
    // A third each; five standard deviations of a count.
    for (const one of of) {
      expect(Math.abs((times.get(one) ?? 0) - draws / 3)).toBeLessThan(5 * Math.sqrt((draws * 2) / 9));
    }
  });

  it("holds out its share of each class, of hundreds of thousands of rows too", () => {
    const rows = 400_000;
    const strata = Uint8Array.from({ length: rows }, (_, row) => Number(row % 100 === 0));
    const kept = drawTraining(strata, rows, 0.1, new PhiloxStream(2, 0));
    expect(kept.length).toBe(360_000);
    expect(kept.filter((row) => strata[row] === 1).length).toBe(3600);
    expect(new Set(kept).size).toBe(kept.length);
    // A class of one row is trained on, one of two is parted.
    expect(drawTraining([0, 1, 1], 3, 0.1, new PhiloxStream(2, 0)).includes(0)).toBe(true);
    expect(drawTraining([0, 1, 1], 3, 0.1, new PhiloxStream(2, 0)).length).toBe(2);
    expect(drawTraining(null, 10, 0.3, new PhiloxStream(2, 0)).length).toBe(7);
  });
});
