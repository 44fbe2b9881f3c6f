import { locales } from "@assay/schema";
import { describe, expect, test } from "vitest";
import { acceptedLocale, languages, parseLocale, parseTheme, parseZone } from "./preferences.ts";

describe("preferences", () => {
  test("speaks the language the browser asks for first", () => {
    expect(acceptedLocale("fr-CH, fr;q=0.9, zh-TW;q=0.8, en;q=0.7")).toBe("zh-CN");
    expect(acceptedLocale("de, en-GB;q=0.8, zh;q=0.5")).toBe("en");
    expect(acceptedLocale("zh;q=0, en;q=0.1")).toBe("en");
    expect(acceptedLocale(null)).toBe("en");
  });

  test("knows every language the product speaks", () => {
    expect(languages).toEqual(locales);
  });

  test("takes nothing unknown from a cookie", () => {
    expect(parseLocale("xx")).toBeUndefined();
    expect(parseTheme("neon")).toBe("system");
    expect(parseTheme("dark")).toBe("dark");
    expect(parseZone("Mars/Base")).toBe("UTC");
    expect(parseZone("Asia/Shanghai")).toBe("Asia/Shanghai");
  });
});
