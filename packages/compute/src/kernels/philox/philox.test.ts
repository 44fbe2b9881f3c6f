import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { philox } from "../../random/philox.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { philoxWords } from "./index.ts";
import { philoxWordsReference } from "./reference.ts";

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`philoxWords on ${label}`, () => {
    it("runs on the device asked for and gives the reference's words to the bit", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(
          fc.maxSafeNat(),
          fc.maxSafeNat(),
          fc.bigInt(0n, 2n ** 64n - 1n),
          fc.integer({ min: 0, max: 300 }),
          async (seed, stream, counter, blocks) => {
            const input = { seed, stream, counter, blocks };
            const words = await philoxWords(device, input);
            expect(firstDifference(words, philoxWordsReference(input))).toBeNull();
          },
        ),
        { seed: 1, numRuns: slow ? 20 : 100 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("gives the published words", async () => {
      const device = await open();
      // Random123 1.14.0, tests/kat_vectors, the vector of zeros.
      const words = await philoxWords(device, { seed: 0, stream: 0, counter: 0, blocks: 1 });
      expect([...words]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
      device.dispose();
    });

    it("carries into the upper word of the counter, and from the last counter to 0", async () => {
      const device = await open();
      for (const counter of [2n ** 32n - 2n, 2n ** 64n - 3n]) {
        const input = { seed: 7, stream: 2 ** 40, counter, blocks: 9 };
        expect(firstDifference(await philoxWords(device, input), philoxWordsReference(input))).toBeNull();
      }
      device.dispose();
    });

    it("gives the same words in chunks", async () => {
      const device = await open();
      const blocks = 262_144 + 3;
      const words = await philoxWords(device, { seed: 1, stream: 2, counter: 5, blocks });
      for (const block of [0, 1, 70_000, 262_143, 262_144, blocks - 1]) {
        expect([...words.subarray(4 * block, 4 * block + 4)]).toEqual(philox(1, 2, 5 + block));
      }
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("refuses what is out of range", async () => {
      const device = await open();
      const input = { seed: 0, stream: 0, counter: 0, blocks: 1 };
      await expect(philoxWords(device, { ...input, seed: -1 })).rejects.toThrow(/seed must be/);
      await expect(philoxWords(device, { ...input, counter: -1 })).rejects.toThrow(/counter must be/);
      await expect(philoxWords(device, { ...input, blocks: 0.5 })).rejects.toThrow(/blocks must be/);
      device.dispose();
    });
  });
}
