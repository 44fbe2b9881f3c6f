import { crc32, deflateSync } from "node:zlib";
import { writeOnnx } from "../onnx/write/write-onnx.ts";
import type { FolderFiles } from "./folders.testing.ts";

/** Writes a PNG of 8-bit RGB: `pixels` holds red, green and blue of each pixel, row by row. */
export function writePng(width: number, height: number, pixels: readonly number[]): Uint8Array {
  const chunk = (kind: string, content: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(kind, "latin1"), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const lines = Array.from({ length: height }, (_, y) => [0, ...pixels.slice(y * width * 3, (y + 1) * width * 3)]);
  return Buffer.concat([
    Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Uint8Array.from(lines.flat()))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

export interface WavOptions {
  readonly rate: number;
  readonly channels?: number;
  readonly format?: "float32" | "pcm16" | "pcm24" | "pcm8";
}

/** Writes a WAV; `samples` hold one number of each channel, frame by frame, full scale 1. */
export function writeWav(
  samples: readonly number[],
  { rate, channels = 1, format = "pcm16" }: WavOptions,
): Uint8Array<ArrayBuffer> {
  const width = { float32: 4, pcm16: 2, pcm24: 3, pcm8: 1 }[format];
  const bytes = new Uint8Array(44 + samples.length * width);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(Buffer.from(value, "latin1"), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, format === "float32" ? 3 : 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * width * channels, true);
  view.setUint16(32, width * channels, true);
  view.setUint16(34, width * 8, true);
  text(36, "data");
  view.setUint32(40, samples.length * width, true);
  for (const [index, value] of samples.entries()) {
    const at = 44 + index * width;
    if (format === "float32") view.setFloat32(at, value, true);
    else if (format === "pcm8") view.setUint8(at, Math.round(value * 128) + 128);
    else if (format === "pcm16") view.setInt16(at, Math.round(value * 2 ** 15), true);
    else {
      const whole = Math.round(value * 2 ** 23);
      view.setUint16(at, whole & 0xffff, true);
      view.setInt8(at + 2, whole >> 16);
    }
  }
  return bytes;
}

/** Weights of a classifier of images of 8 × 8: patches of 4 × 4 as a vision transformer cuts them, their mean, two classes. */
export const patches = {
  /** 2 filters × 3 channels × 4 × 4. */
  filters: Array.from({ length: 2 * 3 * 16 }, (_, at) => ((at * 7) % 11) / 8 - 0.5),
  bias: [0.25, -0.125],
  weights: [
    [1, -2],
    [-0.5, 1.5],
  ],
  offsets: [0.0625, -0.5],
} as const;

export function imageFolder(changes: FolderFiles = {}): FolderFiles {
  return {
    "config.json": JSON.stringify({
      architectures: ["ViTForImageClassification"],
      model_type: "vit",
      id2label: { 0: "cat", 1: "dog" },
    }),
    "preprocessor_config.json": JSON.stringify({
      image_processor_type: "ViTImageProcessor",
      do_resize: true,
      size: { height: 8, width: 8 },
      resample: 2,
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.25, 0.5],
    }),
    "onnx/model.onnx": writeOnnx({
      producer: "pytorch",
      nodes: [
        {
          operator: "Conv",
          name: "patches",
          inputs: ["pixel_values", "filters", "bias"],
          outputs: ["cut"],
          attributes: { kernel_shape: { ints: [4, 4] }, strides: { ints: [4, 4] } },
        },
        { operator: "Relu", inputs: ["cut"], outputs: ["positive"] },
        { operator: "GlobalAveragePool", inputs: ["positive"], outputs: ["mean"] },
        { operator: "Flatten", inputs: ["mean"], outputs: ["flat"], attributes: { axis: { int: 1 } } },
        {
          operator: "Gemm",
          name: "classifier",
          inputs: ["flat", "weights", "offsets"],
          outputs: ["logits"],
          attributes: { transB: { int: 1 } },
        },
      ],
      initializers: [
        { name: "filters", type: "float", dims: [2, 3, 4, 4], values: [...patches.filters] },
        { name: "bias", type: "float", dims: [2], values: [...patches.bias] },
        { name: "weights", type: "float", dims: [2, 2], values: patches.weights.flat() },
        { name: "offsets", type: "float", dims: [2], values: [...patches.offsets] },
      ],
      inputs: [{ name: "pixel_values", type: "float", dims: ["batch", 3, 8, 8] }],
      outputs: [{ name: "logits", type: "float", dims: ["batch", 2] }],
    }),
    ...changes,
  };
}

/** A classifier of sounds: one filter of two samples, the mean of what it gives above zero, two classes. */
export const wave = { filter: [0.75, -0.5], bias: 0.125, weights: [2, -1], offsets: [-0.25, 0.5] } as const;

export function audioFolder(changes: FolderFiles = {}): FolderFiles {
  return {
    "config.json": JSON.stringify({
      architectures: ["Wav2Vec2ForSequenceClassification"],
      model_type: "wav2vec2",
      id2label: { 0: "calm", 1: "angry" },
    }),
    "preprocessor_config.json": JSON.stringify({
      feature_extractor_type: "Wav2Vec2FeatureExtractor",
      sampling_rate: 100,
      do_normalize: true,
      feature_size: 1,
    }),
    "onnx/model.onnx": writeOnnx({
      producer: "pytorch",
      nodes: [
        { operator: "Unsqueeze", inputs: ["input_values", "one"], outputs: ["channel"] },
        {
          operator: "Conv",
          name: "filter",
          inputs: ["channel", "filters", "bias"],
          outputs: ["filtered"],
          attributes: { kernel_shape: { ints: [2] } },
        },
        { operator: "Relu", inputs: ["filtered"], outputs: ["positive"] },
        { operator: "GlobalAveragePool", inputs: ["positive"], outputs: ["mean"] },
        { operator: "Flatten", inputs: ["mean"], outputs: ["flat"], attributes: { axis: { int: 1 } } },
        {
          operator: "Gemm",
          name: "classifier",
          inputs: ["flat", "weights", "offsets"],
          outputs: ["logits"],
          attributes: { transB: { int: 1 } },
        },
      ],
      initializers: [
        { name: "one", type: "int64", dims: [1], values: [1] },
        { name: "filters", type: "float", dims: [1, 1, 2], values: [...wave.filter] },
        { name: "bias", type: "float", dims: [1], values: [wave.bias] },
        { name: "weights", type: "float", dims: [2, 1], values: [...wave.weights] },
        { name: "offsets", type: "float", dims: [2], values: [...wave.offsets] },
      ],
      inputs: [{ name: "input_values", type: "float", dims: ["batch", "samples"] }],
      outputs: [{ name: "logits", type: "float", dims: ["batch", 2] }],
    }),
    ...changes,
  };
}
