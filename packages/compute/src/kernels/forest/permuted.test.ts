import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uploadTable, uploadView } from "../../device-table.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { loadForest, predictForest, predictPermuted, prepareForest } from "./index.ts";
import { permuteOnCpu } from "./on-cpu.ts";
import { allRules, randomForest } from "./random-forest.ts";

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`predictPermuted on ${label}`, () => {
    it("predicts many times, for any columns, the bits that predictForest gives over the views", async () => {
      const device = await open();
      expect(device.name).toBe(name);
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
            Float32Array.from({ length: rows }, () => (random.integer(9) === 0 ? Number.NaN : random.integer(8) / 8)),
          );
          const group = columns.flatMap((_, column) => (random.integer(2) === 0 ? [column] : []));
          const repeats = [0, 1, 10, 17, 40][random.integer(5)] ?? 0;
          const indexes = Uint32Array.from({ length: repeats * rows }, () => random.integer(rows));
          const loaded = loadForest(device, forest);
          const table = uploadTable(device, columns);
          const buffer = device.allocate(indexes.byteLength);
          device.upload(buffer, indexes);
          const prepared = await prepareForest(loaded, table);
          const sums = await predictPermuted(prepared, { columns: group, indexes: buffer, repeats });
          expect(sums.length).toBe(repeats * rows * forest.outputs);
          for (let repeat = 0; repeat < repeats; repeat++) {
            const through = indexes.subarray(repeat * rows, (repeat + 1) * rows);
            const slots = columns.map((_, column) => (group.includes(column) ? through : null));
            const view = uploadView(device, rows, slots);
            const expected = await predictForest(loaded, table, { view });
            const size = expected.length;
            expect(firstDifference(sums.subarray(repeat * size, (repeat + 1) * size), expected)).toBeNull();
            view.free();
          }
          for (const one of [prepared, buffer, table, loaded]) one.free();
        }),
        { seed: 3, numRuns: slow ? 12 : 150 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it.skipIf(name !== "cpu")("gives the same bits where the leaves are not kept, chunk after chunk", async () => {
      const device = await open();
      const random = new PhiloxStream(1, 3);
      const rows = 30_000;
      const forest = randomForest(random, { inputs: 60, trees: 12, depth: 6, stop: 0.1 });
      const columns = Array.from({ length: 60 }, () => Float32Array.from({ length: rows }, () => random.uniform()));
      const loaded = loadForest(device, forest);
      const table = uploadTable(device, columns);
      const prepared = await prepareForest(loaded, table);
      const indexes = Uint32Array.from({ length: 12 * rows }, () => random.integer(rows));
      const buffer = device.allocate(indexes.byteLength);
      device.upload(buffer, indexes);
      const kept = await predictPermuted(prepared, { columns: [3, 4], indexes: buffer, repeats: 12 });
      const found = new Float64Array(kept.length);
      const members = loaded.packed.columns.flatMap(({ source }, at) => (source === 3 || source === 4 ? [at] : []));
      const input = { columns: [3, 4], indexes: buffer, repeats: 12 };
      await permuteOnCpu({ ...prepared, kept: null }, input, members, found);
      expect(firstDifference(found, kept)).toBeNull();
      for (const one of [prepared, buffer, table, loaded]) one.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("refuses repeats, columns and indexes that do not fit", async () => {
      const device = await open();
      const random = new PhiloxStream(2, 4);
      const loaded = loadForest(device, randomForest(random, { inputs: 2, trees: 1, depth: 2 }));
      const table = uploadTable(device, [Float32Array.of(1, 2), Float32Array.of(3, 4)]);
      const prepared = await prepareForest(loaded, table);
      const indexes = device.allocate(16);
      const run = (more: object) => predictPermuted(prepared, { columns: [0], indexes, repeats: 2, ...more });
      await expect(run({ repeats: -1 })).rejects.toThrow(/repeats must be an integer from 0, got -1/);
      await expect(run({ columns: [2] })).rejects.toThrow(/column 2, the table has 2/);
      await expect(run({ repeats: 3 })).rejects.toThrow(/3 repeats × 2 rows need 24 bytes of indexes, got 16/);
      device.dispose();
    });
  });
}
