import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TextColumn } from "../columns.ts";
import type { Model } from "../model.ts";
import { openModel } from "../node/index.ts";
import { softmaxByHand, writeFolder } from "./folders.testing.ts";
import { audioFolder, imageFolder, patches, wave, writePng, writeWav } from "./media.testing.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

function paths(values: readonly string[]): TextColumn {
  const levels = [...new Set(values)];
  return { levels, codes: Uint32Array.from(values, (value) => levels.indexOf(value)) };
}

async function first(model: Model, values: readonly string[]): Promise<number[]> {
  const { outputs } = await model.predict([paths(values)], { device });
  const [output] = outputs;
  if (output?.kind !== "probabilities") throw new Error("no probabilities");
  return values.map((_, row) => output.values[row * output.width] ?? Number.NaN);
}

function dataFolder(files: Readonly<Record<string, Uint8Array | string>>): string {
  return writeFolder(files, mkdtempSync(join(tmpdir(), "assay-data-")));
}

const pixels = Array.from({ length: 8 * 8 * 3 }, (_, at) => (at * 37) % 256);

/** Rescaled and normalised by hand, cut into four patches, filtered, averaged. */
function imageByHand(rgb: readonly number[]): readonly number[] {
  const value = (x: number, y: number, channel: number) =>
    ((rgb[(y * 8 + x) * 3 + channel] ?? 0) / 255 - 0.5) / (channel === 1 ? 0.25 : 0.5);
  const means = [0, 1].map((filter) => {
    let sum = 0;
    for (const [px, py] of [
      [0, 0],
      [4, 0],
      [0, 4],
      [4, 4],
    ] as const) {
      let product = patches.bias[filter] ?? 0;
      for (let channel = 0; channel < 3; channel++)
        for (let y = 0; y < 4; y++)
          for (let x = 0; x < 4; x++)
            product +=
              (patches.filters[((filter * 3 + channel) * 4 + y) * 4 + x] ?? 0) * value(px + x, py + y, channel);
      sum += Math.max(0, product);
    }
    return sum / 4;
  });
  return patches.weights.map(
    (row, place) => row[0] * (means[0] ?? 0) + row[1] * (means[1] ?? 0) + (patches.offsets[place] ?? 0),
  );
}

describe("a classifier of images", () => {
  it("gives what its filters make of the pixels by hand", async () => {
    const data = dataFolder({
      "images/a.png": writePng(8, 8, pixels),
      "b.png": writePng(
        8,
        8,
        pixels.map((value) => 255 - value),
      ),
    });
    const model = await openModel(writeFolder(imageFolder()), { dataFolder: data });
    const said = await first(model, ["images/a.png", "b.png", "images/a.png"]);
    expect(said[0]).toBeCloseTo(softmaxByHand(imageByHand(pixels))[0] ?? Number.NaN, 5);
    expect(said[1]).toBeCloseTo(softmaxByHand(imageByHand(pixels.map((value) => 255 - value)))[0] ?? Number.NaN, 5);
    expect(said[2]).toBe(said[0]);
    expect(model).toMatchObject({
      runtime: "transformers",
      inputs: [{ name: "image", kind: "category" }],
      main: { classes: ["cat", "dog"] },
    });
    expect(model.profile?.per?.en).toBe("an image of 8 × 8 pixels");
    // 4 places × 2 filters × 48 weights, and 2 × 2.
    const macs = model.profile?.layers.reduce((sum, layer) => sum + (layer.multiplyAccumulates ?? 0), 0);
    expect(macs).toBe(4 * 2 * 48 + 4);
    await model.dispose();
  });

  it("tells which files were read by one digest", async () => {
    const image = writePng(8, 8, pixels);
    const model = await openModel(writeFolder(imageFolder()), {
      dataFolder: dataFolder({ "b.png": image, "a.png": image }),
    });
    expect(model.notes()).toEqual([]);
    await first(model, ["b.png", "a.png", "b.png"]);
    const own = `sha256:${createHash("sha256").update(image).digest("hex")}`;
    const all = createHash("sha256").update(`a.png\0${own}\nb.png\0${own}\n`).digest("hex");
    expect(model.notes()).toHaveLength(1);
    expect(model.notes()[0]?.en).toBe(
      `The model read 2 files that the data name, ${2 * image.length} bytes. Digest of their paths and digests: sha256:${all}.`,
    );
    expect(model.notes()[0]?.["zh-CN"]).toContain(all);
    await model.dispose();
  });

  it("takes an image of another size as the processor resizes it", async () => {
    const grey = (size: number) => writePng(size, size, new Array(size * size * 3).fill(100));
    const model = await openModel(writeFolder(imageFolder()), {
      dataFolder: dataFolder({ "small.png": grey(8), "large.png": grey(32) }),
    });
    const [small, large] = await first(model, ["small.png", "large.png"]);
    expect(large).toBeCloseTo(small ?? Number.NaN, 6);
    await model.dispose();
  });

  it("is refused where no files of the data are at hand", async () => {
    await expect(openModel(writeFolder(imageFolder()))).rejects.toMatchObject({
      code: "not-supported",
      message: expect.stringMatching(/files beside the data/),
    });
  });

  it.each([
    [
      "of an unknown processor",
      { image_processor_type: "MagicImageProcessor" },
      "not-supported",
      /MagicImageProcessor/,
    ],
    ["of a name that is no processor", { image_processor_type: "pipeline" }, "not-supported", /pipeline/],
    ["without a processor", {}, "model-invalid", /names no image_processor_type/],
    [
      "of an absurd size",
      { image_processor_type: "ViTImageProcessor", size: 1e9 },
      "model-invalid",
      /preprocessor_config\.json: size/,
    ],
    [
      "of another size than the graph's",
      { image_processor_type: "ViTImageProcessor", size: 4 },
      "model-invalid",
      /ONNX Runtime refuses/,
    ],
  ] as const)("%s is refused when it is opened", async (_, config, code, message) => {
    const folder = writeFolder(imageFolder({ "preprocessor_config.json": JSON.stringify(config) }));
    await expect(openModel(folder, { dataFolder: dataFolder({}) })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe("a path in the data that gives no image is told with its row", () => {
  const outside = mkdtempSync(join(tmpdir(), "assay-outside-"));
  const image = writePng(8, 8, pixels);
  writeFileSync(join(outside, "a.png"), image);
  const data = dataFolder({
    "good.png": image,
    "half.png": image.subarray(0, image.length / 2),
    "text.png": "no image",
    "image.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "empty.png": "",
  });
  symlinkSync(join(outside, "a.png"), join(data, "link.png"));
  symlinkSync(outside, join(data, "linked"));
  mkdirSync(join(data, "folder.png"));

  it.each([
    ["nothing", "", "data-invalid", /no path/],
    ["a file that is not there", "gone.png", "not-found", /"gone\.png" is not there/],
    ["a path out of the folder", "../x.png", "data-invalid", /outside the data's folder/],
    ["an absolute path", join(outside, "a.png"), "data-invalid", /outside the data's folder/],
    ["a link", "link.png", "data-invalid", /is a link/],
    ["a linked folder", "linked/a.png", "data-invalid", /linked folder/],
    ["a folder", "folder.png", "data-invalid", /is no file/],
    ["half an image", "half.png", "data-invalid", /cannot be decoded/],
    ["a text", "text.png", "data-invalid", /is no PNG, JPEG or WebP/],
    ["an SVG", "image.svg", "data-invalid", /is no PNG, JPEG or WebP/],
    ["an empty file", "empty.png", "data-invalid", /is empty/],
  ] as const)("%s", async (_, path, code, message) => {
    const model = await openModel(writeFolder(imageFolder()), { dataFolder: data, name: "vit" });
    await expect(first(model, ["good.png", "good.png", path])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`^vit: row 3 of those used: .*${message.source}`)),
    });
    await model.dispose();
  });
});

describe("a classifier of sounds", () => {
  const samples = Array.from({ length: 50 }, (_, at) => Math.sin(at / 3) / 2);
  const byHand = (values: readonly number[]) => {
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
    const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length;
    const scaled = values.map((one) => (one - mean) / Math.sqrt(variance + 1e-7));
    const filtered = scaled
      .slice(1)
      .map((one, at) => Math.max(0, wave.filter[0] * (scaled[at] ?? 0) + wave.filter[1] * one + wave.bias));
    const heard = filtered.reduce((sum, one) => sum + one, 0) / filtered.length;
    return softmaxByHand(wave.weights.map((weight, place) => weight * heard + (wave.offsets[place] ?? 0)));
  };

  it("gives what its filter makes of the samples by hand, whatever they are written as", async () => {
    const data = dataFolder({
      "float.wav": writeWav(samples, { rate: 100, format: "float32" }),
      "pcm16.wav": writeWav(samples, { rate: 100 }),
      "pcm24.wav": writeWav(samples, { rate: 100, format: "pcm24" }),
      "pcm8.wav": writeWav(samples, { rate: 100, format: "pcm8" }),
      "stereo.wav": writeWav(
        samples.flatMap((one) => [one + 0.25, one - 0.25]),
        { rate: 100, channels: 2, format: "float32" },
      ),
    });
    const model = await openModel(writeFolder(audioFolder()), { dataFolder: data });
    const said = await first(model, ["float.wav", "pcm16.wav", "pcm24.wav", "pcm8.wav", "stereo.wav"]);
    const expected = byHand(samples)[0] ?? Number.NaN;
    // Digits lost are those of the samples: 8 bits have two.
    for (const [row, digits] of [5, 4, 5, 2, 5].entries()) expect(said[row]).toBeCloseTo(expected, digits);
    expect(model.profile?.per?.en).toBe("a sound of one second");
    await model.dispose();
  });

  const good = writeWav(samples, { rate: 100 });
  const at22 = Uint8Array.from(good);
  at22[20] = 85;
  it.each([
    [
      "of another rate",
      writeWav(samples, { rate: 44_100 }),
      /44100 samples a second, the model takes 100.*ffmpeg .* -ar 100/,
    ],
    ["that is an MP3", Uint8Array.from(Buffer.from("ID3\u0003aaaaaaaaaa", "latin1")), /is MP3; write it as WAV/],
    ["that is cut off", good.subarray(0, 80), /is cut off: 36 of 100 bytes/],
    ["without samples", good.subarray(0, 44), /is cut off|no samples/],
    ["of another code", at22, /format 85 with 16 bits/],
    ["of one sample", writeWav([0.5], { rate: 100 }), /./],
  ] as const)("a file %s is told with its row", async (_, bytes, message) => {
    const model = await openModel(writeFolder(audioFolder()), {
      dataFolder: dataFolder({ "good.wav": good, "bad.wav": bytes }),
      name: "wav2vec2",
    });
    await expect(first(model, ["good.wav", "bad.wav"])).rejects.toMatchObject({
      code: expect.stringMatching(/^(data|model)-invalid$/),
      message: expect.stringMatching(new RegExp(`^wav2vec2: row 2 of those used: .*${message.source}`)),
    });
    await model.dispose();
  });
});
