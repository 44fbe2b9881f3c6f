import { afterEach, describe, expect, it } from "vitest";
import { firstDifference } from "../kernels/first-difference.testing.ts";
import { philoxWords } from "../kernels/philox/index.ts";
import { cuda } from "./cuda.ts";
import { controls, emulator, missing, openTrials } from "./cuda-emulator.testing.ts";

const MiB = 2 ** 20;

describe.skipIf(missing !== null)(`the cuda device, emulated${missing === null ? "" : ` (${missing})`}`, () => {
  afterEach(() => controls().hang(false));

  it.each([0, 1, 3, 63, 4097, 70_001])("keeps and clears %i bytes", async (size) => {
    const device = await openTrials();
    const buffer = device.allocate(size);
    const bytes = Uint8Array.from({ length: size }, (_, index) => 1 + (index % 255));
    device.upload(buffer, bytes);
    expect(firstDifference(await device.download(buffer, new Uint8Array(size)), bytes)).toBeNull();
    const part = new Uint8Array(size + 2).subarray(1, 1 + (size >> 1));
    expect(firstDifference(await device.download(buffer, part), bytes.subarray(0, size >> 1))).toBeNull();
    device.clear(buffer);
    expect(firstDifference(await device.download(buffer, bytes), new Uint8Array(size))).toBeNull();
    expect(device.allocatedBytes).toBe(size);
    buffer.free();
    buffer.free();
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });

  it("takes views into larger memory, of any type, shared memory too", async () => {
    const device = await openTrials();
    const buffer = device.allocate(16);
    const doubles = Float64Array.of(9, 1.5, -2, 9).subarray(1, 3);
    device.upload(buffer, doubles);
    const into = new Float64Array(new SharedArrayBuffer(16));
    expect([...(await device.download(buffer, into))]).toEqual([1.5, -2]);
    device.upload(buffer, new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2));
    expect(await device.download(buffer, new Uint8Array(3))).toEqual(Uint8Array.of(2, 3, 0));
    device.dispose();
  });

  it("moves more than what is on its way at once", async () => {
    const device = await openTrials();
    const words = new Uint32Array((170 * MiB) / 4);
    for (let at = 0; at < words.length; at += 1021) words[at] = at;
    const buffer = device.allocate(words.byteLength);
    device.upload(buffer, words);
    const back = await device.download(buffer, new Uint32Array(words.length));
    expect(Buffer.from(back.buffer).equals(Buffer.from(words.buffer))).toBe(true);
    device.dispose();
  });

  it("passes items, buffers and scalars as the kernel takes them", async () => {
    const device = await openTrials();
    const out = device.allocate(16);
    await device.dispatch("trialScalars", [out, -0.1, -2_147_483_648, 4_294_967_295], 77);
    const bits = new DataView((await device.download(out, new Uint8Array(16))).buffer);
    expect(bits.getFloat32(0, true)).toBe(Math.fround(-0.1));
    expect(bits.getInt32(4, true)).toBe(-2_147_483_648);
    expect(bits.getUint32(8, true)).toBe(4_294_967_295);
    expect(bits.getUint32(12, true)).toBe(77);
    await device.dispatch("trialScalars", [out, Number.NaN, 0, 0], 1);
    expect((await device.download(out, new Float32Array(1)))[0]).toBeNaN();
    device.dispose();
  });

  it("does each item once and none beyond", async () => {
    const device = await openTrials();
    const out = device.allocate(4 * 1000);
    for (const items of [0, 1, 63, 64, 65, 1000]) {
      device.clear(out);
      await device.dispatch("trialFill", [out, 9], items);
      const words = await device.download(out, new Uint32Array(1000));
      expect(words).toEqual(new Uint32Array(1000).fill(9, 0, items));
    }
    device.dispose();
  });

  it("does what is queued in its order, awaited or not", async () => {
    const device = await openTrials();
    const out = device.allocate(4);
    const seen = [0, 1, 2].map(() => new Uint32Array(1));
    const [first, second, third] = seen;
    if (!first || !second || !third) throw new Error("three");
    device.upload(out, Uint32Array.of(1));
    const downloads = [device.download(out, first)];
    const dispatched = device.dispatch("trialFill", [out, 2], 1);
    downloads.push(device.download(out, second));
    device.upload(out, Uint32Array.of(3));
    downloads.push(device.download(out, third));
    device.clear(out);
    await dispatched;
    await Promise.all(downloads);
    expect(seen.map((words) => words[0])).toEqual([1, 2, 3]);
    expect(await device.download(out, new Uint32Array(1))).toEqual(Uint32Array.of(0));
    device.dispose();
  });

  it("does not read what was uploaded after the call", async () => {
    const device = await openTrials();
    const out = device.allocate(4);
    controls().hang(true);
    const queued = device.dispatch("trialFill", [out, 1], 1);
    const words = Uint32Array.of(5);
    device.upload(out, words);
    words[0] = 6;
    const downloaded = device.download(out, new Uint32Array(1));
    controls().hang(false);
    await queued;
    expect(await downloaded).toEqual(Uint32Array.of(5));
    device.dispose();
  });

  it("lets other work go on while it waits, and holds back those who queue too much", async () => {
    const device = await openTrials();
    const out = device.allocate(4);
    controls().hang(true);
    let pending = 0;
    const dispatches = Array.from({ length: 400 }, (_, value) => {
      pending++;
      return device.dispatch("trialFill", [out, value], 1).then(() => pending--);
    });
    const downloaded = device.download(out, new Uint32Array(1));
    let turns = 0;
    const begin = performance.now();
    while (performance.now() - begin < 100) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      turns++;
    }
    expect(turns).toBeGreaterThan(2);
    expect(pending).toBe(400 - 256);
    // A buffer freed while its kernel waits is not given to the driver yet, which would wait too.
    out.free();
    controls().hang(false);
    expect(await downloaded).toEqual(Uint32Array.of(399));
    await Promise.all(dispatches);
    device.dispose();
  });

  it("holds as much memory after 1000 dispatches as after the first, and none when it has ended", async () => {
    const device = await openTrials();
    const { usedBytes, contexts, launches } = controls();
    const before = launches("trialFill");
    const run = async (value: number) => {
      const out = device.allocate(4000);
      await device.dispatch("trialFill", [out, value], 1000);
      const words = await device.download(out, new Uint32Array(1000));
      out.free();
      return words;
    };
    await run(0);
    const used = usedBytes();
    const { reservedBytes } = device;
    for (let round = 1; round <= 1000; round++) expect((await run(round))[999]).toBe(round);
    expect(launches("trialFill") - before).toBe(1001);
    expect(device.allocatedBytes).toBe(0);
    expect(device.reservedBytes).toBe(reservedBytes);
    expect(usedBytes()).toBe(used);
    device.allocate(100);
    device.dispose();
    device.dispose();
    expect(device.allocatedBytes + device.reservedBytes).toBe(0);
    expect(usedBytes()).toBe(0);
    expect(contexts()).toBe(0);
  });

  it("gives spare memory back where it is much, and before it says that there is none", async () => {
    controls().setCard(0, "a small card", 64 * MiB, 75);
    const device = await openTrials();
    const { usedBytes } = controls();
    // An eighth of the card may stay spare.
    const spare = [5 * MiB, 6 * MiB, 7 * MiB].map((size) => device.allocate(size));
    for (const buffer of spare) buffer.free();
    expect(usedBytes()).toBeGreaterThan(8 * MiB);
    const small = device.allocate(4);
    await device.download(small, new Uint8Array(1));
    expect(usedBytes()).toBeLessThanOrEqual(8 * MiB);
    const large = Array.from({ length: 12 }, () => device.allocate(5 * MiB));
    expect(device.allocatedBytes).toBe(60 * MiB + 4);
    for (const buffer of large) buffer.free();
    expect(device.reservedBytes).toBeGreaterThan(60 * MiB);
    device.allocate(63 * MiB).free();
    device.dispose();
    controls().setCard(0, "emulated card on the processor", 1024 * MiB, 75);
  });

  it("refuses wrong arguments with a sentence", async () => {
    const device = await openTrials();
    const out = device.allocate(8);
    const read = device.allocate(8);
    const refused: readonly (readonly [Promise<void>, RegExp])[] = [
      [device.dispatch("nothing", [], 1), /no kernel nothing for GPUs/],
      [device.dispatch("trialFill", [out, 1]), /trialFill needs items from 0 to 4294967232, got undefined/],
      [device.dispatch("trialFill", [out, 1], -1), /got -1/],
      [device.dispatch("trialFill", [out, 1], 0.5), /got 0.5/],
      [device.dispatch("trialFill", [out, 1], 2 ** 32), /got 4294967296/],
      [device.dispatch("trialFill", [out], 1), /trialFill has 2 parameters, got 1/],
      [device.dispatch("trialFill", [1, 1], 1), /argument 0 of trialFill must be a buffer, got 1/],
      [device.dispatch("trialFill", [out, out], 1), /argument 1 of trialFill must be u32, got a buffer/],
      [device.dispatch("trialFill", [out, -1], 1), /argument 1 of trialFill must be u32, got -1/],
      [device.dispatch("trialFill", [out, 1n], 1), /must be u32, got 1/],
      [
        device.dispatch("trialScalars", [out, 0, 2 ** 31, 0], 1),
        /argument 2 of trialScalars must be i32, got 2147483648/,
      ],
      [device.dispatch("trialReverse", [out, out], 1), /trialReverse writes a buffer that is also its argument 1/],
      [device.dispatch("trialScan", [read, out, out], 1), /writes a buffer that is also its argument 2/],
    ];
    for (const [promise, words] of refused) {
      await expect(promise).rejects.toMatchObject({ code: "internal" });
      await expect(promise).rejects.toThrow(words);
    }
    expect(() => device.upload(out, new Float64Array(2))).toThrow(/16 bytes into a buffer of 8/);
    await expect(device.download(out, new Float64Array(2))).rejects.toThrow(/16 bytes from a buffer of 8/);
    expect(() => device.allocate(-1)).toThrow(/size must be an integer from 0, got -1/);
    const other = await openTrials();
    expect(() => other.upload(out, new Float64Array(1))).toThrow(/belongs to another device/);
    await expect(other.dispatch("trialFill", [out, 1], 1)).rejects.toThrow(/belongs to another device/);
    other.dispose();
    out.free();
    expect(() => device.upload(out, new Float64Array(1))).toThrow(/is freed/);
    device.dispose();
    expect(() => device.allocate(8)).toThrow(/is disposed/);
    expect(() => device.host.allocate(8)).toThrow(/is disposed/);
    await expect(device.dispatch("trialFill", [read, 1], 1)).rejects.toThrow(/is disposed/);
    read.free();
  });

  it("opens by name with the kernels of this package, several side by side", async () => {
    const options = "path" in emulator ? { cudaLibrary: emulator.path } : {};
    const devices = await Promise.all([cuda.open(options), cuda.open(options)]);
    expect(controls().contexts()).toBe(2);
    const drawn = await Promise.all(
      devices.map((device) => philoxWords(device, { seed: 1, stream: 2, counter: 3, blocks: 1000 })),
    );
    expect(drawn[0]).toEqual(drawn[1]);
    for (const device of devices) {
      expect(device).toMatchObject({
        name: "cuda",
        description: expect.stringContaining("emulated card"),
        allocatedBytes: 0,
      });
      expect(device.host.name).toBe("cpu");
      expect(device.maxBufferBytes).toBe(2 ** 30);
      device.dispose();
    }
    expect(controls().contexts()).toBe(0);
  });
});
