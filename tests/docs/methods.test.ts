import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { registry } from "@assay/audits";
import { expect, test } from "vitest";
import { methodPages } from "../../scripts/docs.mjs";
import { root } from "../paths.ts";

const pages: Map<string, string> = methodPages();

test("docs/methods says what the audits say (after a change: node scripts/docs.mjs)", () => {
  expect(pages.size).toBe(2 * (registry.length + 2));
  for (const [path, text] of pages) expect(readFileSync(join(root, path), "utf8"), path).toBe(text);
});

test.each(["docs/methods", "docs/methods/zh-CN"])("%s has no page of an audit that is gone", async (folder) => {
  const files = (await readdir(join(root, folder))).filter((file) => /^[a-z]+\.[a-z0-9-]+\.md$/.test(file));
  expect(files.sort()).toEqual(registry.map((audit) => `${audit.id}.md`).sort());
});

test("every setting of every audit is explained in both languages", () => {
  for (const audit of registry) {
    for (const [locale, text] of Object.entries(audit.text)) {
      const keys = Object.keys(audit.input.shape).sort();
      expect(Object.keys(text.settings).sort(), `${audit.id} ${locale}`).toEqual(keys);
    }
  }
});

test("every formula and threshold has a source that can be followed", () => {
  for (const audit of registry) {
    expect(audit.references.length, audit.id).toBeGreaterThan(0);
    for (const { of, citation, url } of audit.references) {
      expect(of && citation, `${audit.id}: ${url}`).toBeTruthy();
      expect(url, `${audit.id}: ${citation}`).toMatch(/^https:\/\/\S+$/);
    }
  }
});
