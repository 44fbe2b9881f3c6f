import { describe, expect, it } from "vitest";
import type { Device } from "../device.ts";
import { openDevice } from "../open-device.ts";
import { testDevices } from "../test-devices.testing.ts";
import { selfTest, trials } from "./index.ts";

const now = () => performance.now();

for (const { label, name, missing, open } of testDevices) {
  describe.skipIf(missing !== null)(`the self-test on ${label}`, () => {
    it("finds every trial right on the device asked for, with a rate, and leaves no memory behind", async () => {
      const device = await open();
      const told: number[] = [];
      const result = await selfTest(device, { seconds: 0.2, now, onProgress: (fraction) => told.push(fraction) });
      expect(result).toMatchObject({ device: name, description: device.description, passed: true });
      expect(result.trials.map(({ trial, fault }) => [trial, fault])).toEqual(trials.map((one) => [one.name, null]));
      for (const { perSecond, runs } of result.trials) {
        expect(perSecond).toBeGreaterThan(0);
        expect(runs).toBeGreaterThanOrEqual(3);
      }
      expect(told).toEqual(trials.map((_, index) => index / trials.length));
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}

/** A real device whose hardware is faulty: what comes back from it passes through `spoil`. */
function faulty(device: Device, spoil: (bytes: Uint8Array) => void): Device {
  return new Proxy(device, {
    get(target, key) {
      if (key === "download") {
        return async (...args: Parameters<Device["download"]>) => {
          const into = await target.download(...args);
          spoil(new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
          return into;
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("the self-test of a device that is not well", () => {
  it("tells wrong results and praises no speed", async () => {
    const device = await openDevice("cpu");
    const bad = faulty(device, (bytes) => {
      if (bytes.length > 2) bytes[2] = (bytes[2] ?? 0) ^ 64;
    });
    const result = await selfTest(bad, { seconds: 0.1, now });
    expect(result.passed).toBe(false);
    for (const { trial, perSecond, fault } of result.trials) {
      expect([trial, perSecond, fault?.code]).toEqual([trial, null, "wrong-result"]);
    }
    expect(result.trials.map(({ fault }) => fault?.message)).toEqual([
      expect.stringMatching(/^word 0 came back as \d+, \d+ was sent$/),
      expect.stringMatching(/^row 0 is .*, not .* ± /),
      expect.stringMatching(/^row 0 is .*, not [-\d.]+$/),
      expect.stringMatching(/^row 0 goes to \d+, not \d+$/),
      expect.stringMatching(/^word 0 is \d+, not \d+$/),
    ]);
    expect(device.allocatedBytes).toBe(0);
  });

  it("tells an error of the device by its code", async () => {
    const device = await openDevice("cpu");
    const full = device.allocate(device.maxBufferBytes - 10_000);
    const result = await selfTest(device, { seconds: 0.1, now });
    full.free();
    expect(result.trials.map(({ fault }) => fault?.code)).toEqual(trials.map(() => "device-out-of-memory"));
    expect(result.passed).toBe(false);
    expect(device.allocatedBytes).toBe(0);
  });

  it("ends when it is cancelled", async () => {
    const device = await openDevice("cpu");
    const stop = new AbortController();
    const testing = selfTest(device, { seconds: 60, now, signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(testing).rejects.toMatchObject({ code: "cancelled" });
    expect(device.allocatedBytes).toBe(0);
    await expect(selfTest(device, { seconds: 0, now })).rejects.toThrow(/seconds must be above 0/);
  });
});
