import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formats } from "./formats.ts";
import { modelFormats } from "./model.ts";

describe("the list of formats", () => {
  it("is alphabetical, and every format has its folder", () => {
    const names = formats.map((format) => format.name);
    expect(names).toEqual([...modelFormats]);
    expect(names).toEqual([...names].sort());
    for (const name of names) expect(existsSync(fileURLToPath(new URL(`./${name}/`, import.meta.url)))).toBe(true);
  });

  it("knows JSON by its brace, also behind blanks and in a gzip, and takes all else for ONNX", () => {
    const of = (file: string, text: string) =>
      formats.find((format) =>
        format.matches(
          file,
          Uint8Array.from(text, (character) => character.charCodeAt(0)),
        ),
      )?.name;
    expect(of("a.bin", ' \n{"kind": "mlp"}')).toBe("json");
    expect(of("a.json.gz", "\u001f\u008b\u0008")).toBe("json");
    expect(of("a.onnx", "\u001f\u008b\u0008")).toBe("onnx");
    expect(of("a.json", "[1, 2]")).toBe("json");
    expect(of("a.ubj", "{L\u0000")).toBe("onnx");
    expect(of("a.onnx", "\u0008\u0007")).toBe("onnx");
  });
});
