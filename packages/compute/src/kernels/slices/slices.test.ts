import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { type SlicesInput, slices } from "./index.ts";
import { slicesReference } from "./reference.ts";

const inputs = fc
  .record({
    rows: fc.integer({ min: 0, max: 60 }),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
    counted: fc.boolean(),
  })
  .chain(({ rows, sizes, counted }) => {
    const length = { minLength: rows, maxLength: rows };
    const codes = (size: number) => fc.array(fc.nat(size - 1), length).map((values) => Uint8Array.from(values));
    return fc.record<SlicesInput>({
      columns: fc.tuple(...sizes.map((size) => codes(size).map((values) => ({ codes: values, size })))),
      outcomes: codes(4),
      rows: fc.constant(rows),
      times: counted
        ? fc.array(fc.oneof(fc.nat(3), fc.constant(2 ** 40)), length).map((values) => Float64Array.from(values))
        : fc.constant(null),
      sets: fc.array(fc.array(fc.nat(sizes.length - 1), { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
    });
  });

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`slices on ${label}`, () => {
    it("runs on the host of the device asked for and equals the reference for any columns and sets", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          expect(await slices(device, input)).toEqual(slicesReference(input));
        }),
        { numRuns: slow ? 60 : 300, seed: 1 },
      );
      expect(device.allocatedBytes).toBe(0);
      expect(device.host.allocatedBytes).toBe(0);
    });

    it("equals the reference over several chunks, for tables of few counters, of many, and beyond 16 bits", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const rows = 70_001;
      const random = new PhiloxStream(3, 0);
      const draw = (size: number) => Uint8Array.from({ length: rows }, () => random.integer(size));
      const columns = [2, 4, 64, 31, 200, 255].map((size) => ({ codes: draw(size), size }));
      const input: SlicesInput = {
        columns,
        outcomes: draw(4),
        rows,
        times: null,
        sets: [[0], [5], [0, 1], [2, 3], [4, 5], [0, 2, 3], [2, 3, 4], [0, 1, 2, 3], [5, 0, 1, 3]],
      };
      const found = await slices(device, input);
      const expected = slicesReference(input);
      expect(found.map((counts) => counts.length)).toEqual(expected.map((counts) => counts.length));
      for (const [index, counts] of found.entries()) expect(firstDifference(counts, expected[index] ?? [])).toBeNull();

      // Any split of the rows adds up to the same.
      const parts = await Promise.all(
        [0, 1, 40_000].map((start, index, starts) => {
          const end = starts[index + 1] ?? rows;
          return slices(device, {
            ...input,
            columns: columns.map(({ codes, size }) => ({ codes: codes.subarray(start, end), size })),
            outcomes: input.outcomes.subarray(start, end),
            rows: end - start,
          });
        }),
      );
      for (const [index, counts] of found.entries()) {
        const added = counts.map((_, cell) => parts.reduce((sum, part) => sum + (part[index]?.[cell] ?? 0), 0));
        expect(firstDifference(added, counts)).toBeNull();
      }
    });

    it("lays cells out with the last column of a set fastest, and the outcome faster still", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const columns = [
        { codes: Uint8Array.of(1, 0), size: 2 },
        { codes: Uint8Array.of(2, 1), size: 3 },
      ];
      const input = { columns, outcomes: Uint8Array.of(3, 0), rows: 2, times: null, sets: [[0, 1], [1]] };
      const [both, second] = await slices(device, input);
      expect(both?.length).toBe(24);
      expect([both?.[(1 * 3 + 2) * 4 + 3], both?.[(0 * 3 + 1) * 4]]).toEqual([1, 1]);
      expect([...(second ?? [])]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
    });

    it("reads columns that lie in memory shared between threads", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const codes = new Uint8Array(new SharedArrayBuffer(100)).fill(1, 40);
      const outcomes = new Uint8Array(new SharedArrayBuffer(100));
      const [counts] = await slices(device, {
        columns: [{ codes, size: 2 }],
        outcomes,
        rows: 100,
        times: null,
        sets: [[0]],
      });
      expect([...(counts ?? [])]).toEqual([40, 0, 0, 0, 60, 0, 0, 0]);
    });

    it("says which row is wrong, and what is too large", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const rows = 50_000;
      const codes = new Uint8Array(rows);
      const outcomes = new Uint8Array(rows);
      const fine: SlicesInput = { columns: [{ codes, size: 2 }], outcomes, rows, times: null, sets: [[0]] };
      for (const row of [40_001, 49_999]) {
        const bad = codes.slice();
        bad[row] = 2;
        const columns = [...fine.columns, { codes: bad, size: 2 }];
        await expect(slices(device, { ...fine, columns })).rejects.toMatchObject({
          code: "data-invalid",
          message: `slices: row ${row} of columns[1] has the code 2; its codes end at 1`,
        });
        await expect(slices(device, { ...fine, outcomes: bad.map((code) => code * 2) })).rejects.toThrow(
          `slices: row ${row} of outcomes has the code 4; its codes end at 3`,
        );
        const times = new Float64Array(rows);
        times[row] = -1;
        await expect(slices(device, { ...fine, times })).rejects.toThrow(`slices: row ${row} stands for -1 rows`);
      }
      const wide = { codes, size: 255 };
      await expect(slices(device, { ...fine, columns: [wide, wide, wide], sets: [[0, 1, 2]] })).rejects.toMatchObject({
        code: "data-too-large",
      });
      await expect(slices(device, { ...fine, sets: [[]] })).rejects.toThrow(/crosses 0 columns/);
      await expect(slices(device, { ...fine, sets: [[1]] })).rejects.toThrow(/names column 1 of 1/);
      await expect(slices(device, { ...fine, columns: [{ codes, size: 256 }] })).rejects.toThrow(/size must be/);
      await expect(slices(device, { ...fine, rows: 3 })).rejects.toThrow(/50000 outcomes for 3 rows/);
      const stop = new AbortController();
      stop.abort();
      await expect(slices(device, fine, stop.signal)).rejects.toMatchObject({ code: "cancelled" });
      expect(device.host.allocatedBytes).toBe(0);
    });
  });
}
