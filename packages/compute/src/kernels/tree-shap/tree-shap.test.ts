import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uploadTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { allRules, randomForest } from "../forest/random-forest.ts";
import { explain, explainInteractions, loadTreeShap } from "./index.ts";
import { treeShapReference } from "./reference.ts";

/** Thresholds and values of few kinds, so that values lie on thresholds and conditions repeat. */
const grid = (random: PhiloxStream) => [-1, -0, 0, 0.25, 0.5, 1, Number.POSITIVE_INFINITY][random.integer(7)] ?? 0;
const value = (random: PhiloxStream) => [Number.NaN, -1, -0, 0, 0.25, 0.3, 0.5, 1, 2][random.integer(9)] ?? 0;

function columns(random: PhiloxStream, inputs: number, rows: number): Float32Array[] {
  return Array.from({ length: inputs }, () => Float32Array.from({ length: rows }, () => value(random)));
}

/** Covers that add up over the children, some of them 0. */
function withCover(forest: Forest, random: PhiloxStream): Forest {
  const cover = new Float64Array(forest.column.length);
  const fill = (node: number): number => {
    const leaf = (forest.column[node] ?? -1) < 0;
    const sum = leaf ? random.integer(5) : fill(forest.left[node] ?? 0) + fill(forest.right[node] ?? 0);
    cover[node] = sum;
    return sum;
  };
  for (const root of forest.roots) fill(root);
  return { ...forest, cover };
}

const cases = fc.record({
  seed: fc.nat(2 ** 31),
  inputs: fc.integer({ min: 1, max: 6 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  trees: fc.integer({ min: 1, max: 3 }),
  depth: fc.integer({ min: 0, max: 6 }),
  stop: fc.constantFrom(0, 0.2),
  pairs: fc.constantFrom(1, 3),
  rows: fc.integer({ min: 1, max: 5 }),
  zRows: fc.integer({ min: 1, max: 6 }),
  weighted: fc.boolean(),
  grouped: fc.boolean(),
  kind: fc.constantFrom("identity" as const, "logistic" as const, "path-dependent" as const),
});

function largestDifference(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (const [index, one] of a.entries()) {
    const difference = Math.abs(one - (b[index] ?? 0));
    largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
  }
  return largest;
}

for (const { label, name, missing, open } of testDevices) {
  if (name !== "cpu") continue;
  describe.skipIf(missing !== null)(`tree-shap on ${label}`, () => {
    it("equals Shapley's definition over all subsets of players", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(cases, async (one) => {
          const random = new PhiloxStream(one.seed, 0);
          const { inputs, kind } = one;
          const shape = { ...one, rules: allRules, threshold: grid };
          const forest = withCover(randomForest(random, shape), random);
          const count = one.grouped ? Math.ceil(inputs / 2) : inputs;
          const players = Int32Array.from({ length: inputs }, (_, column) => column % count);
          const rows = columns(random, inputs, one.rows);
          const zColumns = columns(random, inputs, one.zRows);
          const weights = one.weighted
            ? Float64Array.from({ length: one.zRows }, (_, row) => (row === 0 ? 1 : random.integer(3) / 2))
            : null;
          const pathDependent = kind === "path-dependent";
          const link = kind === "logistic" ? "logistic" : "identity";
          const expected = treeShapReference({
            forest,
            rows,
            background: pathDependent ? null : { columns: zColumns, weights },
            link,
            players,
          });
          const table = uploadTable(device, rows);
          const background = pathDependent ? null : uploadTable(device, zColumns);
          const loaded = await loadTreeShap(device, forest, {
            kind: pathDependent ? "path-dependent" : "interventional",
            background,
            weights: pathDependent ? null : weights,
            link,
            players: one.grouped ? players : null,
          });
          background?.free();
          const { base, values } = await explain(loaded, table);
          expect(largestDifference(base, expected.base)).toBeLessThan(1e-12);
          expect(largestDifference(values, expected.values)).toBeLessThan(1e-10);
          if (link === "identity") {
            const pairs = await explainInteractions(loaded, table);
            expect(largestDifference(pairs.values, expected.interactions)).toBeLessThan(1e-10);
          }
          loaded.free();
          table.free();
        }),
        { numRuns: 300, seed: 1 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}
