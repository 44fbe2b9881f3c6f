import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addExact, exactFromInteger, exactFromNumber, exactToNumber } from "./exact-sum.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe("an exact sum", () => {
  it("is written in one way only", () => {
    expect(exactFromNumber(0)).toBe("0");
    expect(exactFromNumber(-0)).toBe("0");
    expect(exactFromNumber(1.5)).toBe("3p-1");
    expect(exactFromNumber(-1024)).toBe("-1p10");
    expect(exactFromNumber(5e-324)).toBe("1p-1074");
    expect(exactFromInteger(0x60n, -4)).toBe("3p1");
    expect(addExact("3p-1", "1p-1")).toBe("1p1");
    expect(addExact("3p-1", "-3p-1")).toBe("0");
  });

  it("keeps every double", () => {
    fc.assert(
      fc.property(finite, (x) => {
        expect(exactToNumber(exactFromNumber(x))).toBe(x + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("does not depend on the order of addition", () => {
    fc.assert(
      fc.property(finite, finite, finite, (x, y, z) => {
        const [a, b, c] = [exactFromNumber(x), exactFromNumber(y), exactFromNumber(z)];
        expect(addExact(addExact(a, b), c)).toBe(addExact(a, addExact(c, b)));
      }),
      { numRuns: 1000 },
    );
  });

  it("rounds as IEEE addition does, which is the correctly rounded sum of two", () => {
    fc.assert(
      fc.property(finite, finite, (x, y) => {
        expect(exactToNumber(addExact(exactFromNumber(x), exactFromNumber(y)))).toBe(x + y + 0);
      }),
      { numRuns: 5000 },
    );
  });

  it("rounds ties to even, at the subnormals and at the top", () => {
    const tie = 2n ** 53n + 1n;
    expect(exactToNumber(exactFromInteger(tie, 0))).toBe(2 ** 53);
    expect(exactToNumber(exactFromInteger(tie + 2n, 0))).toBe(2 ** 53 + 4);
    expect(exactToNumber(exactFromInteger((tie << 60n) + 1n, -60))).toBe(2 ** 53 + 2);
    expect(exactToNumber("1p-1075")).toBe(0);
    expect(exactToNumber("3p-1075")).toBe(2 * 5e-324);
    expect(exactToNumber(exactFromInteger((1n << 60n) + 1n, -1135))).toBe(5e-324);
    expect(exactToNumber("1p1024")).toBe(Number.POSITIVE_INFINITY);
    expect(exactToNumber(exactFromInteger(-(2n ** 54n - 1n), 970))).toBe(Number.NEGATIVE_INFINITY);
    expect(exactToNumber(exactFromInteger(2n ** 55n - 3n, 969))).toBe(Number.MAX_VALUE);
    expect(exactToNumber(exactFromInteger(2n ** 54n - 3n, 970))).toBe((2 ** 53 - 2) * 2 ** 971);
  });

  it("keeps what floating point loses", () => {
    const sum = [1e16, 1, -1e16].map(exactFromNumber).reduce(addExact);
    expect(exactToNumber(sum)).toBe(1);
  });

  it("refuses what has no exact value, and text that is none", () => {
    expect(() => exactFromNumber(Number.NaN)).toThrow(/no exact value/);
    expect(() => exactToNumber("1.5")).toThrow(/"1.5" is none/);
  });
});
