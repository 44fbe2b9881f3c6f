import { describe, expect, it } from "vitest";
import { canonicalJson, digestBytes, digestJson } from "./digest.ts";
import { decodeSummary, digestSummary, encodeSummary, type SummaryValue } from "./summary.ts";

describe("summaries", () => {
  it("come back as they were, typed arrays too", () => {
    const summary: SummaryValue = {
      levels: ["a", "é", "汉"],
      counts: new Float64Array([1, 2 ** 53 - 1, 0]),
      codes: [new Uint8Array([1, 255]), new Uint16Array([65535]), new Uint32Array([2 ** 32 - 1]), new Int32Array([-1])],
      nested: { none: null, yes: true },
    };
    expect(decodeSummary(encodeSummary(summary))).toEqual(summary);
  });

  it("have one digest whatever the order of keys", () => {
    expect(digestSummary({ a: 1, b: new Uint32Array([1, 2]) })).toBe(
      digestSummary({ b: new Uint32Array([1, 2]), a: 1 }),
    );
  });

  it("write bytes as base64 with its padding", () => {
    for (const length of [0, 1, 2, 3, 4, 255, 256]) {
      const bytes = new Uint8Array(length).map((_, index) => index * 37);
      expect(encodeSummary({ bytes })).toBe(JSON.stringify({ bytes: { $u8: Buffer.from(bytes).toString("base64") } }));
    }
  });

  it("have the digest of their text, whatever they hold and however long", () => {
    for (const summary of [
      null,
      "é\u2028",
      [],
      {},
      [1.5, -0, 1e21, true, ["a"]],
      { "\u{1F600}": 1, "\uFF21": 2, b: { a: [], Z: new Uint8Array() } },
      { long: new Uint8Array(786_432 * 2 + 1).map((_, index) => index), short: new Uint16Array([1]) },
      new Float64Array([1, 2, 3]).subarray(1),
    ] satisfies SummaryValue[]) {
      expect(digestSummary(summary)).toBe(digestBytes(encodeSummary(summary)));
    }
  });

  it("carry arrays longer than a call's arguments", () => {
    const long = new Float64Array(200_000).map((_, index) => index);
    expect(decodeSummary(encodeSummary({ long }))).toEqual({ long });
  });
});

describe("canonical JSON", () => {
  it("is RFC 8785's own example", () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("refuses numbers that JSON has no form for", () => {
    expect(() => canonicalJson({ x: Number.NaN })).toThrow();
  });

  it("digests the empty object as sha256 of {}", () => {
    expect(digestJson({})).toBe("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });
});
