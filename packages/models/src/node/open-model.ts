import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { AssayError, type Digest } from "@assay/schema";
import type { Model } from "../model.ts";
import { modelError } from "../model-error.ts";
import { type OpenOptions, openModelBytes, tooLarge } from "../open-model.ts";
import { largestFileBytes } from "../read-limits.ts";
import { onnxRuntime } from "./onnx-runtime.ts";
import { readExternalFiles } from "./read-external-files.ts";

export interface OpenNodeOptions extends OpenOptions {
  /** The file's own name, for messages and its format, where the path is only a storage key. */
  readonly name?: string;
  /** The file lies among files that are not its own, as in a storage: weights in other files are refused. Default false. */
  readonly alone?: boolean;
}

/**
 * Opens a model file, or its bytes. Weights in other files are read from the folder of the file.
 * @throws AssayError not-found, model-invalid, not-supported, data-too-large (before it is read)
 */
export async function openModel(file: string | Uint8Array, options: OpenNodeOptions = {}): Promise<Model> {
  if (typeof file !== "string") {
    return openModelBytes(options.name ?? "model", file, { onnxRuntime, external: null }, options, digestOf(file));
  }
  const name = options.name ?? basename(file);
  const bytes = await readWhole(file, name);
  const external = options.alone === true ? null : readExternalFiles(name, dirname(file));
  return openModelBytes(name, bytes, { onnxRuntime, external }, options, digestOf(bytes));
}

function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function readWhole(path: string, name: string): Promise<Uint8Array> {
  const handle = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT")
      throw new AssayError(
        "not-found",
        `${name}: there is no such file; check the path, which is relative to the plan`,
        { cause },
      );
    throw modelError(name, null, `cannot be read (${cause.code})`, "not-found");
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      throw modelError(name, null, stat.isDirectory() ? "is a folder; name the .onnx file in it" : "is no file");
    }
    if (stat.size > largestFileBytes) throw tooLarge(name, stat.size);
    const bytes = new Uint8Array(stat.size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 1 << 28), at);
      if (bytesRead === 0)
        throw modelError(name, null, `grew shorter while it was read: ${at} of ${bytes.length} bytes`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
