import { afterEach, describe, expect, it } from "vitest";
import type { CudaDevice } from "./cuda-device.ts";
import { controls, missing, openTrials, trials } from "./cuda-emulator.testing.ts";

const MiB = 2 ** 20;

/** A dispatch and what came of it. */
async function run(device: CudaDevice): Promise<Uint32Array> {
  const out = device.allocate(40);
  try {
    device.upload(out, new Uint32Array(10));
    await device.dispatch("trialFill", [out, 7], 10);
    return await device.download(out, new Uint32Array(10));
  } finally {
    out.free();
  }
}

async function contextsEnd(): Promise<void> {
  for (let turn = 0; turn < 100 && controls().contexts() > 0; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(controls().contexts()).toBe(0);
  expect(controls().usedBytes()).toBe(0);
}

describe.skipIf(missing !== null)(
  `failures of the cuda device, emulated${missing === null ? "" : ` (${missing})`}`,
  () => {
    afterEach(async () => {
      controls().hang(false);
      await contextsEnd();
      controls().setCard(0, "emulated card on the processor", 1024 * MiB, 75);
    });

    it.each([
      { result: 700, name: "ILLEGAL_ADDRESS", code: "device-failed" },
      { result: 710, name: "ASSERT", code: "device-failed" },
      { result: 719, name: "LAUNCH_FAILED", code: "device-failed" },
      { result: 214, name: "ECC_UNCORRECTABLE", code: "device-lost" },
      { result: 46, name: "DEVICE_UNAVAILABLE", code: "device-lost" },
      { result: 702, name: "LAUNCH_TIMEOUT", code: "device-timeout" },
    ])("tells a kernel that ends with $name as $code, and then in every call", async ({ result, name, code }) => {
      const device = await openTrials();
      expect((await run(device))[9]).toBe(7);
      controls().fail("kernel", result, 0);
      const failed = run(device);
      await expect(failed).rejects.toMatchObject({ code });
      await expect(failed).rejects.toThrow(`kernel trialFill stopped: CUDA_ERROR_${name}`);
      expect(device.allocatedBytes).toBe(0);
      for (let round = 0; round < 2; round++) {
        await expect(run(device)).rejects.toMatchObject({ code });
        expect(() => device.allocate(4)).toThrow(/the device has ended: .*CUDA_ERROR_/);
      }
      device.dispose();
      // Another one can be opened beside or after it.
      const next = await openTrials();
      expect((await run(next))[0]).toBe(7);
      next.dispose();
    });

    it.each([
      { call: "cuMemAlloc_v2", code: "device-lost" },
      { call: "cuMemcpyHtoDAsync_v2", code: "device-lost" },
      { call: "cuLaunchKernel", code: "device-lost" },
      { call: "cuMemcpyDtoHAsync_v2", code: "device-lost" },
      { call: "cuEventQuery", code: "device-lost" },
      { call: "cuEventRecord", code: "device-lost" },
      { call: "cuModuleLoadDataEx", code: "device-lost" },
    ])("tells a card that goes away in $call, and frees what was taken", async ({ call, code }) => {
      const device = await openTrials();
      controls().fail(call, 46, 0);
      await expect(run(device)).rejects.toMatchObject({ code });
      expect(device.allocatedBytes).toBe(0);
      await expect(run(device)).rejects.toMatchObject({ code });
      device.dispose();
    });

    it("never gives a number after a failure in a long queue", async () => {
      const device = await openTrials();
      const out = device.allocate(4);
      controls().fail("kernel", 719, 150);
      const queued = Array.from({ length: 300 }, (_, value) => device.dispatch("trialFill", [out, value], 1));
      const downloaded = device.download(out, Uint32Array.of(12345));
      const results = await Promise.allSettled([...queued, downloaded]);
      await expect(downloaded).rejects.toMatchObject({ code: "device-failed" });
      expect(results.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
      device.dispose();
    });

    it("says how much was asked for and how much there is when a card is full, and goes on", async () => {
      controls().setCard(0, "a small card", 16 * MiB, 75);
      const device = await openTrials();
      const held = device.allocate(9 * MiB);
      let error: unknown;
      try {
        device.allocate(8 * MiB);
      } catch (caught) {
        error = caught;
      }
      expect(error).toMatchObject({ code: "device-out-of-memory" });
      expect(String(error)).toMatch(
        /no room for 8.0 MiB beside 9.0 MiB in use here: the card has 7.0 MiB of 16.0 MiB free; use fewer rows/,
      );
      expect(() => device.allocate(17 * MiB)).toThrow(/17825792 bytes asked for, one buffer on .* holds 16777216/);
      expect(device.allocatedBytes).toBe(9 * MiB);
      held.free();
      expect((await run(device))[0]).toBe(7);
      for (const call of ["cuMemHostAlloc", "cuLaunchKernel", "cuMemAlloc_v2"]) {
        // Of another size than before, so that no spare piece serves.
        const more = async () => {
          const buffer = device.allocate(MiB + call.length);
          try {
            device.upload(buffer, new Uint8Array(MiB));
            await device.dispatch("trialFill", [buffer, 1], 1);
          } finally {
            buffer.free();
          }
        };
        // Twice: before it gives up, it tries again without its spare memory.
        for (const _ of call === "cuMemAlloc_v2" ? [1, 2] : [1]) controls().fail(call, 2, 0);
        await expect(more()).rejects.toMatchObject({ code: "device-out-of-memory" });
        await more();
      }
      device.dispose();
    });

    it("says what the driver's compiler said of PTX, and what is missing where there is none", async () => {
      const device = await openTrials(1000, [{ ...trials, ptx: ".version 7.0" }]);
      await expect(run(device)).rejects.toThrow(
        /loading trials stopped: CUDA_ERROR_INVALID_PTX .*: ptxas fatal : no .target/,
      );
      device.dispose();
      const other = await openTrials();
      controls().fail("cuModuleLoadDataEx", 221, 0);
      await expect(run(other)).rejects.toThrow(/JIT_COMPILER_NOT_FOUND.*NVIDIA_DRIVER_CAPABILITIES=compute,utility/);
      expect((await run(other))[3]).toBe(7);
      other.dispose();
      const bare = await openTrials(1000, [{ ...trials, ptx: undefined }]);
      await expect(run(bare)).rejects.toThrow(/this build has no PTX of trials/);
      bare.dispose();
    });

    it("gives a card up that does not end its work in time, without waiting for it", async () => {
      const device = await openTrials(150);
      controls().hang(true);
      const begin = performance.now();
      let turns = 0;
      const timer = setInterval(() => turns++, 5);
      const failed = run(device);
      await expect(failed).rejects.toMatchObject({ code: "device-timeout" });
      await expect(failed).rejects.toThrow(/kernel trialFill did not end within 150 ms; the device is given up/);
      clearInterval(timer);
      expect(turns).toBeGreaterThan(5);
      expect(device.allocatedBytes).toBe(0);
      await expect(run(device)).rejects.toMatchObject({ code: "device-timeout" });
      device.dispose();
      expect(performance.now() - begin).toBeLessThan(30_000);
      expect(controls().contexts()).toBe(1);
      controls().hang(false);
      await contextsEnd();
    });

    it("gives it up in an upload that has to wait, too", async () => {
      const device = await openTrials(100);
      const out = device.allocate(2 ** 28);
      controls().hang(true);
      await device.dispatch("trialFill", [out, 1], 1);
      expect(() => device.upload(out, new Uint8Array(2 ** 28))).toThrow(/kernel trialFill did not end within 100 ms/);
      device.dispose();
      controls().hang(false);
    });

    it("counts the time of each piece of work, not of all", async () => {
      const device = await openTrials(300);
      const out = device.allocate(4);
      for (let round = 0; round < 4; round++) {
        controls().hang(true);
        await device.dispatch("trialFill", [out, round], 1);
        const downloaded = device.download(out, new Uint32Array(1));
        await new Promise((resolve) => setTimeout(resolve, 120));
        controls().hang(false);
        expect(await downloaded).toEqual(Uint32Array.of(round));
      }
      device.dispose();
    });

    it("rejects a download that waits when the device is disposed", async () => {
      const device = await openTrials();
      const out = device.allocate(4);
      controls().hang(true);
      await device.dispatch("trialFill", [out, 1], 1);
      const downloaded = device.download(out, new Uint32Array(1));
      device.dispose();
      await expect(downloaded).rejects.toThrow(/disposed/);
      controls().hang(false);
      await contextsEnd();
    });

    it("says why a card cannot be opened", async () => {
      controls().fail("cuCtxCreate_v2", 46, 0);
      await expect(openTrials()).rejects.toMatchObject({ code: "device-unavailable" });
      controls().fail("cuCtxCreate_v2", 2, 0);
      await expect(openTrials()).rejects.toMatchObject({ code: "device-out-of-memory" });
      controls().fail("cuStreamCreate", 999, 0);
      await expect(openTrials()).rejects.toMatchObject({ code: "device-failed" });
    });
  },
);
