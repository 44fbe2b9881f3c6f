import { isAssayError } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { deviceKinds } from "./devices/index.ts";
import { openDevice, probeDevices } from "./open-device.ts";

describe("opening a device", () => {
  it("lists every kind by name, and says why one is not there", async () => {
    const probes = await probeDevices();
    expect(probes.map((probe) => probe.name)).toEqual(["cpu", "cuda", "webgpu"]);
    expect(deviceKinds.map((kind) => kind.name)).toEqual(["cpu", "cuda", "webgpu"]);
    for (const probe of probes) expect(probe.available ? probe.description : probe.reason).not.toBe("");
    expect(probes[0]).toMatchObject({
      available: true,
      description: expect.stringMatching(/^WASM SIMD, (1 thread|up to \d+ threads)$/),
    });
  });

  it("gives the device asked for or an error with the reason, never another device", async () => {
    for (const probe of await probeDevices()) {
      if (probe.available) {
        const device = await openDevice(probe.name);
        expect(device.name).toBe(probe.name);
        device.dispose();
        continue;
      }
      const error = await openDevice(probe.name).catch((caught: unknown) => caught);
      expect(isAssayError(error) && error.code).toBe("device-unavailable");
      expect(String(error)).toContain(probe.reason);
    }
  });

  it("takes the best that is there for auto", async () => {
    const present = (await probeDevices())
      .filter((probe) => probe.available && !probe.software)
      .map((probe) => probe.name);
    const device = await openDevice("auto", { threads: 2 });
    expect(device.name).toBe((["cuda", "webgpu", "cpu"] as const).find((name) => present.includes(name)));
    if (device.name === "cpu") expect(device.description).toBe("WASM SIMD, 2 threads");
    device.dispose();
  });
});
