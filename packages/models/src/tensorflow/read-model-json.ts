import { issueText } from "@assay/schema";
import { z } from "zod";
import { modelError } from "../model-error.ts";
import { elementCount } from "../onnx/proto/tensor.ts";

/** Deeper nesting is no model's; readers of JSON that call themselves would run out of stack. */
const mostDepth = 200;

const quantization = z.object({
  dtype: z.enum(["float16", "uint8", "uint16"]),
  original_dtype: z.string().optional(),
  scale: z.number().optional(),
  min: z.number().optional(),
});

const weight = z.object({
  name: z.string().max(1000),
  shape: z.array(z.int().min(0)).max(12),
  dtype: z.enum(["bool", "complex64", "float32", "int32", "string"]),
  /** `optimizer`: a number of the training, and none of the model. */
  group: z.string().optional(),
  quantization: quantization.optional(),
});

const object = z.record(z.string(), z.unknown());

const file = z.object({
  format: z.string().nullish(),
  generatedBy: z.string().nullish(),
  convertedBy: z.string().nullish(),
  modelTopology: object,
  weightsManifest: z.array(z.object({ paths: z.array(z.string().min(1)).max(100_000), weights: z.array(weight) })),
  signature: object.nullish(),
  userDefinedMetadata: object.nullish(),
  modelInitializer: object.nullish(),
  initializerSignature: object.nullish(),
});

export type WeightSpec = z.infer<typeof weight>;
export type ModelJson = z.infer<typeof file> & { readonly kind: "graph" | "layers" };

/**
 * The `model.json` of a TensorFlow.js model, its outer parts checked.
 * @throws AssayError model-invalid with the place in the file
 */
export function readModelJson(name: string, bytes: Uint8Array): ModelJson {
  const text = new TextDecoder().decode(bytes);
  checkDepth(name, text);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw modelError(name, null, `is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const result = file.safeParse(data);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw modelError(name, issue?.path.join(".") ?? null, issue ? issueText(issue) : "is not as it should be");
  }
  const { modelTopology, weightsManifest, format } = result.data;
  const seen = new Set<string>();
  for (const [index, { name: own, shape }] of weightsManifest.flatMap((group) => group.weights).entries()) {
    const place = `weightsManifest: weight ${index} ${JSON.stringify(own.slice(0, 60))}`;
    if (Number.isNaN(elementCount(shape))) throw modelError(name, place, `has shape [${shape}], more than can be`);
    if (seen.has(own)) throw modelError(name, place, "stands there twice");
    seen.add(own);
  }
  // Files before the key `format` tell themselves by their topology.
  const kind = Array.isArray(modelTopology.node) ? "graph" : "layers";
  if (format && format !== `${kind}-model`) {
    const known = format === "graph-model" || format === "layers-model";
    throw modelError(
      name,
      "format",
      `is ${JSON.stringify(format.slice(0, 40))}${known ? `, and its topology that of a ${kind} model` : "; there are layers-model and graph-model"}`,
    );
  }
  return { ...result.data, kind };
}

function checkDepth(name: string, text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > mostDepth) throw modelError(name, null, `is nested deeper than ${mostDepth}, which no model is`);
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
}
