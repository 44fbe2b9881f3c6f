import { describe, expect, it } from "vitest";
import { firstDifference } from "../kernels/first-difference.testing.ts";
import { webgpu } from "./webgpu.ts";
import { findAdapter } from "./webgpu-adapter.ts";
import { openWith, testCode } from "./webgpu-open.testing.ts";

const found = await findAdapter();
const missing = "reason" in found ? found.reason : null;
const software = "software" in found && found.software;
const open = async (timeoutMs?: number) => {
  if ("reason" in found) throw new Error(found.reason);
  return openWith(found, testCode, timeoutMs);
};
describe("the webgpu device, whether it is there or not", () => {
  it("is described or says what is missing, and opens accordingly", async () => {
    const probe = await webgpu.probe();
    expect(probe.available ? probe.description : probe.reason).not.toBe("");
    expect(probe.available).toBe(missing === null);
    if (probe.available) {
      const device = await webgpu.open({});
      expect(device).toMatchObject({ name: "webgpu", description: probe.description, allocatedBytes: 0 });
      expect(device.host.name).toBe("cpu");
      device.dispose();
      expect(() => device.host.allocate(1)).toThrow(/is disposed/);
    } else {
      await expect(webgpu.open({})).rejects.toMatchObject({ code: "device-unavailable" });
    }
    await expect(webgpu.open({ timeoutMs: 0 })).rejects.toThrow(/timeoutMs must be above 0, got 0/);
  });
});

describe.skipIf(missing !== null)(
  `the webgpu device (${missing ?? ("description" in found && found.description)})`,
  () => {
    it.each([0, 1, 3, 4, 5, 63, 1001, 70_001])("keeps and clears %i bytes", async (size) => {
      const { device } = await open();
      const buffer = device.allocate(size);
      expect(buffer.sizeBytes).toBe(size);
      const bytes = Uint8Array.from({ length: size }, (_, index) => 1 + (index % 255));
      device.upload(buffer, bytes);
      expect(firstDifference(await device.download(buffer, new Uint8Array(size)), bytes)).toBeNull();
      const half = size >> 1;
      const part = new Uint8Array(size + 2).subarray(1, 1 + half);
      expect(firstDifference(await device.download(buffer, part), bytes.subarray(0, half))).toBeNull();
      device.clear(buffer);
      expect(firstDifference(await device.download(buffer, bytes), new Uint8Array(size))).toBeNull();
      expect(device.allocatedBytes).toBe(size);
      buffer.free();
      buffer.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("takes views into larger memory, of any type, shared memory too", async () => {
      const { device } = await open();
      const buffer = device.allocate(16);
      const doubles = Float64Array.of(9, 1.5, -2, 9).subarray(1, 3);
      device.upload(buffer, doubles);
      expect(await device.download(buffer, new Float64Array(2))).toEqual(doubles);
      if (typeof SharedArrayBuffer === "function") {
        const shared = new Uint8Array(new SharedArrayBuffer(11), 1, 10).fill(7);
        device.upload(buffer, shared);
        const back = new Uint8Array(new SharedArrayBuffer(12), 2, 10);
        expect([...(await device.download(buffer, back))]).toEqual([...shared]);
      }
      device.dispose();
    });

    it("gives scalars of every type to kernels, in the order of calls", async () => {
      const { device } = await open();
      const from = device.allocate(400);
      const to = device.allocate(400);
      device.upload(
        from,
        Uint32Array.from({ length: 100 }, (_, index) => index),
      );
      await device.dispatch("add", [from, to, 4_294_967_295, -5, 0.5], 100);
      device.upload(from, new Uint32Array(100).fill(1000));
      await device.dispatch("add", [from, to, 0, 7, -2], 10);
      const numbers = await device.download(to, new Float32Array(100));
      const expected = (index: number) => (index < 10 ? (1000 - 7) * -2 : (index + 4) / 2);
      expect(numbers).toEqual(Float32Array.from({ length: 100 }, (_, index) => expected(index)));
      device.dispose();
    });

    it("does every item once beyond 65,535 workgroups, and none for 0 items", async () => {
      const { device } = await open();
      const items = 2 * 65_535 + 3;
      const buffer = device.allocate(4 * items);
      device.clear(buffer);
      await device.dispatch("number", [buffer], 0);
      await device.dispatch("number", [buffer], items);
      const numbers = await device.download(buffer, new Uint32Array(items));
      expect(numbers.findIndex((number, item) => number !== item + 1)).toBe(-1);
      device.dispose();
    });

    it("refuses wrong arguments with a sentence", async () => {
      const { device } = await open();
      const other = (await open()).device;
      const a = device.allocate(400);
      const b = device.allocate(400);
      const dispatch = (args: Parameters<typeof device.dispatch>[1], items?: number) =>
        device.dispatch("add", args, items);
      await expect(device.dispatch("nothing", [])).rejects.toThrow("webgpu.dispatch: no kernel nothing for GPUs");
      await expect(dispatch([a, b, 0, 0, 0])).rejects.toThrow(/add needs items from 0 to \d+, got undefined/);
      await expect(dispatch([a, b, 0, 0, 0], 2 ** 32)).rejects.toThrow(/add needs items from 0 to \d+, got 4294967296/);
      await expect(dispatch([a, b, 0, 0], 1)).rejects.toThrow("add has 5 parameters, got 4");
      await expect(dispatch([a, 1, 0, 0, 0], 1)).rejects.toThrow("argument 1 of add must be a buffer, got 1");
      await expect(dispatch([a, b, a, 0, 0], 1)).rejects.toThrow("argument 2 of add must be u32, got a buffer");
      await expect(dispatch([a, b, -1, 0, 0], 1)).rejects.toThrow("argument 2 of add must be u32, got -1");
      await expect(dispatch([a, b, 0, 2 ** 31, 0], 1)).rejects.toThrow("argument 3 of add must be i32, got 2147483648");
      await expect(dispatch([a, b, 0, 0, 1n], 1)).rejects.toThrow("argument 4 of add must be f32, got 1");
      await expect(dispatch([a, a, 0, 0, 0], 1)).rejects.toThrow("add writes a buffer that is also its argument 1");
      await expect(dispatch([a, other.allocate(4), 0, 0, 0], 1)).rejects.toThrow(/belongs to another device/);
      expect(() => device.upload(b, new Float64Array(51))).toThrow(/408 bytes into a buffer of 400/);
      await expect(device.download(b, new Float64Array(51))).rejects.toThrow(/408 bytes from a buffer of 400/);
      expect(() => device.allocate(0.5)).toThrow(/size must be an integer/);
      b.free();
      expect(() => device.clear(b)).toThrow(/is freed/);
      device.dispose();
      expect(() => device.allocate(4)).toThrow(/is disposed/);
      await expect(device.download(a, new Uint8Array(1))).rejects.toThrow(/is disposed/);
      expect(device.allocatedBytes).toBe(0);
      other.dispose();
    });

    it("tells a shader's errors with file and line, and gives nothing that it was to write", async () => {
      const { device } = await open();
      const [bad, good, later] = [device.allocate(400), device.allocate(400), device.allocate(400)];
      device.clear(good);
      device.clear(bad);
      await device.dispatch("misspelt", [bad], 100);
      await device.dispatch("add", [bad, later, 0, 0, 1], 100);
      const message =
        "webgpu: kernel misspelt does not compile: kernels/misspelt/kernel.wgsl:10:15 unresolved value 'itm'";
      const error = { code: "internal", message };
      await expect(device.download(later, new Uint32Array(100))).rejects.toMatchObject(error);
      await expect(device.download(bad, new Uint32Array(100))).rejects.toMatchObject(error);
      await expect(device.dispatch("misspelt", [good], 100)).rejects.toMatchObject(error);
      expect(await device.download(good, new Uint32Array(100))).toEqual(new Uint32Array(100));
      device.dispose();
    });

    it.each([
      ["including", [], "kernel including does not compile: random/twice.wgsl:2:14 unresolved value 'y'"],
      ["readsOnly", [], "kernel readsOnly does not compile"],
      ["readsMore", [1], "kernel readsMore does not compile"],
    ])("holds a shader to what is declared: %s", async (kernel, scalars, message) => {
      const { device } = await open();
      const buffer = device.allocate(400);
      await device.dispatch(kernel, [buffer, ...scalars], 100);
      await expect(device.download(buffer, new Uint32Array(1))).rejects.toThrow(message);
      device.dispose();
    });

    it("says device-lost when it is taken away, to what waits and to what comes later", async () => {
      const { device, inner } = await open();
      const a = device.allocate(400);
      const b = device.allocate(400);
      device.clear(a);
      await device.dispatch("spin", [a, 1_000_000], 1);
      const waiting = [device.download(a, new Uint32Array(100)), device.download(b, new Uint32Array(100))];
      inner.destroy();
      const lost = { code: "device-lost", message: expect.stringMatching(/is lost: .*; open the device again$/) };
      for (const { status, reason } of (await Promise.allSettled(waiting)) as PromiseRejectedResult[]) {
        expect(status).toBe("rejected");
        expect(reason).toMatchObject(lost);
      }
      await expect(device.dispatch("number", [a], 1)).rejects.toMatchObject(lost);
      await expect(device.download(a, new Uint32Array(1))).rejects.toMatchObject(lost);
      expect(() => device.allocate(4)).toThrow(/is lost/);
      expect(() => device.clear(a)).toThrow(/is lost/);
      expect(device.allocatedBytes).toBe(800);
      a.free();
      b.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
      expect(() => device.host.allocate(1)).toThrow(/is disposed/);
    });

    it("gives up on work that does not end in time, and says which; the GPU is left when it has ended", async () => {
      const { device, inner } = await open(100);
      const buffer = device.allocate(400);
      device.clear(buffer);
      await device.download(buffer, new Uint32Array(100));
      await device.dispatch("spin", [buffer, software ? 30_000_000 : 300_000_000], 1);
      await expect(device.download(buffer, new Uint32Array(100))).rejects.toMatchObject({
        code: "device-timeout",
        message: expect.stringMatching(/kernel spin did not end within 100 ms; the device is given up/),
      });
      expect(() => device.upload(buffer, new Uint8Array(1))).toThrow(/did not end within 100 ms/);
      device.dispose();
      expect((await inner.lost).reason).toBe("destroyed");
    });

    it("does not take many short dispatches for a long one", async () => {
      const { device } = await open(1500);
      const buffer = device.allocate(4);
      device.clear(buffer);
      const begin = performance.now();
      let rounds = 0;
      for (; performance.now() - begin < 2000; rounds++) {
        const piece: Promise<void>[] = [];
        for (let queued = 0; queued < 300; queued++) piece.push(device.dispatch("number", [buffer], 1));
        await Promise.all(piece);
      }
      expect([...(await device.download(buffer, new Uint32Array(1)))]).toEqual([300 * rounds]);
      device.dispose();
    });

    it("refuses what is larger than a buffer can be, with both sizes", async () => {
      const { device } = await open();
      const most = device.maxBufferBytes;
      expect(() => device.allocate(most + 1)).toThrow(
        expect.objectContaining({
          code: "device-out-of-memory",
          message: expect.stringContaining(`${most + 1} bytes asked for`),
        }),
      );
      device.dispose();
    });

    it.skipIf(!software)(
      "says device-out-of-memory, with the size, and works on when the buffer is freed",
      async () => {
        // Real cards are not filled up for a test. A software GPU refuses the largest size that it allows.
        const device = await webgpu.open({});
        const small = device.allocate(4);
        const size = device.maxBufferBytes;
        const large = device.allocate(size);
        const error = {
          code: "device-out-of-memory",
          message: expect.stringMatching(`no ${size} bytes left on .* beside 4`),
        };
        device.upload(large, Uint32Array.of(1));
        await device.dispatch("philoxWords", [large, 0, 0, 0, 0, 0, 0], 1);
        await expect(device.download(large, new Uint32Array(4))).rejects.toMatchObject(error);
        await expect(device.dispatch("philoxWords", [large, 0, 0, 0, 0, 0, 0], 1)).rejects.toMatchObject(error);
        large.free();
        expect(device.allocatedBytes).toBe(4);
        device.upload(small, Uint32Array.of(5));
        expect(await device.download(small, new Uint32Array(1))).toEqual(Uint32Array.of(5));
        device.dispose();
      },
    );

    it("frees everything over 1000 dispatches", async () => {
      const { device } = await open();
      for (let round = 0; round < 1000; round++) {
        const buffer = device.allocate(1000);
        device.upload(buffer, Uint32Array.of(round));
        await device.dispatch("number", [buffer], 1);
        if (round % 100 === 0) {
          expect([...(await device.download(buffer, new Uint32Array(1)))]).toEqual([round + 1]);
        }
        buffer.free();
      }
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  },
);
