import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { frameworks, registry } from "@assay/audits";
import { locales, pillars } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const audits = join(root, "packages/audits/src");

describe("lists written by hand hold what their folders hold", () => {
  it("registers every audit folder, in order", () => {
    const folders = pillars.flatMap((pillar) =>
      readdirSync(audits, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name === pillar)
        .flatMap(() =>
          readdirSync(join(audits, pillar), { withFileTypes: true })
            .filter((entry) => entry.isDirectory())
            .map((entry) => `${pillar}.${entry.name}`),
        ),
    );
    expect(registry.map((audit) => audit.id)).toEqual([...folders].sort());
  });

  it("lists every framework file, in order", () => {
    const files = readdirSync(join(audits, "frameworks"))
      .filter((name) => name.endsWith(".ts") && name !== "index.ts" && !name.endsWith(".test.ts"))
      .map((name) => name.replace(/\.ts$/, ""));
    expect(frameworks.map((policy) => policy.id)).toEqual(files.sort());
  });
});

describe("every audit speaks for itself", () => {
  it.each(registry.map((audit) => ({ id: audit.id, audit })))("$id is complete in both languages", ({ audit }) => {
    for (const locale of locales) {
      const { settings, ...words } = audit.text[locale];
      for (const [key, text] of Object.entries(words)) expect(text.trim(), `${locale} ${key}`).not.toBe("");
      expect(Object.keys(settings).sort()).toEqual(Object.keys(audit.input.shape).sort());
      for (const [key, { example }] of Object.entries(settings)) {
        // A map's default is empty and shows nobody how to write one.
        const isMap = JSON.stringify(audit.input.parse({})[key]) === "{}";
        if (isMap) expect(example, `${locale} ${key}`).toBeDefined();
        if (example === undefined) continue;
        const written = audit.input.safeParse({ [key]: parse(example) });
        expect(written.error?.issues, `${locale} ${key}: ${example}`).toBeUndefined();
      }
    }
    expect(audit.references.length).toBeGreaterThan(0);
    expect(audit.input.safeParse({}).success, "every setting has a default").toBe(true);
  });
});
