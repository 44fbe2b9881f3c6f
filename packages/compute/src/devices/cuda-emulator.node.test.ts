import { describe, expect, it } from "vitest";
import { controls, missing, openTrials, ptxBegin, ptxHeader, trials } from "./cuda-emulator.testing.ts";

/** Runs one trial over words and gives the output back. */
async function run(
  entry: string,
  inputs: readonly Uint32Array[],
  outWords: number,
  items: number,
): Promise<Uint32Array> {
  const device = await openTrials();
  try {
    const buffers = inputs.map((words) => {
      const buffer = device.allocate(words.byteLength);
      device.upload(buffer, words);
      return buffer;
    });
    const out = device.allocate(4 * outWords);
    device.clear(out);
    await device.dispatch(entry, [...buffers, out], items);
    return await device.download(out, new Uint32Array(outWords));
  } finally {
    device.dispose();
  }
}

describe.skipIf(missing !== null)(`the CUDA emulator${missing === null ? "" : ` (${missing})`}`, () => {
  it("lets the threads of a block meet at barriers over shared memory", async () => {
    const words = Uint32Array.from({ length: 200 }, (_, index) => index * 7 + 1);
    const out = await run("trialReverse", [words], 200, 200);
    for (let at = 0; at < 200; at++) {
      const from = 64 * Math.floor(at / 64) + 63 - (at % 64);
      expect(out[at]).toBe(words[from] ?? 0);
    }
  });

  it("exchanges values within warps, and counts and adds over blocks", async () => {
    const words = Uint32Array.from({ length: 300 }, (_, index) => (index * 2654435761) % 1000);
    const out = await run("trialReduce", [words], 12, 300);
    for (let block = 0; block < 3; block++) {
      const part = words.subarray(128 * block, 128 * block + 128);
      const sum = part.reduce((total, word) => total + word, 0);
      const odd = part.filter((word) => word % 2 === 1).length;
      const small = part.filter((word) => word < 10).length;
      expect([...out.subarray(4 * block, 4 * block + 4)]).toEqual([sum, odd, Math.max(...part), small]);
    }
  });

  it("shuffles up and across", async () => {
    const device = await openTrials();
    const words = Int32Array.from({ length: 64 }, (_, index) => (index * 37) % 11);
    const [from, sums, pairs] = [device.allocate(256), device.allocate(256), device.allocate(256)];
    device.upload(from, words);
    await device.dispatch("trialScan", [from, sums, pairs], 64);
    const scanned = await device.download(sums, new Int32Array(64));
    const paired = await device.download(pairs, new Int32Array(64));
    for (let at = 0; at < 64; at++) {
      const warp = words.subarray(32 * Math.floor(at / 32), at + 1);
      expect(scanned[at]).toBe(warp.reduce((total, word) => total + word, 0));
      expect(paired[at]).toBe((words[at] ?? 0) + (words[at ^ 1] ?? 0));
    }
    device.dispose();
  });

  it("rounds a product and a sum apart, and fmaf once", async () => {
    const [a, b, c] = [1 + 2 ** -12, 1 + 2 ** -12, -1];
    const words = new Uint32Array(Float32Array.of(a, b, c).buffer);
    const out = new Float32Array((await run("trialRounding", [words], 2, 1)).buffer);
    expect([...out]).toEqual([Math.fround(Math.fround(a * b) + c), Math.fround(a * b + c)]);
    expect(out[0]).not.toBe(out[1]);
  });

  it("shows a barrier that is missing", async () => {
    const words = Uint32Array.from({ length: 128 }, (_, index) => index);
    const out = await run("trialRace", [words], 128, 128);
    const right = words.map((word) => (word % 64 === 0 ? word : word - 1));
    expect(out).not.toEqual(right);
    expect([...out]).toContain(0xa7a7a7a7);
  });

  it("begins a block with any content in shared memory, and a buffer too", async () => {
    expect((await run("trialUnwritten", [], 2, 1))[0]).toBe(0xa7a7a7a7);
    const device = await openTrials();
    expect(await device.download(device.allocate(4), new Uint32Array(1))).toEqual(Uint32Array.of(0xa7a7a7a7));
    device.dispose();
  });

  it.each([
    { what: 0, bytes: 4, code: "ILLEGAL_ADDRESS", words: /trialWrong wrote past the end of a buffer of 4 bytes/ },
    { what: 0, bytes: 16, words: null },
    { what: 1, bytes: 4096, code: "ILLEGAL_ADDRESS", words: /touched [48] bytes before the begin of a buffer of 4096/ },
    { what: 1, bytes: 100, code: "ILLEGAL_ADDRESS", words: /wrote before the begin of a buffer of 100 bytes/ },
    { what: 2, bytes: 16, code: "LAUNCH_FAILED", words: /a shift by the width or more/ },
    { what: 3, bytes: 16, code: "LAUNCH_FAILED", words: /thread \(0, 0, 0\): .*an integer divided by 0/ },
    { what: 4, bytes: 16, code: "LAUNCH_FAILED", words: /an index beyond its array/ },
    { what: 5, bytes: 16, code: "LAUNCH_FAILED", words: /a float that its integer cannot hold/ },
    { what: 6, bytes: 16, code: "LAUNCH_FAILED", words: /threads wait for each other at different barriers/ },
    { what: 8, bytes: 16, code: "LAUNCH_FAILED", words: /an address not aligned to its type/ },
    { what: 7, bytes: 16, code: "LAUNCH_FAILED", words: /__trap\(\)/ },
  ])("stops a kernel that does wrong: $words", async ({ what, bytes, code, words }) => {
    const device = await openTrials();
    const out = device.allocate(bytes);
    const done = device.dispatch("trialWrong", [out, what], 2).then(() => device.download(out, new Uint8Array(bytes)));
    if (words === null) await done;
    else {
      await expect(done).rejects.toMatchObject({ code: "device-failed" });
      await expect(done).rejects.toThrow(words);
      await expect(done).rejects.toThrow(`kernel trialWrong stopped: CUDA_ERROR_${code}`);
    }
    device.dispose();
    expect(controls().contexts()).toBe(0);
  });

  it.each([
    { text: "no PTX", words: /CUDA_ERROR_INVALID_PTX.*no \.version/ },
    { text: ptxBegin.replace("7.0", "9.9"), words: /UNSUPPORTED_PTX_VERSION/ },
    { text: ptxBegin.replace("sm_75", "sm_90"), words: /NO_BINARY_FOR_GPU/ },
    {
      text: `${ptxBegin}.visible .entry unknown(\n\t.param .u32 a\n)\n{\n}\n`,
      words: /no kernel.cu has the entry unknown/,
    },
    {
      text: ptxBegin + ptxHeader({ name: "trialFill", parameters: ["write", "u32", "u32"], group: 64 }),
      words: /parameters of trialFill in kernel.ptx are not those in kernel.cu/,
    },
    { text: ptxBegin + ptxHeader({ name: "trialFill", parameters: ["write", "u32"], group: 64 }), words: /NOT_FOUND/ },
  ])("does not load PTX that a driver would not: $words", async ({ text, words }) => {
    const device = await openTrials(1000, [{ ...trials, ptx: text }]);
    const out = device.allocate(4);
    await expect(device.dispatch("trialFill", [out, 1], 1)).rejects.toThrow(words);
    await expect(device.dispatch("trialFill", [out, 1], 1)).rejects.toMatchObject({ code: "device-failed" });
    // The context is as it was.
    device.upload(out, Uint32Array.of(3));
    expect(await device.download(out, new Uint32Array(1))).toEqual(Uint32Array.of(3));
    device.dispose();
  });

  it("does not launch more threads than a kernel is made for", async () => {
    const [fill] = trials.entries;
    const kernel = {
      ...trials,
      ptx: ptxBegin + ptxHeader({ name: "trialFill", parameters: ["write", "u32"], group: 32 }),
    };
    const device = await openTrials(1000, [{ ...kernel, entries: fill ? [fill] : [] }]);
    const out = device.allocate(4);
    await expect(device.dispatch("trialFill", [out, 1], 1)).rejects.toThrow(/LAUNCH_OUT_OF_RESOURCES/);
    device.dispose();
  });
});
