import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../paths.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");

test("README claims no speed that bench/results.json does not show", () => {
  const claimed = /more than ([\d,]+) times faster/.exec(readme)?.[1];
  const results: { rows: { name: string; ratio: number }[] } = JSON.parse(
    readFileSync(join(root, "bench/results.json"), "utf8"),
  );
  const row = results.rows.find((one) => one.name.startsWith("audit: 1,000,000 rows × 12 groups"));
  expect(row?.ratio).toBeGreaterThan(Number(claimed?.replaceAll(",", "")));
});

test("README links to files that are there", () => {
  for (const [, target] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
    expect(existsSync(join(root, target ?? "")), target).toBe(true);
  }
});
