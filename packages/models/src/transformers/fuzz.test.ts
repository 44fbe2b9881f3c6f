import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { isAssayError } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";
import {
  bertTokenizerConfig,
  type FolderFiles,
  textConfig,
  textFolder,
  wordPiece,
  writeFolder,
} from "./folders.testing.ts";
import { audioFolder, imageFolder, writePng, writeWav } from "./media.testing.ts";

let device: Device;
let data: string;
beforeAll(async () => {
  device = await openDevice("cpu");
  data = mkdtempSync(join(tmpdir(), "assay-data-"));
  const pixels = Array.from({ length: 192 }, (_, at) => (at * 37) % 256);
  writeFileSync(join(data, "a.png"), writePng(8, 8, pixels));
  writeFileSync(join(data, "a.wav"), writeWav([0.1, -0.2, 0.3, 0.4, -0.5], { rate: 100 }));
});
afterAll(() => {
  device.dispose();
  rmSync(data, { recursive: true, force: true });
});

const kinds = [
  {
    files: textFolder(),
    values: ["she was good", "", "bad bad film film film film bad bad bad bad bad bad bad bad bad"],
  },
  { files: imageFolder(), values: ["a.png"] },
  { files: audioFolder(), values: ["a.wav"] },
] as const;

/** Changes one file of a folder: bytes flipped, cut out, doubled; a number or word of its JSON made another; its end cut off. */
function mutate(random: PhiloxStream, files: FolderFiles): FolderFiles {
  const names = Object.keys(files);
  const name = names[random.integer(names.length)] ?? "";
  const bytes = Uint8Array.from(Buffer.from(files[name] ?? ""));
  if (name.endsWith(".json") && random.integer(2) === 0) {
    const text = Buffer.from(bytes).toString();
    const parts = [...text.matchAll(/-?\d+(\.\d+)?|"[^"]*"|true|false|null/g)];
    const part = parts[random.integer(parts.length)];
    const values = [
      "-1",
      "0",
      "1e9",
      "1e308",
      "null",
      "[]",
      "{}",
      '"x"',
      '""',
      "true",
      '"__proto__"',
      "[[[]]]",
      '"\\u0000"',
    ];
    const value = values[random.integer(values.length)] ?? "0";
    if (!part) return files;
    return { ...files, [name]: `${text.slice(0, part.index)}${value}${text.slice(part.index + part[0].length)}` };
  }
  const at = random.integer(Math.max(1, bytes.length));
  switch (random.integer(4)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
      return { ...files, [name]: bytes };
    case 1:
      return { ...files, [name]: bytes.subarray(0, at) };
    case 2:
      return { ...files, [name]: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.integer(8))]) };
    default:
      return { ...files, [name]: Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 9))]) };
  }
}

const allowed = ["data-invalid", "data-too-large", "model-invalid", "not-found", "not-supported"];

async function outcome(files: FolderFiles, values: readonly string[]): Promise<string> {
  const folder = writeFolder(files);
  try {
    const model = await openModel(folder, { dataFolder: data, name: "mutated" });
    try {
      const codes = Uint8Array.from(values, (_, row) => row);
      const { outputs } = await model.predict([{ levels: values, codes }], { device });
      const [output] = outputs;
      if (output === undefined || output.kind === "label") return "no numbers";
      return output.values.every(Number.isFinite) ? "predicted" : "no finite numbers";
    } finally {
      await model.dispose();
    }
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return error.code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("a damaged folder gives a prediction or a typed error", () => {
  it("600 of them", { timeout: 240_000 }, async () => {
    const random = new PhiloxStream(7, 0);
    const counts = new Map<string, number>();
    let slowest = 0;
    for (let trial = 0; trial < 600; trial++) {
      const kind = kinds[trial % 3];
      if (!kind) continue;
      const started = performance.now();
      const files = mutate(random, kind.files);
      const result = await outcome(files, kind.values).catch((error: unknown) => {
        throw new Error(`trial ${trial}: ${error instanceof Error ? error.stack : error}`);
      });
      slowest = Math.max(slowest, performance.now() - started);
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
    for (const result of counts.keys()) expect(["predicted", ...allowed]).toContain(result);
    // The test would hold nothing if all of them were refused, or none.
    expect(counts.get("predicted") ?? 0).toBeGreaterThan(60);
    expect(counts.get("model-invalid") ?? 0).toBeGreaterThan(150);
    expect(slowest).toBeLessThan(20_000);
  });

  it("a vocabulary of 200,000 words, which the graph does not have", { timeout: 120_000 }, async () => {
    const words = Array.from({ length: 200_000 }, (_, index) => `w${index.toString(36)}`);
    const files = textFolder({
      "tokenizer.json": wordPiece(words),
      "config.json": textConfig(),
      "tokenizer_config.json": bertTokenizerConfig(),
    });
    expect(await outcome(files, ["good"])).toBe("model-invalid");
  });
});
