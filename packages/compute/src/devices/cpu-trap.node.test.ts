import { describe, expect, it } from "vitest";
import { cpu } from "./cpu.ts";

// In Node alone: a Chromium that is built without V8's handler of faults, as the one in the npm package is, loses the whole
// page where WebAssembly reads past its memory.
describe("the cpu device", () => {
  it("says that a kernel stopped when it runs out of its memory", async () => {
    const device = await cpu.open({});
    const buffer = device.allocate(4);
    device.upload(buffer, new Uint32Array(1));
    const far = device.reservedBytes;
    await expect(device.dispatch("tallyCount", [far, 4, buffer, 0, buffer])).rejects.toMatchObject({
      code: "device-failed",
    });
    // What the kernel wrote before it stopped cannot be told from a result.
    await expect(device.download(buffer, new Uint32Array(1))).rejects.toMatchObject({ code: "device-failed" });
    buffer.free();
    expect(device.allocatedBytes).toBe(0);
  });
});
