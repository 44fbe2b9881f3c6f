import { describe, expect, it, vi } from "vitest";
import { openLimiter, senderOf } from "./limit.ts";

const allowance = { most: 2, perMs: 1000 };

describe("the limiter", () => {
  it("lets so many through in so long, and says how long to wait", () => {
    const { take } = openLimiter();
    expect([take("a", allowance, 0), take("a", allowance, 100), take("b", allowance, 100)]).toEqual([0, 0, 0]);
    expect(take("a", allowance, 400)).toBe(600);
    // What was refused is not counted.
    expect(take("a", allowance, 1000)).toBe(0);
    expect(take("a", allowance, 1001)).toBe(99);
  });

  it("keeps nothing of who it counted longer than an hour", () => {
    const { take } = openLimiter();
    const long = { most: 1, perMs: 24 * 3600 * 1000 };
    expect(take("a", long, 0)).toBe(0);
    expect(take("a", long, 3600 * 1000)).toBeGreaterThan(0);
    expect(take("a", long, 3600 * 1000 + 1)).toBe(0);
  });

  it("forgets an hour later also where nobody comes any more", () => {
    vi.useFakeTimers();
    try {
      const { take } = openLimiter();
      const long = { most: 1, perMs: 24 * 3600 * 1000 };
      expect(take("a", long, 0)).toBe(0);
      expect(take("a", long, 1)).toBeGreaterThan(0);
      vi.advanceTimersByTime(3600 * 1000);
      expect(take("a", long, 2)).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("stays small under a flood of senders", () => {
    const { take } = openLimiter();
    take("first", { most: 1, perMs: 1e6 }, 0);
    for (let index = 0; index < 50_000; index++) take(`sender ${index}`, allowance, 1);
    expect(take("first", { most: 1, perMs: 1e6 }, 2)).toBe(0);
    expect(take("sender 49999", { most: 1, perMs: 1e6 }, 2)).toBeGreaterThan(0);
  });
});

describe("a sender", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:0001:0002::6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["", ""],
  ])("%s counts as %s", (address, sender) => {
    expect(senderOf(address)).toBe(sender);
  });
});
