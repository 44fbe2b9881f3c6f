import { AssayError, type LocalizedText } from "@assay/schema";
import { modelError, shown } from "../model-error.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { readJson } from "./encode-text.ts";
import { type Feeds, type ItemEncoder, shapesOf } from "./item-encoder.ts";
import type { ItemsRead } from "./items-read.ts";
import { classOf, type Processor, type TransformersLibrary } from "./library.ts";
import { feedsOf, type Preprocessor, readPreprocessor } from "./preprocessor.ts";
import { readWav } from "./read-wav.ts";

/**
 * Sounds as a graph takes them: of the sampling rate that the model was trained with, made ready as preprocessor_config.json
 * says.
 * @throws AssayError model-invalid, not-found, not-supported
 */
export function audioItems(
  file: string,
  library: TransformersLibrary,
  external: ReadExternal,
  items: ItemsRead,
): ItemEncoder {
  const place = "preprocessor_config.json";
  const config = readPreprocessor(file, readJson(file, place, external));
  const { feature_extractor_type: name, sampling_rate: rate } = config;
  if (name === undefined) {
    throw modelError(file, place, "names no feature_extractor_type, which tells how sounds are made ready");
  }
  if (rate === undefined) throw modelError(file, place, "names no sampling_rate");
  const Known = classOf<Processor<Float32Array>>(library, name, library.FeatureExtractor);
  if (Known === null) {
    throw modelError(
      file,
      place,
      `feature_extractor_type ${shown(name)} is not known to Transformers.js`,
      "not-supported",
    );
  }
  let extractor: Processor<Float32Array>;
  try {
    extractor = new Known(config);
  } catch (cause) {
    throw modelError(file, place, `the feature extractor fails: ${messageOf(cause)}`);
  }
  const most = mostSamples(config);
  const cut = new Set<string>();
  const process = async (samples: Float32Array): Promise<Feeds> => {
    try {
      return feedsOf(await extractor(samples));
    } catch (cause) {
      throw modelError(file, place, `the feature extractor fails: ${messageOf(cause)}`);
    }
  };
  const silence = () => process(new Float32Array(rate));
  return {
    encode: async (path) => {
      const { samplingRate, samples } = readWav(shown(path), items.read(path));
      if (samplingRate !== rate) {
        throw new AssayError(
          "data-invalid",
          `${shown(path)} has ${samplingRate} samples a second, the model takes ${rate}; resample it: ffmpeg -i <file> -ar ${rate} <new file>`,
        );
      }
      if (samples.length > most) cut.add(path);
      return process(samples);
    },
    probe: silence,
    profiled: async () => ({
      shapes: shapesOf(await silence()),
      per: { en: "a sound of one second", "zh-CN": "一段 1 秒的声音" },
    }),
    notes: () => [...items.notes(), ...cutNotes(cut.size, most / rate)],
  };
}

function cutNotes(count: number, seconds: number): readonly LocalizedText[] {
  if (count === 0) return [];
  const told = seconds.toFixed(2);
  return [
    {
      en: `${count} ${count === 1 ? "sound is" : "sounds are"} longer than the ${told} seconds that the model hears; what lies beyond was left out.`,
      "zh-CN": `有 ${count} 段声音超出模型可听的 ${told} 秒，超出部分未读入。`,
    },
  ];
}

/** Samples that an extractor reads at most; it leaves out what lies beyond without a word. */
function mostSamples({ feature_extractor_type: name, max_length, n_samples }: Preprocessor): number {
  // Frames of 400 samples, each 160 after the last.
  if (name === "ASTFeatureExtractor" && max_length) return (max_length - 1) * 160 + 400;
  if (name === "WhisperFeatureExtractor" && n_samples) return n_samples;
  return Number.POSITIVE_INFINITY;
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ").trim().slice(0, 200);
}
