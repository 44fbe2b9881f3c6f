import { expect, test } from "vitest";
import { plainText } from "./reading.ts";

const family = "👩‍👩‍👧‍👦";
const flag = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";

test("names keep what joins their signs: emoji, skin tones, flags, Persian and Indic letters", () => {
  for (const name of [family, "👩🏽‍🚒", "❤️‍🔥", flag, "می‌خواهم", "क्‍ष"]) {
    expect(plainText(name)).toBe(name);
  }
});

test("what cannot be seen and joins nothing is a blank, at the ends nothing", () => {
  expect(plainText("a\u200db\u2066c\n\u2028d")).toBe("a b c d");
  expect(plainText("\u200d\u202e")).toBe("“ ”");
  expect(plainText(`${family}\u200d`)).toBe(family);
  expect(plainText("a**b")).toBe("a∗∗b");
});

test("a long name is cut between whole signs, to 60 code points at most, and stays as it is when cut again", () => {
  const cut = plainText(family.repeat(12));
  expect(cut).toBe(`${family.repeat(8)}…`);
  expect(plainText(cut)).toBe(cut);
  expect(plainText(`${"x".repeat(55)}${flag}`)).toBe(`${"x".repeat(55)}…`);
  expect(plainText("x".repeat(61))).toBe(`${"x".repeat(59)}…`);
  expect(plainText("x".repeat(60))).toBe("x".repeat(60));
});
