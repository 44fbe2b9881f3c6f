import { expect, test } from "vitest";
import {
  displayText,
  escapeHtml,
  fitName,
  fitNames,
  fitText,
  isolateParts,
  textWidth,
  tieNumbers,
  wrapText,
} from "./display-text.ts";

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

test("a long name is cut in its middle, so that names that begin alike do not look alike", () => {
  const names = ["applicant_monthly_income_before_tax", "applicant_monthly_income_after_tax"];
  const [before, after] = names.map((name) => fitName(name, 150, 13));
  expect(before?.text).toMatch(/^applicant_.*….*tax$/);
  expect(before?.full).toBe(names[0]);
  expect(textWidth(before?.text ?? "", 13)).toBeLessThanOrEqual(150);
  expect(before?.text).not.toBe(after?.text);
  expect(fitName("capital_gain = 2174", 125, 13).text).toMatch(/= 2174$/);
  expect(fitName("short", 200, 13)).toEqual({ text: "short", full: null });
  const family = "👩‍👩‍👧‍👦";
  expect(fitName(family.repeat(10), 60, 13).text.replaceAll(family, "")).toBe("…");
});

test("names that only their middle parts are shown from there", () => {
  const names = ["income_of_the_first_applicant_in_euro", "income_of_the_other_applicant_in_euro", "age"];
  const fitted = fitNames(names, 110, 13).map(({ text }) => text);
  expect(new Set(fitted).size).toBe(3);
  expect(fitted[0]).toMatch(/^….*first/);
  expect(fitted[1]).toMatch(/^….*other/);
  expect(fitted[2]).toBe("age");
  for (const text of fitted) expect(textWidth(text, 13)).toBeLessThanOrEqual(110);
  expect(
    fitNames(["applicant_income_before_tax_2024", "applicant_income_after_tax_2024"], 150, 13).map(({ text }) => text),
  ).toEqual([expect.stringMatching(/^…e_before_tax/), expect.stringMatching(/^…e_after_tax/)]);
  // What parts these is at their ends, which the cut leaves.
  expect(
    fitNames(["measurement_of_the_sensor_1", "measurement_of_the_sensor_2"], 120, 13).map(({ text }) => text),
  ).toEqual([expect.stringMatching(/^meas.*….*r_1$/), expect.stringMatching(/^meas.*….*r_2$/)]);
  // A name that comes twice is one name.
  expect(fitNames([names[0] ?? "", names[0] ?? ""], 110, 13)[0]?.text).not.toMatch(/^…/);
});

test("a right-to-left name does not take the number behind it to its other side", () => {
  expect(isolateParts("الدخل = 39")).toBe("\u2068الدخل\u2069 = \u206839\u2069");
  expect(isolateParts("שנה")).toBe("\u2068שנה\u2069");
  expect(isolateParts("income = 39")).toBe("income = 39");
  expect(isolateParts("收入 = 39")).toBe("收入 = 39");
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
