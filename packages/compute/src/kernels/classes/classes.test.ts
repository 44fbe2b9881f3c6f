import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { useBuffers } from "../buffers.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { layKeys } from "./check.ts";
import { ClassTable } from "./class-table.ts";
import { type Classes, type ClassesInput, classes, noClass } from "./index.ts";
import { classesOnGpu } from "./on-gpu.ts";
import { classesReference } from "./reference.ts";

const widths = [Uint8Array, Uint16Array, Uint32Array] as const;

/** Sizes whose products stay within a 32-bit word, fill it, and go beyond it. */
const column = fc.record({
  Width: fc.constantFrom(...widths),
  used: fc.integer({ min: 1, max: 5 }),
  spare: fc.constantFrom(0, 1, 250, 65_000, 2 ** 31, 2 ** 32 - 6),
});

const inputs = fc
  .record({
    rows: fc.integer({ min: 0, max: 60 }),
    columns: fc.array(column, { maxLength: 4 }),
    counted: fc.boolean(),
    classOf: fc.boolean(),
  })
  .chain(({ rows, columns, counted, classOf }) => {
    const length = { minLength: rows, maxLength: rows };
    const count = fc.oneof(fc.nat(3), fc.constantFrom(0, 2 ** 32, 2 ** 46));
    return fc.record<ClassesInput>({
      columns: fc.tuple(
        ...columns.map(({ Width, used, spare }) => {
          const size = used + spare;
          // Codes at both ends of what the column may have.
          const code = fc.oneof(
            fc.nat(used - 1),
            fc.constant(Math.min(size - 1, 2 ** (8 * Width.BYTES_PER_ELEMENT) - 1)),
          );
          return fc.array(code, length).map((codes) => ({ codes: Width.from(codes), size }));
        }),
      ),
      rows: fc.constant(rows),
      counts: counted ? fc.array(count, length).map((values) => Float64Array.from(values)) : fc.constant(null),
      classOf: fc.constant(classOf),
    });
  });

function difference(a: Classes, b: Classes): string | null {
  return (
    firstDifference(a.firsts, b.firsts) ??
    firstDifference(a.counts, b.counts) ??
    (a.classOf && b.classOf ? firstDifference(a.classOf, b.classOf) : a.classOf === b.classOf ? null : "classOf")
  );
}

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`classes on ${label}`, () => {
    it("runs on the device asked for and equals the reference for any columns and counts", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          expect(difference(await classes(device, input), classesReference(input))).toBeNull();
        }),
        { numRuns: slow ? 60 : 400, seed: 1 },
      );
      expect(device.allocatedBytes).toBe(0);
      expect(device.host.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("equals the reference for many rows, few classes and nearly as many classes as rows", async () => {
      const device = await open();
      const rows = slow ? 4000 : 300_000;
      const random = new PhiloxStream(6, 0);
      for (const sizes of [
        [3, 4],
        [50, 40, 30],
        [7, 65_000, 100_000],
      ]) {
        const columns = sizes.map((size) => {
          const codes = new (size < 256 ? Uint8Array : size < 65_536 ? Uint16Array : Uint32Array)(rows);
          for (let row = 0; row < rows; row++) codes[row] = random.integer(size);
          return { codes, size };
        });
        const input = { columns, rows, counts: null, classOf: true };
        expect(difference(await classes(device, input), classesReference(input))).toBeNull();
      }
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it.skipIf(name === "cpu")("meets the same classes chunk after chunk, and grows its table", async () => {
      const device = await open();
      const random = new PhiloxStream(7, 0);
      for (const sizes of [[], [5], [40, 2 ** 31], [2 ** 32 - 1, 2 ** 32 - 1, 3]]) {
        const rows = 1000;
        const columns = sizes.map((size) => ({
          codes: Uint32Array.from(
            { length: rows },
            () => random.integer(Math.min(size, 400)) + size - Math.min(size, 400),
          ),
          size,
        }));
        const input: ClassesInput = { columns, rows, counts: null, classOf: true };
        const found = await classesOnGpu(device, input, layKeys(input), { rows: 300, slots: 8 });
        expect(difference(found, classesReference(input))).toBeNull();
        expect(device.allocatedBytes).toBe(0);
      }
      device.dispose();
    });

    it("makes one class of all rows without columns, and none without rows", async () => {
      const device = await open();
      const one = await classes(device, { columns: [], rows: 5, counts: null, classOf: true });
      expect(one).toEqual({
        firsts: Uint32Array.of(0),
        counts: Float64Array.of(5),
        classOf: new Uint32Array(5),
      });
      const none = await classes(device, { columns: [], rows: 0, counts: null, classOf: false });
      expect(none).toEqual({ firsts: new Uint32Array(0), counts: new Float64Array(0), classOf: null });
      const gone = await classes(device, { columns: [], rows: 2, counts: Float64Array.of(0, 3), classOf: true });
      expect(gone).toEqual({
        firsts: Uint32Array.of(1),
        counts: Float64Array.of(3),
        classOf: Uint32Array.of(noClass, 0),
      });
      device.dispose();
    });

    it("says which row is wrong", async () => {
      const device = await open();
      const rows = 3000;
      const codes = new Uint8Array(rows);
      const fine: ClassesInput = { columns: [{ codes, size: 2 }], rows, counts: null, classOf: false };
      const bad = new Uint16Array(rows);
      bad[2001] = 2;
      await expect(
        classes(device, { ...fine, columns: [...fine.columns, { codes: bad, size: 2 }] }),
      ).rejects.toMatchObject({
        code: "data-invalid",
        message: "classes: row 2001 of columns[1] has the code 2; its codes end at 1",
      });
      for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
        const counts = new Float64Array(rows);
        counts[3] = wrong;
        await expect(classes(device, { ...fine, counts })).rejects.toThrow(`classes: row 3 has the count ${wrong}`);
      }
      await expect(classes(device, { ...fine, counts: new Float64Array(1) })).rejects.toThrow(/1 counts for 3000 rows/);
      await expect(classes(device, { ...fine, rows: 3 })).rejects.toThrow(/has 3000 codes for 3 rows/);
      await expect(classes(device, { ...fine, columns: [{ codes, size: 0 }] })).rejects.toThrow(
        /size must be an integer/,
      );
      const counts = new Float64Array(rows).fill(2 ** 53 - 1);
      await expect(classes(device, { ...fine, counts })).rejects.toMatchObject({ code: "data-too-large" });
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}

describe("the table of classes", () => {
  it("tells what it would take and is refused where the device has no room", async () => {
    const device = await openDevice("cpu");
    await useBuffers(device, async (take) => {
      const table = new ClassTable(device, take, 2);
      await table.makeRoom(1000);
      await expect(table.makeRoom(2 ** 30)).rejects.toMatchObject({
        code: "data-too-large",
        message:
          "classes: 0 classes so far, and a table for 1073741824 needs 38654705664 bytes, more than cpu has left; " +
          "use more shards, or fewer or coarser columns",
      });
    });
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });
});
