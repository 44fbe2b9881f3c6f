import { expect, test } from "vitest";
import { tidyChinese } from "./tidy-chinese.ts";

test("no space stands beside full-width punctuation, and others stay", () => {
  expect(tidyChinese("65.4 %（95 % 区间 64.3 % 至 66.5 %） 与标签一致。 其余")).toBe(
    "65.4 %（95 % 区间 64.3 % 至 66.5 %）与标签一致。其余",
  );
  expect(tidyChinese("n = 12 （少）")).toBe("n = 12（少）");
});
