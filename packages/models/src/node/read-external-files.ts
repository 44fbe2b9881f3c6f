import { createHash } from "node:crypto";
import { closeSync, fstatSync, readSync } from "node:fs";
import type { ModelFile } from "../model.ts";
import { modelError, shown } from "../model-error.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { largestFileBytes } from "../read-limits.ts";
import { openBeside } from "./open-beside.ts";

/**
 * Reads weights that lie in files beside a model, and keeps which files were read, with their digests. A file outside the
 * model's folder is refused: a model must not read what its auditor did not give.
 */
export function readExternalFiles(
  model: string,
  folder: string,
): { read: ReadExternal; files: () => readonly ModelFile[] } {
  const files = new Map<string, ModelFile>();
  let total = 0;
  const read: ReadExternal = (location, offset, length) => {
    const place = `external data ${shown(location)}`;
    const handle = openBeside(folder, location, "the model", (message, code) =>
      modelError(model, place, message, code),
    );
    try {
      const { size } = fstatSync(handle);
      const end = length === null ? size : offset + length;
      if (offset > size || end > size) {
        throw modelError(
          model,
          place,
          `has ${size} bytes, the model reads ${offset} to ${end}; the file is cut off or another's`,
        );
      }
      total += end - offset;
      if (total > largestFileBytes) {
        throw modelError(model, place, `the weights are more than ${largestFileBytes} bytes`, "data-too-large");
      }
      if (!files.has(location))
        files.set(location, { name: location, sizeBytes: size, digest: digestOf(handle, size) });
      const bytes = new Uint8Array(end - offset);
      readFully(handle, bytes, offset);
      return bytes;
    } finally {
      closeSync(handle);
    }
  };
  return { read, files: () => [...files.values()] };
}

function digestOf(handle: number, size: number): ModelFile["digest"] {
  const hash = createHash("sha256");
  const piece = new Uint8Array(Math.min(size, 1 << 22));
  for (let at = 0; at < size; ) {
    const count = readSync(handle, piece, 0, piece.length, at);
    if (count === 0) break;
    hash.update(piece.subarray(0, count));
    at += count;
  }
  return `sha256:${hash.digest("hex")}`;
}

export function readFully(handle: number, bytes: Uint8Array, from: number): void {
  for (let at = 0; at < bytes.length; ) {
    const count = readSync(handle, bytes, at, bytes.length - at, from + at);
    if (count === 0) break;
    at += count;
  }
}
