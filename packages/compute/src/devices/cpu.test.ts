import { describe, expect, it } from "vitest";
import { resample } from "../kernels/resample/index.ts";
import { tally } from "../kernels/tally/index.ts";
import { cpu } from "./cpu.ts";

describe("the cpu device", () => {
  it("gives back what was uploaded", async () => {
    const device = await cpu.open({});
    const buffer = device.allocate(24);
    device.upload(buffer, Float64Array.of(1, 2, 3));
    expect(await device.download(buffer, new Float64Array(3))).toEqual(Float64Array.of(1, 2, 3));
    expect(device.allocatedBytes).toBe(24);
    buffer.free();
    buffer.free();
    expect(device.allocatedBytes).toBe(0);
  });

  it("holds as much memory after 1000 dispatches as after the first", async () => {
    const device = await cpu.open({});
    const codes = Uint8Array.from({ length: 100_000 }, (_, row) => row % 5);
    const weights = Float64Array.from(codes, (code) => code / 3);
    const counts = Float64Array.of(400, 300, 200, 100);
    const run = async (stream: number) => {
      await tally(device, { columns: [{ codes, size: 5 }], rows: codes.length, counts: null, weights });
      await resample(device, { counts, replicates: 100, seed: 1, stream });
    };
    await run(0);
    const reserved = device.reservedBytes;
    for (let round = 1; round <= 100; round++) await run(round);
    expect(device.reservedBytes).toBe(reserved);
    expect(device.allocatedBytes).toBe(0);
  });

  it("keeps memory small beside the data", async () => {
    const device = await cpu.open({});
    const codes = new Uint8Array(20_000_000);
    const { counts } = await tally(device, {
      columns: [{ codes, size: 2 }],
      rows: codes.length,
      counts: null,
      weights: null,
    });
    expect(counts).toEqual(Float64Array.of(20_000_000, 0));
    expect(device.reservedBytes).toBeLessThan(1_000_000);
  });

  it("frees a kernel's buffers when it throws", async () => {
    const device = await cpu.open({});
    const columns = [{ codes: Uint8Array.of(0, 1, 2), size: 2 }];
    await expect(tally(device, { columns, rows: 3, counts: null, weights: null })).rejects.toThrow(/code 2/);
    expect(device.allocatedBytes).toBe(0);
  });

  it("refuses wrong arguments with a sentence", async () => {
    const device = await cpu.open({});
    const buffer = device.allocate(8);
    await expect(device.dispatch("nothing", [])).rejects.toThrow(/no kernel nothing of 0 arguments/);
    await expect(device.dispatch("toString", [])).rejects.toThrow(/no kernel/);
    await expect(device.dispatch("heapBase", [])).rejects.toThrow(/no kernel/);
    await expect(device.dispatch("philoxWords", [buffer, 0, 0, 0, 0, 0, 0], -1)).rejects.toThrow(
      /items of philoxWords/,
    );
    await expect(device.dispatch("tallyCount", [buffer])).rejects.toThrow(/no kernel tallyCount of 1 arguments/);
    expect(() => device.upload(buffer, new Float64Array(2))).toThrow(/16 bytes into a buffer of 8/);
    await expect(device.download(buffer, new Float64Array(2))).rejects.toThrow(/16 bytes from a buffer of 8/);
    const other = await cpu.open({});
    expect(() => other.upload(buffer, new Float64Array(1))).toThrow(/belongs to another device/);
    buffer.free();
    expect(() => device.upload(buffer, new Float64Array(1))).toThrow(/is freed/);
    device.dispose();
    expect(() => device.allocate(8)).toThrow(/is disposed/);
    await expect(cpu.open({ threads: 0 })).rejects.toThrow(/threads must be an integer from 1/);
  });

  it("says how much it can hold, and when it can hold no more", async () => {
    const device = await cpu.open({});
    expect(device.maxBufferBytes).toBeGreaterThan(2 ** 32 - 2 ** 20);
    const full = expect.objectContaining({ code: "device-out-of-memory" });
    expect(() => device.allocate(device.maxBufferBytes + 1)).toThrow(full);
    const buffer = device.allocate(2 ** 20);
    expect(() => device.allocate(device.maxBufferBytes)).toThrow(full);
    expect(device.allocatedBytes).toBe(2 ** 20);
    device.upload(buffer, Float64Array.of(7));
    expect(await device.download(buffer, new Float64Array(1))).toEqual(Float64Array.of(7));
  });
});
