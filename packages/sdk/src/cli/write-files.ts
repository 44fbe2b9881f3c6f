import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AssayError } from "@assay/schema";

/**
 * Writes files into a folder so that an interruption leaves none of them half-written: all are written beside it
 * first, then renamed into place.
 * @throws AssayError disk-full, forbidden
 */
export async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
  let staging: string | null = null;
  try {
    await mkdir(folder, { recursive: true });
    staging = await mkdtemp(join(folder, ".assay-"));
    for (const [name, content] of files) await writeFile(join(staging, name), content);
    for (const name of files.keys()) await rename(join(staging, name), join(folder, name));
  } catch (cause) {
    throw writeError(cause, folder);
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true });
  }
}

/** Writes one new file whole, through a neighbour that is renamed into place. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const beside = join(dirname(path), `.assay-${process.pid}-${Date.now()}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw writeError(cause, path);
  }
}

function writeError(cause: unknown, path: string): AssayError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOSPC")
    return new AssayError("disk-full", `${path}: the disk is full; free some space and run again`, { cause });
  if (code === "EACCES" || code === "EROFS" || code === "EPERM") {
    return new AssayError("forbidden", `${path} cannot be written (${code}); choose another place with --out`, {
      cause,
    });
  }
  if (code === "EEXIST" || code === "ENOTDIR") {
    return new AssayError("usage", `${path} is not a folder; choose another place with --out`, { cause });
  }
  return new AssayError("internal", `${path} cannot be written: ${String(cause)}`, { cause });
}
