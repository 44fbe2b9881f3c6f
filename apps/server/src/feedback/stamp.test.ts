import { describe, expect, it } from "vitest";
import { leastFillMs, longestFillMs, openStamps, tidyReference } from "./stamp.ts";

const stamps = openStamps("a secret of the server, long enough");
const now = 1_800_000_000_000;

describe("stamps", () => {
  it("are good between a moment and a day, for their own form and secret alone", () => {
    const stamp = stamps.issue("form", now);
    expect(stamps.check("form", stamp, now + leastFillMs - 1)).toBe("too-early");
    expect(stamps.check("form", stamp, now + leastFillMs)).toBe("good");
    expect(stamps.check("form", stamp, now + longestFillMs + 1)).toBe("too-late");
    // A clock that was set back makes nothing good.
    expect(stamps.check("form", stamp, now - 1)).toBe("too-early");
    expect(stamps.check("other", stamp, now + leastFillMs)).toBe("invalid");
    expect(openStamps("another secret of another server").check("form", stamp, now + leastFillMs)).toBe("invalid");
    const [nonce, , sign] = stamp.split(".");
    expect(stamps.check("form", `${nonce}.${(now - 10_000).toString(36)}.${sign}`, now)).toBe("invalid");
    for (const made of ["", ".", "..", "a.b.c", `${stamp}.`, `${stamp}x`, "é".repeat(50)]) {
      expect(stamps.check("form", made, now + leastFillMs)).toBe("invalid");
    }
  });

  it("give each sender a reference of their own, the same for the same page", () => {
    const all = Array.from({ length: 500 }, () => stamps.reference(stamps.issue("form", now), "words"));
    expect(new Set(all).size).toBe(500);
    for (const one of all) expect(one).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    const stamp = stamps.issue("form", now);
    expect(stamps.reference(stamp, "words")).toBe(stamps.reference(stamp, "words"));
    expect(stamps.reference(stamp, "others")).not.toBe(stamps.reference(stamp, "words"));
  });

  it("know a reference however it is typed", () => {
    const given = "1A0B-C2D3-E4F5-G6H7";
    for (const typed of [
      "1a0bc2d3e4f5g6h7",
      " 1A0B C2D3 E4F5 G6H7 ",
      "IaOb-c2d3-e4f5-g6h7",
      "１Ａ０Ｂ－Ｃ２Ｄ３－Ｅ４Ｆ５－Ｇ６Ｈ７",
      "laob/c2d3.e4f5,g6h7",
    ]) {
      expect(tidyReference(typed)).toBe(given);
    }
    expect(tidyReference("")).toBe("");
  });
});
