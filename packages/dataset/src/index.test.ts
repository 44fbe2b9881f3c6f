import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** Everything the file and what it imports of this package import from outside. */
function outside(path: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(path)) return found;
  seen.add(path);
  for (const [, specifier] of readFileSync(path, "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
    if (specifier === undefined) continue;
    if (!specifier.startsWith(".")) found.add(specifier);
    else for (const inner of outside(join(dirname(path), specifier), seen)) found.add(inner);
  }
  return found;
}

test("the neutral entry needs nothing but the schema, so that it runs in a browser", () => {
  expect([...outside(join(import.meta.dirname, "index.ts"))]).toEqual(["@assay/schema"]);
});

test("the text readers need nothing of Node either", () => {
  expect([...outside(join(import.meta.dirname, "readers/text/text-source.ts"))]).toEqual(["@assay/schema"]);
  expect([...outside(join(import.meta.dirname, "readers/csv/csv-scanners.ts"))]).toEqual(["@assay/schema"]);
  expect([...outside(join(import.meta.dirname, "readers/jsonl/jsonl-scanner.ts"))]).toEqual(["@assay/schema"]);
});
