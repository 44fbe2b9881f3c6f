import { describe, expect, it } from "vitest";
import { cpu } from "../devices/cpu.ts";
import { firstDifference } from "../kernels/first-difference.testing.ts";
import { PhiloxStream } from "../random/philox-stream.ts";
import { exp, log, log1p } from "./elementary.ts";
import { logFactorial, logFactorialStep } from "./log-factorial.ts";

const random = new PhiloxStream(1, 0);

/** Distance in units of the last place of `expected`. */
function ulps(actual: number, expected: number): number {
  return Math.abs(actual - expected) / (Math.abs(expected) * 2 ** -52);
}

describe("log, log1p and exp in plain arithmetic", () => {
  it("lie within 2 ulps of the host's", () => {
    const worst = { log: 0, log1p: 0, exp: 0 };
    for (let draw = 0; draw < 50_000; draw++) {
      const x = exp(1400 * random.uniform() - 700);
      const small = 2 * random.uniform() - 1;
      const y = 1417 * random.uniform() - 708;
      worst.log = Math.max(worst.log, ulps(log(x), Math.log(x)));
      worst.log1p = Math.max(worst.log1p, ulps(log1p(small), Math.log1p(small)), ulps(log1p(x), Math.log1p(x)));
      worst.exp = Math.max(worst.exp, ulps(exp(y), Math.exp(y)));
    }
    expect(worst.log).toBeLessThan(2);
    expect(worst.log1p).toBeLessThan(2);
    expect(worst.exp).toBeLessThan(2);
  });

  it("are defined at the edges", () => {
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-1)).toBeNaN();
    expect(log(1)).toBe(0);
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(ulps(log(5e-324), Math.log(5e-324))).toBeLessThan(2);
    expect(log1p(-1)).toBe(Number.NEGATIVE_INFINITY);
    expect(log1p(-2)).toBeNaN();
    expect(log1p(1e-300)).toBe(1e-300);
    expect(exp(0)).toBe(1);
    expect([exp(710), exp(Number.POSITIVE_INFINITY)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([exp(-746), exp(Number.NEGATIVE_INFINITY)]).toEqual([0, 0]);
    expect(exp(Number.NaN)).toBeNaN();
    expect(ulps(exp(709.78), Math.exp(709.78))).toBeLessThan(2);
    expect(exp(-745)).toBe(5e-324);
  });
});

describe("log, log1p and exp on the cpu device", () => {
  it("have the same bits as here, so that every draw has", async () => {
    const device = await cpu.open({});
    const values = Float64Array.from({ length: 30_000 }, (_, index) => {
      const spread = 1440 * random.uniform() - 720;
      return [spread, exp(spread), 3 * random.uniform() - 1.2][index % 3] ?? 0;
    });
    values.set([0, -0, 1, -1, 5e-324, 2 ** -54, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN, -746, 710]);
    const input = device.allocate(values.byteLength);
    const output = device.allocate(values.byteLength);
    device.upload(input, values);
    for (const [which, run] of [log, log1p, exp].entries()) {
      await device.dispatch("elementary", [which, input, output, values.length]);
      const there = await device.download(output, new Float64Array(values.length));
      expect(firstDifference(there, values.map(run))).toBeNull();
    }
  });
});

describe("log factorials", () => {
  it("equal sums of logarithms", () => {
    let sum = 0;
    for (let x = 1; x <= 2000; x++) {
      sum += Math.log(x);
      expect(Math.abs(logFactorial(x) - sum)).toBeLessThan(1e-13 * Math.max(1, sum));
    }
  });

  it("keep their differences at a billion", () => {
    // log((x + d)! / x!) is a plain sum of d logarithms.
    for (const x of [20, 1000, 1e6, 1e9, 4e9]) {
      for (const d of [1, -1, 7, -12, 5000]) {
        if (x + d < 0) continue;
        let expected = 0;
        for (let step = 1; step <= Math.abs(d); step++)
          expected += d > 0 ? Math.log(x + step) : -Math.log(x + 1 - step);
        expect(Math.abs(logFactorialStep(x, d) - expected)).toBeLessThan(1e-13 * Math.max(1, Math.abs(expected)));
      }
    }
  });
});
