import { AssayError, type ErrorCode } from "@assay/schema";
import { describe, expect, it } from "vitest";
import type { Device } from "./device.ts";
import { cpu } from "./devices/cpu.ts";
import { failingGpu } from "./failing-device.testing.ts";
import { philoxWords } from "./kernels/philox/index.ts";
import { runOnDevice } from "./run-on-device.ts";
import { testDevices } from "./test-devices.testing.ts";

const input = { seed: 1, stream: 2, counter: 0, blocks: 100 };
const twice = async (device: Device) => [await philoxWords(device, input), await philoxWords(device, input)];

describe("work on a device", () => {
  it("begins again on the cpu where a GPU that auto chose fails in the middle, and says so", async () => {
    const expected = await cpu.open({}).then(twice);
    for (const code of ["device-lost", "device-out-of-memory", "device-timeout", "device-failed"] as const) {
      const gpu = failingGpu(cpu, { name: "cuda", after: 2, code });
      const told: [string, ErrorCode][] = [];
      const names: string[] = [];
      const run = await runOnDevice(
        { device: "auto", gpuWins: true, onRestart: (name, reason) => told.push([name, reason.code]) },
        async (device) => {
          names.push(device.name);
          return twice(device);
        },
        [cpu, gpu],
      );
      expect(run).toEqual({ value: expected, device: "cpu", ran: ["cpu"] });
      expect(names).toEqual(["cuda", "cpu"]);
      expect(told).toEqual([["cuda", code]]);
      // Nothing is left on the device that was given up.
      expect(gpu.opened.map((one) => one.allocatedBytes)).toEqual([0]);
    }
  });

  it("ends in the device's error where it was asked for by name", async () => {
    for (const code of ["device-lost", "device-out-of-memory", "device-timeout", "device-failed"] as const) {
      const choice = { device: "webgpu", gpuWins: true } as const;
      await expect(
        runOnDevice(choice, twice, [cpu, failingGpu(cpu, { name: "webgpu", after: 1, code })]),
      ).rejects.toMatchObject({ code });
    }
  });

  it("leaves an error that is no device's as it is", async () => {
    const work = async (): Promise<never> => {
      throw new AssayError("data-invalid", "row 3");
    };
    const choice = { device: "auto", gpuWins: true } as const;
    await expect(
      runOnDevice(choice, work, [cpu, failingGpu(cpu, { name: "cuda", after: 9, code: "device-lost" })]),
    ).rejects.toThrow("row 3");
  });

  it("takes a GPU for auto only where one wins, and none that the processor plays", async () => {
    const gpu = failingGpu(cpu, { name: "webgpu", after: 99, code: "device-lost" });
    const software = { ...gpu, probe: async () => ({ ...(await gpu.probe()), software: true }) as const };
    const name = async (device: Device) => device.name;
    const run = async (gpuWins: boolean, kind: typeof gpu | typeof software) =>
      (await runOnDevice({ device: "auto", gpuWins }, name, [cpu, kind])).value;
    expect(await run(true, gpu)).toBe("webgpu");
    expect(await run(false, gpu)).toBe("cpu");
    expect(await run(true, software)).toBe("cpu");
  });

  for (const { label, name, missing, open } of testDevices) {
    it.skipIf(missing !== null)(`tells what kernels ran on: ${label}`, async () => {
      const choice = { device: name, gpuWins: true };
      const kinds = [
        { name, open, probe: async () => ({ name, available: false, reason: "asked for by name" }) as const },
      ];
      expect(await runOnDevice(choice, async (device) => device.host === device, kinds)).toMatchObject({
        value: name === "cpu",
        device: name,
        ran: [],
      });
      const { ran } = await runOnDevice(choice, (device) => philoxWords(device, input), kinds);
      expect(ran).toEqual([name]);
      const both = await runOnDevice(
        choice,
        async (device) => {
          await philoxWords(device, input);
          await philoxWords(device.host, input);
        },
        kinds,
      );
      expect(both.ran).toEqual(name === "cpu" ? ["cpu"] : ["cpu", name]);
    });
  }

  it("says why a device asked for by name is not there", async () => {
    const absent = testDevices.find((one) => one.missing !== null && one.name !== "cpu");
    if (!absent) return;
    const choice = { device: absent.name, gpuWins: true };
    await expect(runOnDevice(choice, twice)).rejects.toMatchObject({ code: "device-unavailable" });
  });
});
