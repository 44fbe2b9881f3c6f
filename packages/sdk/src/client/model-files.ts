import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Model } from "@assay/models";
import { AssayError, besideNames, isAssayError } from "@assay/schema";

export interface LocalFile {
  readonly path: string;
  /** Of the model's own file its base name; of one beside it its path from there, parts joined by `/`. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** The files that a model is read from. */
export interface ModelFiles {
  readonly main: LocalFile;
  /** Sorted by name. */
  readonly beside: readonly LocalFile[];
  readonly sizeBytes: number;
}

/**
 * Finds the files of a model: those that opening it reads, unless `beside` names them. `file` may be a folder that opens as a
 * model.
 * @throws AssayError usage for a name that cannot stand; not-found, model-invalid, not-supported, data-too-large
 */
export async function findModelFiles(
  file: string,
  options: { readonly beside?: readonly string[]; readonly shown?: string } = {},
): Promise<ModelFiles> {
  const { beside, shown = file } = options;
  const path = resolve(file);
  if (beside !== undefined) return measured(path, besideNames(basename(path), beside));
  const model = await open(path, shown);
  try {
    const main = await ownFile(path, model);
    return await measured(
      main,
      besideNames(
        basename(main),
        model.externalFiles.map(({ name }) => name),
      ),
    );
  } finally {
    await model.dispose();
  }
}

/** A file may leave open how many columns it takes, which is no fault of it. */
async function open(path: string, name: string): Promise<Model> {
  const { openModel } = await import("@assay/models/node");
  try {
    return await openModel(path, { name });
  } catch (error) {
    if (!isAssayError(error) || error.code !== "model-invalid") throw error;
    return openModel(path, { name, columns: 1 }).catch(() => {
      throw error;
    });
  }
}

/** The model's own file: of a folder the one in it whose bytes the model was opened by. */
async function ownFile(path: string, model: Model): Promise<string> {
  if (!(await stat(path)).isDirectory()) return path;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const own = join(path, entry.name);
    if (entry.isFile() && (await stat(own)).size === model.sizeBytes && (await digestOf(own)) === model.digest)
      return own;
  }
  throw new AssayError("conflict", `${path} changed while it was read; push it again`);
}

async function measured(path: string, names: readonly string[]): Promise<ModelFiles> {
  const main = { path, name: basename(path), sizeBytes: await sizeOf(path) };
  const beside = await Promise.all(
    names.map(async (name) => {
      const one = join(dirname(path), ...name.split("/"));
      return { path: one, name, sizeBytes: await sizeOf(one) };
    }),
  );
  return { main, beside, sizeBytes: beside.reduce((sum, one) => sum + one.sizeBytes, main.sizeBytes) };
}

/** Bytes of a file; 0 where it is not there, which its own sending tells. */
export function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest("hex")}`;
}
