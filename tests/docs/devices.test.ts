import { readFileSync } from "node:fs";
import { join } from "node:path";
import { probeDevices } from "@assay/compute";
import { errorCodes } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { root } from "../paths.ts";

const text = readFileSync(join(root, "docs/devices.md"), "utf8");
const rows = (section: string): string[] =>
  [...(text.split(`\n## ${section}\n`)[1]?.split("\n## ")[0] ?? "").matchAll(/^\| `(.+?)` \|/gm)].map(
    (match) => match[1] ?? "",
  );

describe("docs/devices.md", () => {
  it("tells every device and every way in which one fails", async () => {
    const devices = [...(text.split("\n## ")[0] ?? "").matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    expect(devices.sort()).toEqual((await probeDevices()).map(({ name }) => name));
    const codes = Object.keys(errorCodes).filter((code) => code.startsWith("device-"));
    expect(rows("When a device fails").sort()).toEqual(codes);
  });

  it("quotes what is said where there is no CUDA as it is said", () => {
    const source = ["cuda-driver.ts", "cuda-kernels.ts"]
      .map((name) => readFileSync(join(root, "packages/compute/src/devices", name), "utf8"))
      .join("\n")
      .replaceAll(/\$\{[^}]*\}/g, "*");
    const quoted = rows("cuda");
    expect(quoted.length).toBeGreaterThan(5);
    // Numbers and names differ from case to case; the words between them do not.
    const plain = (words: string): string[] =>
      words.split(/…|\*|libcuda\.so\.1|CUDA_ERROR_\w+|\bCUDA 10\.2|\b7\.0\b/).map((part) => part.trim());
    for (const one of quoted) {
      for (const part of plain(one).filter((words) => words.length > 2)) expect(source).toContain(part);
    }
  });
});
