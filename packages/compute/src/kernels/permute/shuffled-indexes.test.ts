import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Device, DeviceBuffer } from "../../device.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { shuffledIndex } from "./shuffled-index.ts";
import { type ShuffledIndexesInput, shuffledIndexes } from "./shuffled-indexes.ts";

const inputs = fc
  .record({
    rows: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    seed: fc.maxSafeNat(),
    stream: fc.maxSafeNat(),
  })
  .chain((whole) =>
    fc.record({
      rows: fc.constant(whole.rows),
      seed: fc.constant(whole.seed),
      stream: fc.constant(whole.stream),
      first: fc.integer({ min: Math.max(0, whole.rows - 200), max: whole.rows }),
    }),
  );

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`shuffledIndexes on ${label}`, () => {
    it("runs on the device asked for and equals the reference to the bit, in whole and in parts", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          const drawn = await indexes(device, input);
          expect(firstDifference(drawn, reference(input))).toBeNull();
        }),
        { seed: 3, numRuns: slow ? 20 : 200 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it.each([0, 1, 2, 3, 5, 16, 17, 255, 256, 257, 289, 1000, 4099])("moves %i indexes, each once", async (rows) => {
      const device = await open();
      const drawn = await indexes(device, { rows, seed: 9, stream: rows });
      expect(drawn.slice().sort()).toEqual(Uint32Array.from({ length: rows }, (_, row) => row));
      device.dispose();
    });

    it("reaches the last of 2^32 − 1 rows", async () => {
      const device = await open();
      const input = { rows: 2 ** 32 - 1, seed: 9, stream: 0, first: 2 ** 32 - 1 - 1000 };
      const drawn = await indexes(device, input);
      expect(firstDifference(drawn, reference(input))).toBeNull();
      expect(new Set(drawn).size).toBe(1000);
      device.dispose();
    });

    it("writes into a part of a buffer, and leaves the rest of it", async () => {
      const device = await open();
      const buffer = device.allocate(400);
      device.upload(buffer, new Uint32Array(100).fill(7));
      const input = { rows: 40, seed: 1, stream: 2 };
      expect(await shuffledIndexes(device, { ...input, into: buffer, at: 30 })).toBe(buffer);
      const held = await device.download(buffer, new Uint32Array(100));
      const seven = (count: number): number[] => new Array(count).fill(7);
      expect([...held]).toEqual([...seven(30), ...reference(input), ...seven(30)]);
      await expect(shuffledIndexes(device, { ...input, into: buffer, at: 61 })).rejects.toMatchObject({
        code: "data-too-large",
        message: "shuffledIndexes: 101 indexes are 404 bytes, the buffer holds 400; shuffle a part of the rows at once",
      });
      buffer.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("refuses what is out of range", async () => {
      const device = await open();
      const input = { rows: 3, seed: 0, stream: 0 };
      await expect(shuffledIndexes(device, { ...input, rows: 2 ** 32 })).rejects.toThrow(/rows must be an integer/);
      await expect(shuffledIndexes(device, { ...input, seed: -1 })).rejects.toThrow(/seed must be an integer/);
      await expect(shuffledIndexes(device, { ...input, first: 0.5 })).rejects.toThrow(/first must be an integer/);
      await expect(shuffledIndexes(device, { ...input, first: 2, count: 2 })).rejects.toThrow(/ends at row 4 of 3/);
      await expect(shuffledIndexes(device, { ...input, first: 4 })).rejects.toThrow(/count must be an integer/);
      device.dispose();
    });
  });
}

async function indexes(device: Device, input: ShuffledIndexesInput): Promise<Uint32Array> {
  let buffer: DeviceBuffer | null = null;
  try {
    buffer = await shuffledIndexes(device, input);
    return await device.download(buffer, new Uint32Array(input.rows - (input.first ?? 0)));
  } finally {
    buffer?.free();
  }
}

function reference({ rows, seed, stream, first = 0 }: ShuffledIndexesInput): Uint32Array {
  return Uint32Array.from({ length: rows - first }, (_, row) => shuffledIndex(seed, stream, rows, first + row));
}
