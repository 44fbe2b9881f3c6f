import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { addExact, exactFromNumber, exactToNumber } from "../../exact-sum.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { type TallyInput, tally } from "./index.ts";
import { tallyReference } from "./reference.ts";

const widths = [Uint8Array, Uint16Array, Uint32Array] as const;

/** Doubles of every size whose square stays finite in a sum, and the ones that matter most. */
const weight = fc.oneof(
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 10, noNaN: true }),
  fc.constantFrom(0, 1, 0.1, 5e-324, 2 ** -1022, Number.MAX_VALUE, 2 ** 31, 1 / 3),
);
const count = fc.oneof(fc.nat(3), fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 49 - 1));

const inputs = fc
  .record({
    rows: fc.integer({ min: 0, max: 40 }),
    sizes: fc.array(fc.tuple(fc.constantFrom(...widths), fc.integer({ min: 1, max: 5 })), { maxLength: 4 }),
    counted: fc.boolean(),
    weighted: fc.boolean(),
  })
  .chain(({ rows, sizes, counted, weighted }) => {
    const length = { minLength: rows, maxLength: rows };
    return fc.record<TallyInput>({
      columns: fc.tuple(
        ...sizes.map(([Width, size]) =>
          fc.array(fc.nat(size - 1), length).map((codes) => ({ codes: Width.from(codes), size })),
        ),
      ),
      rows: fc.constant(rows),
      counts: counted ? fc.array(count, length).map((values) => Float64Array.from(values)) : fc.constant(null),
      weights: weighted ? fc.array(weight, length).map((values) => Float64Array.from(values)) : fc.constant(null),
    });
  });

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`tally on ${label}`, () => {
    it("runs on the device asked for and equals the reference for any columns, counts and weights", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          expect(await tally(device, input)).toEqual(tallyReference(input));
        }),
        { numRuns: slow ? 60 : 400, seed: 1 },
      );
      expect(device.allocatedBytes).toBe(0);
    });

    it("equals the reference over several chunks, and does not care how rows are split", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const rows = 100_003;
      const random = new PhiloxStream(5, 0);
      const draw = (size: number) => Array.from({ length: rows }, () => random.integer(size));
      const input: TallyInput = {
        columns: [
          { codes: Uint8Array.from(draw(200)), size: 200 },
          { codes: Uint16Array.from(draw(3)), size: 3 },
          { codes: Uint32Array.from(draw(11)), size: 11 },
        ],
        rows,
        counts: null,
        weights: Float64Array.from({ length: rows }, () => random.uniform() * 3),
      };
      const whole = await tally(device, input);
      const expected = tallyReference(input);
      expect(firstDifference(whole.counts, expected.counts)).toBeNull();
      expect(firstDifference(whole.weights?.sums ?? [], expected.weights?.sums ?? [])).toBeNull();
      expect(firstDifference(whole.weights?.squares ?? [], expected.weights?.squares ?? [])).toBeNull();
      expect(firstDifference(whole.weights?.rows ?? [], expected.weights?.rows ?? [])).toBeNull();

      const parts = await Promise.all(
        [0, 1, 7777, 70_000].map((start, index, starts) => {
          const end = starts[index + 1] ?? rows;
          const columns = input.columns.map(({ codes, size }) => ({ codes: codes.subarray(start, end), size }));
          return tally(device, {
            columns,
            rows: end - start,
            counts: null,
            weights: input.weights?.subarray(start, end) ?? null,
          });
        }),
      );
      for (const which of ["sums", "squares"] as const) {
        const added = parts
          .map((part) => part.weights?.[which] ?? [])
          .reduce((a, b) => a.map((sum, cell) => addExact(sum, b[cell] ?? "0")));
        expect(firstDifference(added, whole.weights?.[which] ?? [])).toBeNull();
      }
    });

    it("counts unweighted rows in few cells and in many, over more rows than are on the device at once", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      for (const [rows, sizes] of [
        [5000, [9]],
        [3001, [40, 7, 300]],
        [2 ** 20 + 3, [3]],
      ] as const) {
        const columns = sizes.map((size, index) => {
          const codes = new (widths[index] ?? Uint8Array)(rows);
          // Long runs and single rows, the last code among them.
          for (let row = 0; row < rows; row++) codes[row] = (row % 97 < 50 ? row >> 9 : row * 31 + index) % size;
          return { codes, size };
        });
        const { shape, counts, weights } = await tally(device, { columns, rows, counts: null, weights: null });
        expect([shape, weights]).toEqual([sizes, null]);
        const expected = new Float64Array(counts.length);
        for (let row = 0; row < rows; row++) {
          const cell = columns.reduce((index, { codes, size }) => index * size + (codes[row] ?? 0), 0);
          expected[cell] = (expected[cell] ?? 0) + 1;
        }
        expect(firstDifference(counts, expected)).toBeNull();
      }
      expect(device.allocatedBytes).toBe(0);
    });

    it("lays cells out with the last column fastest", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const columns = [
        { codes: Uint8Array.of(1, 1, 0), size: 2 },
        { codes: Uint8Array.of(2, 2, 1), size: 3 },
      ];
      const { shape, counts, weights } = await tally(device, { columns, rows: 3, counts: null, weights: null });
      expect(shape).toEqual([2, 3]);
      expect([...counts]).toEqual([0, 1, 0, 0, 0, 2]);
      expect(weights).toBeNull();
    });

    it("reads columns that lie in memory shared between threads", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const codes = new Uint8Array(new SharedArrayBuffer(1000)).fill(1, 400);
      const weights = new Float64Array(new SharedArrayBuffer(8000)).fill(0.5);
      const drawn = await tally(device, { columns: [{ codes, size: 2 }], rows: 1000, counts: null, weights });
      expect([...drawn.counts]).toEqual([400, 600]);
      expect(drawn.weights?.sums.map(exactToNumber)).toEqual([200, 300]);
    });

    it("adds weights exactly where floating point would not", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const weights = Float64Array.of(1e16, 1, 1e-300, 0);
      const columns = [{ codes: Uint8Array.of(0, 0, 0, 0), size: 1 }];
      const { weights: sums } = await tally(device, { columns, rows: 4, counts: null, weights });
      expect(sums?.sums).toEqual([[1e16, 1, 1e-300].map(exactFromNumber).reduce(addExact)]);
      expect(exactToNumber(addExact(sums?.sums[0] ?? "0", exactFromNumber(-1e16)))).toBe(1);
      expect(sums?.rows).toEqual(Float64Array.of(3));
    });

    it("counts tables of millions of cells, and refuses larger ones with the number and a cure", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const codes = Uint16Array.of(2895, 0, 2895);
      const columns = [
        { codes, size: 2896 },
        { codes, size: 2896 },
      ];
      const { counts } = await tally(device, { columns, rows: 3, counts: null, weights: null });
      expect([counts.length, counts[0], counts.at(-1)]).toEqual([2896 * 2896, 1, 2]);
      columns[0] = { codes, size: 2897 };
      await expect(tally(device, { columns, rows: 3, counts: null, weights: null })).rejects.toMatchObject({
        code: "data-too-large",
        message: "tally: 2897 × 2896 = 8389712 cells, at most 8388608; cross fewer columns, or put values into bands",
      });
      expect(device.allocatedBytes).toBe(0);
    });

    it.skipIf(slow).each([[[256]], [[3, 256]], [[14, 3, 3]], [[8, 8, 8, 8]]])(
      "equals the reference over several chunks of bytes: sizes %j",
      async (sizes) => {
        const device = await open();
        onTestFinished(() => device.dispose());
        const rows = 290_005;
        const random = new PhiloxStream(6, sizes.length);
        const columns = sizes.map((size) => ({
          codes: Uint8Array.from({ length: rows }, () => random.integer(size)),
          size,
        }));
        const input: TallyInput = { columns, rows, counts: null, weights: null };
        const { counts } = await tally(device, input);
        expect(firstDifference(counts, tallyReference(input).counts)).toBeNull();
        for (const [index, { codes, size }] of columns.entries()) {
          // The last row lies beyond the last sixteen.
          for (const row of [262_150, rows - 1]) {
            if (size === 256) continue;
            const bad = codes.slice();
            bad[row] = size;
            const wrong = { ...input, columns: columns.with(index, { codes: bad, size }) };
            await expect(tally(device, wrong)).rejects.toThrow(`row ${row} of columns[${index}] has the code ${size};`);
          }
        }
        expect(device.allocatedBytes).toBe(0);
      },
    );

    it("says which row is wrong", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const rows = 50_000;
      const codes = new Uint8Array(rows);
      const fine: TallyInput = { columns: [{ codes, size: 2 }], rows, counts: null, weights: null };
      const bad = new Uint16Array(rows);
      bad[40_001] = 2;
      await expect(
        tally(device, { ...fine, columns: [...fine.columns, { codes: bad, size: 2 }] }),
      ).rejects.toMatchObject({
        code: "data-invalid",
        message: "tally: row 40001 of columns[1] has the code 2; its codes end at 1",
      });
      // 2^31 times the size is 0 in 32 bits: no cell that exists may take the row.
      const far = Uint32Array.from(codes, (_, row) => (row === 7 ? 2 ** 31 : 0));
      await expect(
        tally(device, { ...fine, columns: [{ codes: far, size: 2 }, ...fine.columns] }),
      ).rejects.toMatchObject({ message: "tally: row 7 of columns[0] has the code 2147483648; its codes end at 1" });
      expect(device.allocatedBytes).toBe(0);
      for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
        const counts = new Float64Array(rows);
        counts[3] = wrong;
        await expect(tally(device, { ...fine, counts })).rejects.toThrow(`tally: row 3 has the count ${wrong}`);
      }
      for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
        const weights = new Float64Array(rows);
        weights[49_999] = wrong;
        await expect(tally(device, { ...fine, weights })).rejects.toThrow(`tally: row 49999 has the weight ${wrong}`);
      }
      await expect(tally(device, { ...fine, counts: new Float64Array(1) })).rejects.toThrow(/1 counts for 50000 rows/);
      await expect(tally(device, { ...fine, rows: 3 })).rejects.toThrow(/has 50000 codes for 3 rows/);
      const counts = new Float64Array(rows).fill(2 ** 53 - 1);
      await expect(tally(device, { ...fine, counts })).rejects.toMatchObject({ code: "data-too-large" });
    });
  });
}
