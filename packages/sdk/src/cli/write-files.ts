import { access, constants, mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AssayError } from "@assay/schema/plain";

/**
 * Refuses a folder that cannot take a report before the work begins, without making it.
 * @throws AssayError usage, forbidden
 */
export async function checkFolder(folder: string, shown: string): Promise<void> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const found = await stat(path);
      if (!found.isDirectory()) throw notAFolder(path === folder ? shown : path);
      await access(path, constants.W_OK | constants.X_OK);
      return;
    } catch (cause) {
      if (codeOf(cause) !== "ENOENT" || dirname(path) === path) throw writeError(cause, shown);
    }
  }
}

/**
 * Writes files into a folder so that an interruption leaves none of them half-written: all are written beside it
 * first, then renamed into place.
 * @throws AssayError disk-full, forbidden, usage
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  shown: string,
): Promise<void> {
  let staging: string | null = null;
  try {
    await makeFolder(folder);
    staging = await mkdtemp(join(folder, ".assay-"));
    for (const [name, content] of files) await writeFile(join(staging, name), content);
    for (const name of files.keys()) await rename(join(staging, name), join(folder, name));
  } catch (cause) {
    throw writeError(cause, shown);
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true });
  }
}

/** Writes one new file whole, through a neighbour that is renamed into place; only its owner may read a `secret` one. */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  options: { readonly shown?: string; readonly secret?: boolean } = {},
): Promise<void> {
  const { shown = path, secret = false } = options;
  const beside = join(dirname(path), `.assay-${process.pid}-${Date.now()}`);
  try {
    await makeFolder(dirname(path), secret ? 0o700 : 0o777);
    await writeFile(beside, content, secret ? { mode: 0o600 } : {});
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => {});
    throw writeError(cause, shown);
  }
}

/** Makes a folder and those above it, one by one: Node's own `recursive` never ends under /proc. */
async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw cause;
    await makeFolder(dirname(path), mode);
    await mkdir(path, { mode });
  }
}

function notAFolder(shown: string): AssayError {
  return new AssayError("usage", `${shown} is a file, not a folder; choose another place with --out`);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

function writeError(cause: unknown, shown: string): AssayError {
  if (cause instanceof AssayError) return cause;
  const code = codeOf(cause);
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new AssayError("disk-full", `${shown}: the disk is full; free some space and run again`, { cause });
    case "EEXIST":
    case "ENOTDIR":
      return new AssayError(
        "usage",
        `${shown}: there is a file where a folder is needed; choose another place with --out`,
        {
          cause,
        },
      );
    case "EISDIR":
      return new AssayError("usage", `${shown} is a folder; name a file with --out`, { cause });
    default: {
      const why = code === "" ? String(cause) : code;
      return new AssayError("forbidden", `${shown} cannot be written (${why}); choose another place with --out`, {
        cause,
      });
    }
  }
}
