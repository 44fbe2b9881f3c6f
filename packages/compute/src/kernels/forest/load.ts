import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import type { Forest } from "../../forest.ts";
import { type PackedForest, packForest } from "./pack.ts";

/** A forest on a device, checked. */
export interface LoadedForest {
  readonly device: Device;
  /** Columns a row has, and values a prediction has. */
  readonly inputs: number;
  readonly outputs: number;
  readonly trees: number;
  /** The most decisions between a root and a leaf. */
  readonly depth: number;
  /** What the kernel's entries read. */
  readonly packed: Omit<PackedForest, "words">;
  readonly model: DeviceBuffer;
  free(): void;
}

/**
 * Checks a forest, lays it out for the device and puts it there. The caller frees it.
 * @throws AssayError model-invalid, with the node, for a child out of range, a node reached on two ways (and so for every
 *   cycle), a column that rows don't have, a threshold that is NaN, a leaf value that is not finite; data-too-large for
 *   more than a buffer of the device holds; device-out-of-memory
 */
export function loadForest(device: Device, forest: Forest): LoadedForest {
  const onCpu = device.name === "cpu";
  const { words, ...packed } = packForest(forest, (tileShift) => (onCpu ? 4 << tileShift : 1));
  if (words.byteLength > device.maxBufferBytes) {
    throw new AssayError(
      "data-too-large",
      `loadForest: the forest is ${words.byteLength} bytes, one buffer on ${device.name} holds ${device.maxBufferBytes}; use fewer or smaller trees`,
    );
  }
  const model = device.allocate(words.byteLength);
  try {
    device.upload(model, words);
  } catch (error) {
    model.free();
    throw error;
  }
  const { inputs, outputs } = forest;
  const { trees, depth } = packed;
  return { device, inputs, outputs, trees, depth, packed, model, free: () => model.free() };
}
