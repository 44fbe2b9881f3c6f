import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "@huggingface/transformers";
import { describe, expect, it } from "vitest";
import { classOf } from "./library.ts";

const source = fileURLToPath(new URL("../", import.meta.url));

describe("Transformers.js", () => {
  it("is loaded by the host of Node.js alone, when a model asks for it: pages do not carry it", () => {
    const files = readdirSync(source, { recursive: true }).map(String);
    const named = files.filter((file) => {
      if (!/\.ts$/.test(file) || /\.test\.ts$/.test(file)) return false;
      const text = readFileSync(join(source, file), "utf8");
      return (
        text.includes('"@huggingface/transformers"') && !/^import type .*"@huggingface\/transformers";$/m.test(text)
      );
    });
    expect(named).toEqual([join("node", "transformers.ts")]);
    const host = readFileSync(join(source, "node/transformers.ts"), "utf8");
    expect(host).toContain('await import("@huggingface/transformers")');
    expect(host).not.toMatch(/^import [^t].*huggingface/m);
  });

  it("gives classes by the names in a model's files, and nothing else of itself", () => {
    expect(classOf(library, "BertTokenizer", library.PreTrainedTokenizer)).toBe(library.BertTokenizer);
    expect(classOf(library, "PreTrainedTokenizer", library.PreTrainedTokenizer)).toBe(library.PreTrainedTokenizer);
    for (const name of [
      "pipeline",
      "env",
      "AutoTokenizer",
      "ViTImageProcessor",
      "constructor",
      "__proto__",
      "",
      "Tensor",
    ]) {
      expect(classOf(library, name, library.PreTrainedTokenizer)).toBeNull();
    }
  });
});
