import { AssayError } from "@assay/schema";
import { modelError, shown } from "../model-error.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { audioItems } from "./audio-items.ts";
import { openTextEncoder } from "./encode-text.ts";
import { imageItems } from "./image-items.ts";
import type { ItemEncoder } from "./item-encoder.ts";
import { ItemsRead } from "./items-read.ts";
import type { TransformersLibrary } from "./library.ts";
import type { ModelConfig } from "./read-config.ts";
import type { ModelGraph } from "./read-graph.ts";
import type { ReadItem } from "./read-item.ts";
import { textItems } from "./text-items.ts";

export interface ItemOptions {
  readonly file: string;
  readonly library: TransformersLibrary;
  readonly config: ModelConfig;
  readonly graph: ModelGraph;
  readonly external: ReadExternal;
  /** Null for a task that reads no files of the data. */
  readonly readItem: ReadItem | null;
}

/** What makes the values of a column ready for a graph. @throws AssayError model-invalid, not-found, not-supported */
export function openItems({ file, library, config, graph, external, readItem }: ItemOptions): ItemEncoder {
  checkBatch(file, graph);
  if (config.task === "text-classification") {
    const fixed = fixedTokens(graph);
    const texts = openTextEncoder({ file, library, config, graph: graph.graph, external, fixed });
    return textItems(texts, graph.inputs, fixed);
  }
  if (readItem === null) throw new AssayError("internal", `${file}: nothing reads the files of the data`);
  const items = new ItemsRead(readItem);
  return config.task === "image-classification"
    ? imageItems(file, library, graph, external, items)
    : audioItems(file, library, external, items);
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
