import { describe, expect, it } from "vitest";
import { readOptions, writeOptions } from "./option-lines.ts";

describe("choices, one a line", () => {
  it("take a value alone, or with its words in both languages", () => {
    expect(readOptions("F | Female | 女\nM\n\n  | only words |\nx | | 某")).toEqual([
      { value: "F", label: { en: "Female", "zh-CN": "女" } },
      { value: "M", label: { en: "", "zh-CN": "" } },
      { value: "", label: { en: "only words", "zh-CN": "" } },
      { value: "x", label: { en: "", "zh-CN": "某" } },
    ]);
  });

  it.each([["a|b"], ["\\"], ["\\|"], ["<25"], ["25–44"], ["=1+1"]])("come back as they were: %s", (value) => {
    const options = [{ value, label: { en: `${value} en`, "zh-CN": "" } }];
    expect(readOptions(writeOptions(options))).toEqual(options);
  });
});
