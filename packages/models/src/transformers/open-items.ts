import { modelError, shown } from "../model-error.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { openTextEncoder } from "./encode-text.ts";
import type { ItemEncoder } from "./item-encoder.ts";
import type { TransformersLibrary } from "./library.ts";
import type { ModelConfig } from "./read-config.ts";
import type { ModelGraph } from "./read-graph.ts";
import { textItems } from "./text-items.ts";

/** Reads a file that the data name, by its path from them. */
export type ReadItem = (path: string) => Uint8Array;

export interface ItemOptions {
  readonly file: string;
  readonly library: TransformersLibrary;
  readonly config: ModelConfig;
  readonly graph: ModelGraph;
  readonly external: ReadExternal;
  readonly readItem: ReadItem | null;
}

/** @throws AssayError model-invalid, not-found, not-supported */
export function openItems(options: ItemOptions): ItemEncoder {
  const { file, library, config, graph, external } = options;
  checkBatch(file, graph);
  const fixed = fixedTokens(graph);
  const texts = openTextEncoder({ file, library, config, graph: graph.graph, external, fixed });
  return textItems(texts, graph.inputs, fixed);
}

/** Rows are given alone. */
function checkBatch(file: string, { path, inputs }: ModelGraph): void {
  for (const { name, value } of inputs) {
    const first = value.type.kind === "tensor" ? value.type.dims?.[0] : undefined;
    if (typeof first !== "number" || first === 1) continue;
    throw modelError(
      `${file}, ${path}`,
      `input ${shown(name)}`,
      `takes ${first} rows at once; export the graph with one row, or any number`,
      "not-supported",
    );
  }
}

function fixedTokens({ inputs }: ModelGraph): number | null {
  for (const { value } of inputs) {
    const second = value.type.kind === "tensor" ? value.type.dims?.[1] : undefined;
    if (typeof second === "number" && second >= 1) return second;
  }
  return null;
}
