import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { listMetrics } from "./index.ts";

test("every metric stands in the list, by name, and in a file of its own", () => {
  const files = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => name.replace(/\.ts$/, ""))
    .filter((name) => !["index", "list-metric"].includes(name));
  expect(listMetrics.map((metric) => metric.name)).toEqual(files.sort());
});

test("what is compared over groups is tested, and a ratio is one of values from 0", () => {
  for (const { name, gaps, range, test: how, reference } of listMetrics) {
    expect(gaps.length > 0, name).toBe(how !== null);
    if ((gaps as readonly string[]).includes("ratio")) expect(range[0], name).toBe(0);
    expect(reference.url, name).toMatch(/^https:\/\/doi\.org\//);
  }
});
