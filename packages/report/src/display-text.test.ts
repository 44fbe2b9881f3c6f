import { expect, test } from "vitest";
import { displayText, escapeHtml, fitText, textWidth, tieNumbers, wrapText } from "./display-text.ts";

test("a text cannot turn the reading direction of what follows, nor break a line", () => {
  expect(displayText("safe\u202etxt.exe\nnext\u0000")).toBe("safe\ufffdtxt.exe next\ufffd");
  expect(displayText("half \ud83d sign")).toBe("half \ufffd sign");
  expect(displayText("whole 😀 sign, مرحبا")).toBe("whole 😀 sign, مرحبا");
});

test("mark-up in a text is text", () => {
  expect(escapeHtml(`<b a="1">&'`)).toBe("&lt;b a=&quot;1&quot;&gt;&amp;&#39;");
});

test("a long text is cut at a whole sign and told in full", () => {
  const family = "👩‍👩‍👧‍👦";
  const { text, full } = fitText(family.repeat(10), 60, 13);
  expect(full).toBe(family.repeat(10));
  expect(text.endsWith("…")).toBe(true);
  expect(text.slice(0, -1).replaceAll(family, "")).toBe("");
  expect(fitText("short", 200, 13)).toEqual({ text: "short", full: null });
  expect(textWidth(fitText("x".repeat(200), 100, 13).text, 13)).toBeLessThanOrEqual(100);
});

test("lines break at blanks, and between Chinese signs", () => {
  expect(wrapText("priors_count and age", 90, 12, 3).lines).toEqual(["priors_count", "and age"]);
  const { lines, full } = wrapText("在留出样本上与决策一致的比例", 80, 13, 2);
  expect(lines).toHaveLength(2);
  expect(lines[1]?.endsWith("…")).toBe(true);
  expect(full).toBe("在留出样本上与决策一致的比例");
});

test("numbers stay with their units and signs", () => {
  expect(tieNumbers("44.8 % of 10 points; adjusted p < 0.001; n = 1,795", "en")).toBe(
    "44.8\u202f% of 10\u00a0points; adjusted p\u00a0<\u00a00.001; n\u00a0=\u00a01,795",
  );
  expect(tieNumbers("有 44.8 % 被标为", "zh-CN")).toBe("有 44.8% 被标为");
});
