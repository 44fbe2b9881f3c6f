import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PhiloxStream } from "@assay/compute";
import type { Core, Layers } from "./runtime.ts";
import { onBackend } from "./runtime.ts";

type LayersModel = import("@tensorflow/tfjs-layers").LayersModel;

/** TensorFlow.js as its users have it: the writer of the models that tests read. */
export async function theirs(): Promise<{ core: Core; layers: Layers }> {
  const core = (await import("@tensorflow/tfjs-core")) as Core & { default?: Core };
  const layers = (await import("@tensorflow/tfjs-layers")) as Layers & { default?: Layers };
  await import("@tensorflow/tfjs-backend-cpu");
  return { core: core.default ?? core, layers: layers.default ?? layers };
}

export interface Written {
  readonly topology: unknown;
  readonly weights: readonly { name: string; shape: number[]; dtype: string; values: Float32Array }[];
}

/** A model as TensorFlow.js writes it, its weights drawn by a seed from [−0.7, 0.7). */
export async function written(make: (layers: Layers) => LayersModel, seed = 1): Promise<Written> {
  const { core, layers } = await theirs();
  return onBackend(core, "cpu", async () => {
    const model = make(layers);
    const random = new PhiloxStream(seed, 0);
    const weights = model.weights.map((weight) => {
      const shape = weight.shape.map((dim) => dim ?? 1);
      const positive = /variance/.test(weight.originalName);
      const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
        positive ? 0.5 + random.uniform() : (random.uniform() - 0.5) * 1.4,
      );
      return { name: weight.originalName, shape, dtype: "float32", values };
    });
    const topology = model.toJSON(null, false);
    model.dispose();
    return { topology, weights };
  });
}

export interface PlaceOptions {
  /** Bytes of a shard; all weights in one where it is not given. */
  readonly shardBytes?: number;
  readonly change?: (json: Record<string, unknown>) => void;
}

/** The files of a model: `model.json` and its shards. */
export function filesOf({ topology, weights }: Written, options: PlaceOptions = {}): ReadonlyMap<string, Uint8Array> {
  const bytes = new Uint8Array(weights.reduce((sum, { values }) => sum + values.byteLength, 0));
  let at = 0;
  for (const { values } of weights) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  const { shardBytes = Math.max(1, bytes.length) } = options;
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const paths = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`);
  const json: Record<string, unknown> = {
    format: "layers-model",
    generatedBy: "TensorFlow.js tfjs-layers v4.22.0",
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [{ paths, weights: weights.map(({ values: _, ...spec }) => spec) }],
  };
  options.change?.(json);
  return new Map([
    ["model.json", new TextEncoder().encode(JSON.stringify(json))],
    ...paths.map((path, index): [string, Uint8Array] => [
      path,
      bytes.subarray(index * shardBytes, (index + 1) * shardBytes),
    ]),
  ]);
}

/** Puts files into a folder; the path of model.json. */
export function placed(folder: string, name: string, files: ReadonlyMap<string, Uint8Array>): string {
  const inner = join(folder, name);
  mkdirSync(inner, { recursive: true });
  for (const [file, bytes] of files) writeFileSync(join(inner, file), bytes);
  return join(inner, "model.json");
}
