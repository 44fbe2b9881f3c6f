import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uploadTable } from "../../device-table.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { allRules, randomForest } from "../forest/random-forest.ts";
import { explain, explainInteractions, loadTreeShap, type TreeShapOptions } from "./index.ts";
import { treeShapReference } from "./reference.ts";
import { columns, grid, largestDifference, withCover } from "./samples.testing.ts";

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

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** A forest, rows and a background as a case says. */
function sample(one: Case) {
  const random = new PhiloxStream(one.seed, 0);
  const { inputs, kind } = one;
  const forest = withCover(randomForest(random, { ...one, rules: allRules, threshold: grid }), random);
  const count = one.grouped ? Math.ceil(inputs / 2) : inputs;
  const players = Int32Array.from({ length: inputs }, (_, column) => column % count);
  const rows = columns(random, inputs, one.rows);
  const zColumns = columns(random, inputs, one.zRows);
  const weights = one.weighted
    ? Float64Array.from({ length: one.zRows }, (_, row) => (row === 0 ? 1 : random.integer(3) / 2))
    : null;
  const link = kind === "logistic" ? ("logistic" as const) : ("identity" as const);
  const background = kind === "path-dependent" ? null : { columns: zColumns, weights };
  return { forest, rows, background, link, players };
}

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`tree-shap on ${label}`, () => {
    it("runs on the device asked for and equals Shapley's definition over all subsets of players", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(cases, async (one) => {
          const { forest, rows, background, link, players } = sample(one);
          const expected = treeShapReference({ forest, rows, background, link, players });
          const table = uploadTable(device, rows);
          const behind = background && uploadTable(device, background.columns);
          const options: TreeShapOptions = {
            kind: background ? "interventional" : "path-dependent",
            background: behind,
            weights: background?.weights ?? null,
            link,
            players: one.grouped ? players : null,
          };
          const loaded = await loadTreeShap(device, forest, options);
          // Probabilities are for the host: see index.ts.
          expect(loaded.runsOn.name).toBe(link === "logistic" ? "cpu" : name);
          behind?.free();
          const { base, values } = await explain(loaded, table);
          expect(largestDifference(base, expected.base)).toBeLessThan(1e-12);
          const tolerance = loaded.runsOn.name === "cpu" ? 1e-10 : 1e-7;
          expect(largestDifference(values, expected.values)).toBeLessThan(tolerance);
          if (link === "identity") {
            const pairs = await explainInteractions(loaded, table);
            expect(largestDifference(pairs.values, expected.interactions)).toBeLessThan(tolerance);
          }
          loaded.free();
          table.free();
        }),
        { numRuns: slow ? 20 : 100, seed: 1 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}
