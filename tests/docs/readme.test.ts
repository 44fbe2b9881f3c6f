import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../paths.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");

test("README claims no speed that bench/results.json does not show", () => {
  const claimed = /more than ([\d,]+) times faster/.exec(readme)?.[1];
  const inMemory = Number(/10,000,000 rows in 14 groups, in memory, take less than\s+(\d+) ms/.exec(readme)?.[1]);
  const results: { rows: { name: string; ratio: number; oursSeconds: number }[] } = JSON.parse(
    readFileSync(join(root, "bench/results.json"), "utf8"),
  );
  const row = results.rows.find((one) => one.name.startsWith("audit: 1,000,000 rows × 12 groups"));
  expect(row?.ratio).toBeGreaterThan(Number(claimed?.replaceAll(",", "")));
  const large = results.rows.find((one) => one.name.startsWith("audit: 10,000,000 rows × 14 groups"));
  expect(large?.oursSeconds).toBeLessThan(inMemory / 1000);
});

test("README links to files that are there", () => {
  for (const [, target] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
    expect(existsSync(join(root, target ?? "")), target).toBe(true);
  }
});
