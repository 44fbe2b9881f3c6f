import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AssayError, type Digest } from "@assay/schema";
import type { Model } from "../model.ts";
import { modelError } from "../model-error.ts";
import { type OpenOptions, openModelBytes, tooLarge } from "../open-model.ts";
import { largestFileBytes } from "../read-limits.ts";
import { onnxRuntime } from "./onnx-runtime.ts";
import { readExternalFiles } from "./read-external-files.ts";
import { readItemIn } from "./read-item.ts";
import { tensorFlow } from "./tensorflow.ts";
import { transformers } from "./transformers.ts";

export interface OpenNodeOptions extends OpenOptions {
  /** The file's own name, for messages and its format, where the path is only a storage key. */
  readonly name?: string;
  /** The file lies among files that are not its own, as in a storage: weights in other files are refused. Default false. */
  readonly alone?: boolean;
  /** The folder of the data, from which they name images and sounds; without it such models are refused. */
  readonly dataFolder?: string;
}

/**
 * Opens a model file, the folder of a Hugging Face or TensorFlow.js model, or a file's bytes. Weights in other files are read
 * from the folder of the file.
 * @throws AssayError not-found, model-invalid, not-supported, data-too-large (before it is read)
 */
export async function openModel(file: string | Uint8Array, options: OpenNodeOptions = {}): Promise<Model> {
  const readItem = options.dataFolder === undefined ? null : readItemIn(options.dataFolder);
  const host = { onnxRuntime, transformers, tensorflow: tensorFlow(), readItem };
  if (typeof file !== "string") {
    return openModelBytes(options.name ?? "model", file, { ...host, external: null }, options, digestOf(file));
  }
  const given = options.name ?? basename(file);
  const path = await mainFile(file, given);
  // A file is called by its own name wherever its model is opened: here, or where it was sent.
  const name = path === file ? given : `${given}/${basename(path)}`;
  const bytes = await readWhole(path, name);
  const external = options.alone === true ? null : readExternalFiles(name, dirname(path));
  return openModelBytes(name, bytes, { ...host, external }, options, digestOf(bytes));
}

/** Files that say what the model of a folder is: of Hugging Face, and of TensorFlow.js. */
const mainFiles = ["config.json", "model.json"] as const;

async function mainFile(path: string, name: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return path;
  for (const main of mainFiles) {
    const file = join(path, main);
    const found = await stat(file).then(
      (one) => one.isFile(),
      () => false,
    );
    if (found) return file;
  }
  throw modelError(
    name,
    null,
    "is a folder without config.json (Hugging Face) or model.json (TensorFlow.js); name the .onnx file in it",
  );
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
    const found = await handle.stat();
    if (!found.isFile()) throw modelError(name, null, "is no file");
    if (found.size > largestFileBytes) throw tooLarge(name, found.size);
    const bytes = new Uint8Array(found.size);
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
