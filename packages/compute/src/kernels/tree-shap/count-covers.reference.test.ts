import { describe, expect, it } from "vitest";
import { adultColumns, missingAdult } from "../../adult-rows.testing.ts";
import { type Forest, missingLeft } from "../../forest.ts";
import { referenceForest } from "../../reference-models.testing.ts";
import { countCovers } from "./count-covers.ts";

describe("covers counted of rows", () => {
  it.skipIf(missingAdult !== null)(
    `are those that scikit-learn wrote while it trained (${missingAdult ?? "../shared"})`,
    () => {
      // Boosted trees without subsampling: every tree was grown on all 32,561 rows.
      const forest = referenceForest("gb100_d3_adult");
      expect(countCovers(forest, adultColumns("adult.data"))).toEqual(forest.cover);
    },
  );

  it("send missing values where the node says", () => {
    const forest: Forest = {
      inputs: 1,
      outputs: 1,
      base: Float64Array.of(0),
      roots: Uint32Array.of(0),
      column: Int32Array.of(0, -1, -1),
      threshold: Float32Array.of(1, 0, 0),
      rule: Uint8Array.of(missingLeft, 0, 0),
      left: Uint32Array.of(1, 0, 1),
      right: Uint32Array.of(2, 1, 2),
      leafOutput: Uint32Array.of(0, 0),
      leafValue: Float64Array.of(1, 2),
      cover: null,
    };
    const rows = [Float32Array.of(0, 1, 2, Number.NaN)];
    expect(countCovers(forest, rows)).toEqual(Float64Array.of(4, 3, 1));
    expect(countCovers({ ...forest, rule: new Uint8Array(3) }, rows)).toEqual(Float64Array.of(4, 2, 2));
  });
});
