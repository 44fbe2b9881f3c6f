import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { metricName } from "./metrics.ts";

const audits = fileURLToPath(new URL("../../../audits/src", import.meta.url));

/** Names of metrics as the audits' files write them. */
const written = readdirSync(audits, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("testing"))
  .flatMap((name) => {
    const text = readFileSync(join(audits, name), "utf8");
    const own = name.startsWith("metrics") ? [...text.matchAll(/^ {2}name: "([a-z0-9-]+)"/gm)] : [];
    return [...own, ...text.matchAll(/\bmetric: "([a-z0-9-]+)"/g)].map((found) => found[1] ?? "");
  });

test("every metric that an audit tells has a name in words, in both languages", () => {
  expect(written.length).toBeGreaterThan(100);
  // A name without words is its own kebab-case name in both languages.
  const plain = (name: string): boolean => metricName(name)["zh-CN"].includes(name.replaceAll("-", " "));
  const asTheyAre = ["f1", "mcc", "t-closeness"];
  expect([...new Set(written)].filter((name) => plain(name) && !asTheyAre.includes(name))).toEqual([]);
});

test("names that are made of others are told in both languages too", () => {
  expect(metricName("selection-rate-difference-corrected")).toEqual({
    en: "selection rate difference, less its bias",
    "zh-CN": "选中率之差（已去偏）",
  });
  expect(metricName("mean-residual-difference-pooled")["zh-CN"]).toBe("平均残差之差（各层合并）");
  expect(metricName("selection-rate-gap-change")["zh-CN"]).toBe("选中率差距的变化");
  expect(metricName("expected-calibration-error-debiased")["zh-CN"]).toBe("期望校准误差（已去偏）");
});
