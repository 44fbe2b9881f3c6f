import { issueText } from "@assay/schema";
import { z } from "zod";
import { modelError } from "../model-error.ts";
import type { Feeds } from "./item-encoder.ts";
import type { LibraryTensor } from "./library.ts";

const side = z.number().int().min(1).max(8192);
const size = z.union([
  side,
  z.looseObject({
    height: side.optional(),
    width: side.optional(),
    shortest_edge: side.optional(),
    longest_edge: side.optional(),
  }),
]);
const numbers = z.union([z.number(), z.array(z.number()).min(1).max(64)]);

/** preprocessor_config.json: what is checked of it; the rest is the library's to read. */
const Preprocessor = z.looseObject({
  image_processor_type: z.string().optional(),
  feature_extractor_type: z.string().optional(),
  size: size.optional(),
  crop_size: size.optional(),
  pad_size: size.optional(),
  image_mean: numbers.optional(),
  image_std: numbers.optional(),
  rescale_factor: z.number().optional(),
  sampling_rate: z.int().min(1).max(1_000_000).optional(),
  max_length: z.int().min(1).max(1_000_000).nullish(),
  n_samples: z.int().min(1).max(100_000_000).nullish(),
  num_mel_bins: z.int().min(1).max(4096).optional(),
  feature_size: z.int().min(1).max(4096).optional(),
  n_fft: z.int().min(1).max(65_536).optional(),
  hop_length: z.int().min(1).max(65_536).optional(),
});
export type Preprocessor = z.infer<typeof Preprocessor>;

/** @throws AssayError model-invalid with the place in the file */
export function readPreprocessor(file: string, json: unknown): Preprocessor {
  const parsed = Preprocessor.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw modelError(
    file,
    ["preprocessor_config.json", ...(issue?.path ?? [])].join(": "),
    issue ? issueText(issue) : "is not as it should be",
  );
}

/** The tensors among what a processor gives, by name. */
export function feedsOf(given: Readonly<Record<string, unknown>>): Feeds {
  const feeds: Record<string, Feeds[string]> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!isTensor(value)) continue;
    feeds[name] = { dims: [...value.dims], values: Float32Array.from(value.data as ArrayLike<number>, Number) };
  }
  return feeds;
}

function isTensor(value: unknown): value is LibraryTensor {
  return typeof value === "object" && value !== null && "dims" in value && "data" in value && Array.isArray(value.dims);
}
