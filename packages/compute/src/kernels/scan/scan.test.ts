import { describe, expect, it } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { useBuffers } from "../buffers.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { scan } from "./index.ts";
import { scanReference } from "./reference.ts";

for (const { label, name, missing, open } of testDevices) {
  describe.skipIf(missing !== null)(`scan on ${label}`, () => {
    // Around tiles of tiles of 64.
    it.each([0, 1, 2, 63, 64, 65, 127, 128, 4095, 4096, 4097, 20_000])(
      "runs on the device asked for and gives the running sums of %i values to the bit, beyond 2^32 too",
      async (length) => {
        const device = await open();
        expect(device.name).toBe(name);
        const random = new PhiloxStream(length, 0);
        const values = Uint32Array.from({ length }, () => random.uint32());
        const expected = scanReference(values);
        await useBuffers(device, async (take) => {
          const buffer = take(length * 4 + 4, "any");
          device.upload(buffer, values);
          const total = take(4, "any");
          await scan(device, take, buffer, length, total);
          expect(firstDifference(await device.download(buffer, new Uint32Array(length + 1)), expected)).toBeNull();
          expect([...(await device.download(total, new Uint32Array(1)))]).toEqual([expected[length]]);
        });
        expect(device.allocatedBytes).toBe(0);
        device.dispose();
      },
    );
  });
}
