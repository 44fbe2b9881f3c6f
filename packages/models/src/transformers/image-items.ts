import { AssayError } from "@assay/schema";
import { modelError, shown } from "../model-error.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { readJson } from "./encode-text.ts";
import { type Feeds, type ItemEncoder, shapesOf } from "./item-encoder.ts";
import type { ItemsRead } from "./items-read.ts";
import { classOf, type Processor, type TransformersLibrary } from "./library.ts";
import { feedsOf, readPreprocessor } from "./preprocessor.ts";
import type { ModelGraph } from "./read-graph.ts";

type RawImage = InstanceType<TransformersLibrary["RawImage"]>;

/** Width and height of the plain image that a graph is tried with, where it leaves them open. */
const plainSize = 224;

/**
 * Images as a graph takes them: decoded, resized, rescaled and normalised as preprocessor_config.json says.
 * @throws AssayError model-invalid, not-found, not-supported
 */
export function imageItems(
  file: string,
  library: TransformersLibrary,
  { inputs }: ModelGraph,
  external: ReadExternal,
  items: ItemsRead,
): ItemEncoder {
  const config = readPreprocessor(file, readJson(file, "preprocessor_config.json", external));
  const name = config.image_processor_type ?? config.feature_extractor_type;
  if (name === undefined) {
    throw modelError(
      file,
      "preprocessor_config.json",
      "names no image_processor_type, which tells how images are made ready",
    );
  }
  const Known = classOf<Processor<RawImage>>(library, name.replace(/Fast$/, ""), library.ImageProcessor);
  if (Known === null) {
    throw modelError(
      file,
      "preprocessor_config.json",
      `image_processor_type ${shown(name)} is not known to Transformers.js`,
      "not-supported",
    );
  }
  const processor = new Known(config);
  const process = async (image: RawImage): Promise<Feeds> => {
    try {
      return feedsOf(await processor(image));
    } catch (cause) {
      throw modelError(file, "preprocessor_config.json", `the image processor fails: ${messageOf(cause)}`);
    }
  };
  const plain = () => {
    const dims = inputs[0]?.value.type.kind === "tensor" ? (inputs[0].value.type.dims ?? []) : [];
    const [height, width] = dims.slice(-2).map((dim) => (typeof dim === "number" ? dim : plainSize));
    const [h, w] = [height ?? plainSize, width ?? plainSize];
    return process(new library.RawImage(new Uint8ClampedArray(h * w * 3).fill(128), w, h, 3));
  };
  return {
    encode: async (path) => {
      const bytes = items.read(path);
      return process(await decode(library, path, bytes));
    },
    probe: plain,
    profiled: async () => {
      const feeds = await plain();
      const [height, width] = (feeds.pixel_values?.dims ?? []).slice(-2);
      return {
        shapes: shapesOf(feeds),
        per: { en: `an image of ${width} × ${height} pixels`, "zh-CN": `一幅 ${width} × ${height} 像素的图像` },
      };
    },
    notes: () => items.notes(),
  };
}

async function decode(library: TransformersLibrary, path: string, bytes: Uint8Array): Promise<RawImage> {
  if (!isImage(bytes)) throw new AssayError("data-invalid", `${shown(path)} is no PNG, JPEG or WebP image`);
  try {
    return await library.RawImage.fromBlob(new Blob([Uint8Array.from(bytes)]));
  } catch (cause) {
    throw new AssayError("data-invalid", `${shown(path)} cannot be decoded: ${messageOf(cause)}`, { cause });
  }
}

/** Other formats that decoders know may lead to other files (SVG) or to endless work. */
function isImage(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  return (
    head.startsWith("\u0089PNG\r\n\u001a\n") ||
    head.startsWith("\u00ff\u00d8\u00ff") ||
    (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP")
  );
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ").trim().slice(0, 200);
}
