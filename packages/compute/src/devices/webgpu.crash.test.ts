import { describe, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import { findAdapter } from "./webgpu-adapter.ts";
import { openWith, testCode } from "./webgpu-open.testing.ts";

const found = await findAdapter();
const missing = "reason" in found ? found.reason : null;

describe.skipIf(missing !== null)(`the browser's GPU process (${missing ?? "there is one"})`, () => {
  it("may crash in the middle: the device is lost, by its code, and can be opened again", async () => {
    if ("reason" in found) throw new Error(found.reason);
    const { device } = await openWith(found, testCode);
    const buffer = device.allocate(4);
    device.clear(buffer);
    await device.dispatch("spin", [buffer, 30_000_000], 1);
    const lost = { code: "device-lost", message: expect.stringMatching(/is lost: .*; open the device again$/) };
    const waiting = expect(device.download(buffer, new Uint32Array(1))).rejects.toMatchObject(lost);
    await cdp().send("Browser.crashGpuProcess");
    await waiting;
    await expect(device.dispatch("number", [buffer], 1)).rejects.toMatchObject(lost);
    device.dispose();

    const again = (await openWith(found, testCode)).device;
    const fresh = again.allocate(4);
    again.clear(fresh);
    await again.dispatch("number", [fresh], 1);
    expect([...(await again.download(fresh, new Uint32Array(1)))]).toEqual([1]);
    again.dispose();
  });
});
