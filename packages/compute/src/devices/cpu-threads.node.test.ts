import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cpuMemory, cpuWasm } from "../generated/cpu-wasm.ts";
import { philoxWords } from "../kernels/philox/index.ts";
import { philoxWordsReference } from "../kernels/philox/reference.ts";
import { resample } from "../kernels/resample/index.ts";
import { tally } from "../kernels/tally/index.ts";
import { philox } from "../random/philox.ts";
import { cpu } from "./cpu.ts";
import type { CpuDevice } from "./cpu-device.ts";
import { functionNames } from "./cpu-ranges.js";
import { CpuThreads } from "./cpu-threads.ts";

/** The threads that were started, as Node tells them. */
let started: Worker[] = [];
const onWorker = (worker: Worker): void => {
  started.push(worker);
};
const opened: { dispose(): void }[] = [];

beforeEach(() => {
  process.on("worker", onWorker);
});
afterEach(() => {
  process.off("worker", onWorker);
  for (const one of opened.splice(0)) one.dispose();
  started = [];
});

async function open(threads: number): Promise<CpuDevice> {
  const device = await cpu.open({ threads });
  opened.push(device);
  return device;
}

/** Two threads and their memory, without a device around them: what the calling thread does is the test's. */
async function openBare() {
  const module = await WebAssembly.compile(Uint8Array.from(Buffer.from(cpuWasm, "base64")));
  const memory = new WebAssembly.Memory({ initial: 2000, maximum: 65536, shared: true });
  expect(cpuMemory.initialPages).toBeLessThan(2000);
  const threads = await CpuThreads.start(2, { module, memory, scratch: PAGE });
  opened.push(threads);
  return { memory, threads, entry: (name: string) => functionNames(module).indexOf(name) };
}

const PAGE = 65536;
const failed = { code: "device-failed" };

/** Blocks this thread for some milliseconds. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe("the cpu device on several threads", () => {
  it("starts as many threads as it says, the calling one among them", async () => {
    for (const threads of [1, 2, 4]) {
      started = [];
      const device = await open(threads);
      expect(started).toHaveLength(threads - 1);
      expect(device.description).toBe(threads === 1 ? "WASM SIMD, 1 thread" : `WASM SIMD, ${threads} threads`);
    }
  });

  it("gives the same bits on 1, 2 and 4 threads for any number of items", async () => {
    for (const threads of [1, 2, 4]) {
      const device = await open(threads);
      for (const blocks of [1, 2, 3, 63, 64, 65, 1000, 5001]) {
        const input = { seed: 3, stream: 4, counter: 2n ** 32n - 500n, blocks };
        expect(await philoxWords(device, input)).toEqual(philoxWordsReference(input));
      }
      expect(device.allocatedBytes).toBe(0);
    }
  });

  it("lets another thread do what the calling one has not claimed", async () => {
    const { memory, threads, entry } = await openBare();
    const words = new Uint32Array(memory.buffer, 2 * PAGE, 4 * 100);
    let mine: [number, number] | null = null;
    const call = (begin: number, end: number): void => {
      expect(mine).toBeNull();
      mine = [begin, end];
      const rest = () => words.filter((_, word) => word < 4 * begin || word >= 4 * end);
      for (let wait = 0; wait < 5000 && rest().includes(0); wait++) block(1);
    };
    const args = [2 * PAGE, 5, 0, 6, 0, 7, 0];
    // On a busy machine the other thread may claim all before the calling one comes to it: then once more.
    for (let attempt = 0; attempt < 50 && mine === null; attempt++) {
      words.fill(0);
      await threads.run({ kernel: "philoxWords", entry: entry("philoxWords"), args, items: 100, call });
    }
    const [begin, end] = mine ?? [0, 0];
    expect(end).toBeGreaterThan(begin);
    for (let item = 0; item < 100; item++) {
      const expected = item >= begin && item < end ? [0, 0, 0, 0] : philox(5, 6, 7 + item);
      expect([...words.subarray(4 * item, 4 * item + 4)]).toEqual(expected);
    }
  });

  it("works on while the calling thread does something else", async () => {
    const { memory, threads, entry } = await openBare();
    const words = new Uint32Array(memory.buffer, 2 * PAGE, 4 * 100);
    const args = [2 * PAGE, 5, 0, 6, 0, 7, 0];
    let claimed = 0;
    const call = (begin: number, end: number): void => {
      claimed += end - begin;
    };
    const running = threads.run({ kernel: "philoxWords", entry: entry("philoxWords"), args, items: 100, call });
    for (let wait = 0; wait < 5000 && words.includes(0); wait++) block(1);
    await running;
    expect(claimed).toBe(0);
    for (let item = 0; item < 100; item++) {
      expect([...words.subarray(4 * item, 4 * item + 4)]).toEqual(philox(5, 6, 7 + item));
    }
  });

  it("writes what is uploaded at once only where no call that has not ended uses the buffer", async () => {
    const device = await open(2);
    const items = 200_000;
    const [busy, idle] = [device.allocate(16 * items), device.allocate(16 * items)];
    for (let round = 0; round < 5; round++) {
      void device.dispatch("philoxWords", [busy, round, 0, 0, 0, 0, 0], items);
      device.upload(busy, Uint32Array.of(1));
      device.upload(idle, Uint32Array.of(2));
      void device.dispatch("philoxWords", [idle, round, 0, 0, 0, 0, 0], items);
      device.upload(idle, Uint32Array.of(3));
      const first = await device.download(busy, new Uint32Array(2));
      expect([...first]).toEqual([1, philox(round, 0, 0)[1]]);
      const second = await device.download(idle, new Uint32Array(2));
      expect([...second]).toEqual([3, philox(round, 0, 0)[1]]);
    }
  });

  it("keeps the order of calls that nobody awaits", async () => {
    const device = await open(2);
    const items = 200_000;
    const buffer = device.allocate(16 * items);
    const expected = new Uint32Array(4 * items);
    for (let round = 0; round < 5; round++) {
      void device.dispatch("philoxWords", [buffer, round, 0, 0, 0, 0, 0], items);
      const data = Uint32Array.of(1, 2, 3);
      device.upload(buffer, data);
      data.fill(9);
    }
    const words = await device.download(buffer, expected);
    expect([...words.subarray(0, 4)]).toEqual([1, 2, 3, philox(4, 0, 0)[3]]);
    expect([...words.subarray(4 * items - 4)]).toEqual(philox(4, 0, items - 1));
    void device.dispatch("philoxWords", [buffer, 0, 0, 0, 0, 0, 0], items);
    device.clear(buffer);
    expect((await device.download(buffer, expected)).every((word) => word === 0)).toBe(true);
  });

  it("lets every thread see memory that has grown", async () => {
    const device = await open(2);
    const reserved = device.reservedBytes;
    const items = 1_000_000;
    const buffer = device.allocate(16 * items);
    expect(device.reservedBytes).toBeGreaterThan(reserved + 15 * items);
    await device.dispatch("philoxWords", [buffer, 1, 0, 2, 0, 0, 0], items);
    const words = await device.download(buffer, new Uint32Array(4 * items));
    for (const item of [0, 123_456, 999_999]) {
      expect([...words.subarray(4 * item, 4 * item + 4)]).toEqual(philox(1, 2, item));
    }
  });

  it("holds as much memory and as many threads after 1000 dispatches as after the first", async () => {
    const device = await open(2);
    const codes = Uint8Array.from({ length: 10_000 }, (_, row) => row % 5);
    const counts = Float64Array.of(400, 300, 200, 100);
    const run = async (stream: number) => {
      for (let again = 0; again < 8; again++) await philoxWords(device, { seed: 1, stream, counter: 0, blocks: 1000 });
      await tally(device, { columns: [{ codes, size: 5 }], rows: codes.length, counts: null, weights: null });
      await resample(device, { counts, replicates: 100, seed: 1, stream });
    };
    const threads = () => (existsSync("/proc/self/task") ? readdirSync("/proc/self/task").length : 0);
    await run(0);
    const before = [device.reservedBytes, threads(), started.length];
    for (let round = 1; round <= 100; round++) await run(round);
    expect([device.reservedBytes, threads(), started.length]).toEqual(before);
    expect(device.allocatedBytes).toBe(0);
  });
});

describe("a cpu device whose thread ends or stops", () => {
  it("says that a kernel stopped, whichever thread it was, and then says so of every call", async () => {
    const device = await open(2);
    const buffer = device.allocate(16);
    const other = device.allocate(64);
    const items = Math.ceil(device.reservedBytes / 16);
    await expect(device.dispatch("philoxWords", [buffer, 0, 0, 0, 0, 0, 0], items)).rejects.toMatchObject(failed);
    await expect(device.dispatch("philoxWords", [other, 0, 0, 0, 0, 0, 0], 4)).rejects.toMatchObject(failed);
    await expect(device.download(other, new Uint32Array(1))).rejects.toMatchObject(failed);
    expect(() => device.upload(other, new Uint32Array(1))).toThrow(expect.objectContaining(failed));
    expect(() => device.allocate(1)).toThrow(expect.objectContaining(failed));
    buffer.free();
    other.free();
    expect(device.allocatedBytes).toBe(0);
  });

  it("tells the reason of another thread", async () => {
    const { memory, threads, entry } = await openBare();
    // The calling thread leaves the ranges beyond the memory to the other one, which does not survive them.
    const args = [memory.buffer.byteLength - 16, 0, 0, 0, 0, 0, 0];
    const run = { kernel: "philoxWords", entry: entry("philoxWords"), args, items: 100, call: () => block(300) };
    await expect(threads.run(run)).rejects.toMatchObject({
      code: "device-failed",
      message: expect.stringMatching(/^cpu: kernel philoxWords stopped: RuntimeError: memory access out of bounds/),
    });
    await expect(threads.run({ ...run, items: 1 })).rejects.toMatchObject(failed);
  });

  it("never hangs when a thread is terminated in the middle of its work", async () => {
    const { threads, entry } = await openBare();
    // Replicates of no cells: seconds of work for the other thread, which begins while the calling one does something else.
    const args = [2 * PAGE, 0, 2 * PAGE, 0, 0, 0];
    const run = { kernel: "resample", entry: entry("resample"), args, items: 4_294_967_295, call: () => {} };
    const running = threads.run(run);
    block(200);
    const [worker] = started;
    await worker?.terminate();
    await expect(running).rejects.toMatchObject({ code: "device-failed", message: /a thread ended: it exited with/ });
    await expect(threads.run(run)).rejects.toMatchObject(failed);
  });

  it("says so even when the thread was idle", async () => {
    const device = await open(2);
    const buffer = device.allocate(16);
    await started[0]?.terminate();
    await expect(device.download(buffer, new Uint32Array(1))).rejects.toMatchObject(failed);
    await expect(device.dispatch("philoxWords", [buffer, 0, 0, 0, 0, 0, 0], 1)).rejects.toMatchObject(failed);
  });

  it("ends its threads when it is disposed, and what waits for them", async () => {
    const device = await open(3);
    const buffer = device.allocate(16 * 100_000);
    const exits = started.map((worker) => once(worker, "exit"));
    const first = device.dispatch("philoxWords", [buffer, 0, 0, 0, 0, 0, 0], 100_000);
    const queued = device.download(buffer, new Uint32Array(4));
    first.catch(() => {});
    device.dispose();
    device.dispose();
    await expect(queued).rejects.toThrow(/disposed/);
    await Promise.all(exits);
    expect([device.allocatedBytes, device.reservedBytes]).toEqual([0, 0]);
    expect(() => device.allocate(1)).toThrow(/is disposed/);
  });
});

describe("a process with an idle cpu device", () => {
  const built = new URL("../../dist/index.js", import.meta.url);
  const missing = existsSync(built) ? "" : " (not built)";

  it.skipIf(missing !== "")(`ends by itself${missing}, having run the built threads`, () => {
    const script = `
      import { openDevice, philoxWords } from ${JSON.stringify(built.href)};
      const device = await openDevice("cpu", { threads: 2 });
      const words = await philoxWords(device, { seed: 0, stream: 0, counter: 0, blocks: 300000 });
      console.log(device.description, words[0].toString(16), words.length);
    `;
    const args = ["--input-type=module", "--eval", script];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { timeout: 120_000, encoding: "utf8" });
    expect([stdout, stderr, status]).toEqual(["WASM SIMD, 2 threads 6627e8d5 1200000\n", "", 0]);
    expect(fileURLToPath(built)).toContain("dist");
  });
});
