import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Device } from "../../device.ts";
import { uploadTable, uploadView } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { loadForest, predictForest, predictPermuted, prepareForest } from "./index.ts";
import { allRules, randomForest } from "./random-forest.ts";
import { predictForestReference, type ReferenceView } from "./reference.ts";

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`predictForest on ${label}`, () => {
    it("runs on the device asked for and gives the reference's sums", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: slow ? 150 : 700 }), async (seed, rows) => {
          const random = new PhiloxStream(seed, 0);
          const forest = randomForest(random, {
            inputs: 1 + random.integer(9),
            trees: random.integer(6),
            depth: random.integer(9),
            stop: random.integer(3) / 4,
          });
          await agrees(device, forest, table(random, forest.inputs, rows), rows);
        }),
        { seed: 1, numRuns: slow ? 12 : 150 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("follows every rule of nodes, for missing values, ties, zeros of either sign and the ends of float32", async () => {
      const device = await open();
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new PhiloxStream(seed, 1);
          const forest = randomForest(random, {
            inputs: 3,
            outputs: 2,
            trees: 4,
            depth: 1 + random.integer(5),
            rules: allRules,
            threshold: () => specials[random.integer(specials.length)] ?? 0,
          });
          const columns = Array.from({ length: 3 }, () =>
            Float32Array.from(
              { length: 100 },
              () => [...specials, Number.NaN][random.integer(specials.length + 1)] ?? 0,
            ),
          );
          await agrees(device, forest, columns, 100);
        }),
        { seed: 2, numRuns: slow ? 12 : 200 },
      );
      device.dispose();
    });

    it("predicts with permuted columns, many times, the bits it gives over the views", async () => {
      const device = await open();
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new PhiloxStream(seed, 2);
          const inputs = 1 + random.integer(5);
          const rows = 1 + random.integer(slow ? 20 : 400);
          const forest = randomForest(random, {
            inputs,
            outputs: 1 + random.integer(3),
            trees: random.integer(5),
            depth: random.integer(10),
            stop: random.integer(3) / 6,
            rules: random.integer(2) === 0 ? [0] : allRules,
            threshold: () => random.integer(8) / 8,
            pairs: 1 + random.integer(2),
          });
          const columns = Array.from({ length: inputs }, () =>
            Float32Array.from(
              { length: rows },
              () => [random.integer(8) / 8, Number.NaN][Number(random.integer(9) === 0)] ?? 0,
            ),
          );
          const group = columns.flatMap((_, column) => (random.integer(2) === 0 ? [column] : []));
          const repeats = [0, 1, 4, 10, 17][random.integer(5)] ?? 0;
          const indexes = Uint32Array.from({ length: repeats * rows }, () => random.integer(rows));
          const loaded = loadForest(device, forest);
          const uploaded = uploadTable(device, columns);
          const buffer = device.allocate(indexes.byteLength);
          device.upload(buffer, indexes);
          const prepared = await prepareForest(loaded, uploaded);
          const sums = await predictPermuted(prepared, { columns: group, indexes: buffer, repeats });
          expect(sums.length).toBe(repeats * rows * forest.outputs);
          for (let repeat = 0; repeat < repeats; repeat++) {
            const through = indexes.subarray(repeat * rows, (repeat + 1) * rows);
            const view = uploadView(
              device,
              rows,
              columns.map((_, column) => (group.includes(column) ? through : null)),
            );
            const expected = await predictForest(loaded, uploaded, { view });
            const size = expected.length;
            expect(firstDifference(sums.subarray(repeat * size, (repeat + 1) * size), expected)).toBeNull();
            view.free();
          }
          prepared.free();
          buffer.free();
          uploaded.free();
          loaded.free();
        }),
        { seed: 3, numRuns: slow ? 12 : 150 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}

const specials = [
  ...[0, -0, 1, -1, 2 ** -149, -(2 ** -149), 2 ** -126, -(2 ** -126)],
  ...[3.4028234663852886e38, -3.4028234663852886e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

function table(random: PhiloxStream, columns: number, rows: number): Float32Array[] {
  return Array.from({ length: columns }, () => Float32Array.from({ length: rows }, () => random.uniform()));
}

async function agrees(
  device: Device,
  forest: Forest,
  columns: readonly Float32Array[],
  rows: number,
  view: ReferenceView = [],
): Promise<void> {
  const loaded = loadForest(device, forest);
  const uploaded = uploadTable(device, columns);
  const made = view.length > 0 ? uploadView(device, rows, view) : null;
  const sums = await predictForest(loaded, uploaded, made ? { view: made } : {});
  const expected = predictForestReference(forest, columns, rows, view);
  expect(sums.length).toBe(expected.length);
  // Leaves lie between −1 and 1.
  const bound = forest.roots.length + 1;
  for (const [at, sum] of sums.entries()) {
    if (!(Math.abs(sum - (expected[at] ?? Number.NaN)) <= bound * bound * 2 ** -53)) {
      expect.fail(`[${at}] is ${sum}, expected ${expected[at]}`);
    }
  }
  made?.free();
  uploaded.free();
  loaded.free();
}
