import { describe, expect, it } from "vitest";
import { PhiloxStream } from "../random/philox-stream.ts";
import { LinearMemory } from "./linear-memory.ts";

describe("linear memory", () => {
  it("never hands out one byte twice, and joins what is freed", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const pieces = new LinearMemory(memory, 1000);
    const random = new PhiloxStream(9, 0);
    const live: { address: number; size: number }[] = [];
    for (let round = 0; round < 3000; round++) {
      if (live.length > 0 && random.uniform() < 0.5) {
        const [gone] = live.splice(random.integer(live.length), 1);
        if (gone) pieces.free(gone.address, gone.size);
        continue;
      }
      const size = 1 + random.integer(5000);
      const address = pieces.allocate(size);
      const inside = address % 64 === 0 && address >= 1000 && address + size <= memory.buffer.byteLength;
      const apart = live.every((other) => address + size <= other.address || other.address + other.size <= address);
      expect(inside && apart, `${size} bytes at ${address}`).toBe(true);
      live.push({ address, size });
    }
    expect(pieces.allocatedBytes).toBe(live.reduce((sum, piece) => sum + piece.size, 0));
    for (const piece of live) pieces.free(piece.address, piece.size);
    expect(pieces.allocatedBytes).toBe(0);
    // One free piece again: the whole memory can be had without growing.
    const before = memory.buffer.byteLength;
    pieces.allocate(before - 1024);
    expect(memory.buffer.byteLength).toBe(before);
  });

  it("says so when the host gives no more", () => {
    const pieces = new LinearMemory(new WebAssembly.Memory({ initial: 1, maximum: 2 }), 0);
    expect(() => pieces.allocate(1_000_000)).toThrow(
      expect.objectContaining({
        code: "device-out-of-memory",
        message: expect.stringContaining("no memory for 1000000 more bytes"),
      }),
    );
    expect(pieces.allocate(100_000)).toBe(0);
  });
});
